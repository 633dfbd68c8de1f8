import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HeardTurns, type Turn } from '#talkpath/providers/cascade/stt/deepgram-flux/heard-turns.js';

const turn = (index: number, text: string): Turn => ({ index, text, words: text.split(' ') });

test('a turn that is over is given once, and turns are joined', () => {
  const turns = new HeardTurns();
  assert.not.ok(turns.hasEnded);
  turns.hear(turn(0, 'one'));
  assert.is(turns.unfinished, 'one');
  assert.ok(turns.end(turn(0, 'one two')));
  assert.is(turns.unfinished, '');
  assert.ok(turns.end(turn(1, 'three')));
  assert.is(turns.takeEnded(), 'one two three');
  assert.is(turns.takeEnded(), '');
});

test('of a turn that was taken before its end only what came after is left', () => {
  const turns = new HeardTurns();
  turns.end(turn(0, 'before'));
  turns.hear(turn(1, 'one two'));
  assert.is(turns.takeAll(), 'before one two');
  assert.is(turns.unfinished, '');
  turns.hear(turn(1, 'one too three'));
  assert.is(turns.unfinished, 'three');
  assert.ok(turns.end(turn(1, 'one too three four')));
  assert.is(turns.takeEnded(), 'three four');
  turns.end(turn(2, 'five six'));
  assert.is(turns.takeEnded(), 'five six', 'the next turn is whole');
});

test('a turn without anything new is told to be none', () => {
  const turns = new HeardTurns();
  turns.hear(turn(0, 'one two'));
  turns.takeAll();
  assert.not.ok(turns.end(turn(0, 'one two')));
  assert.not.ok(turns.hasEnded);
});

test('a turn of another number is another, though the end of the last was never told', () => {
  const turns = new HeardTurns();
  turns.hear(turn(0, 'one two'));
  turns.takeAll();
  turns.hear(turn(1, 'three'));
  assert.is(turns.unfinished, 'three');
});

test.run();
