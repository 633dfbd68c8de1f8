import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CallerItems } from '#talkpath/providers/openai-realtime/caller-items.js';

test('what the service commits belongs to the turn that is asked for next', () => {
  const items = new CallerItems();
  assert.not(items.committed('a'));
  assert.equal(items.turnAsked(4), []);
  assert.equal(items.transcribed('a', ' tea '), [{ turn: 4, text: 'tea' }]);
});

test('words that are recognised before their turn is asked for wait for it', () => {
  const items = new CallerItems();
  items.committed('a');
  items.committed('b');
  assert.equal(items.transcribed('b', 'second'), []);
  assert.equal(items.transcribed('a', 'first'), []);
  assert.equal(items.turnAsked(2), [
    { turn: 2, text: 'first' },
    { turn: 2, text: 'second' },
  ]);
  assert.equal(items.turnAsked(3), []);
});

test('what we commit belongs to the turn that we committed it for', () => {
  const items = new CallerItems();
  items.expect(1);
  items.expect(2);
  assert.ok(items.committed('a'));
  items.turnAsked(3);
  assert.ok(items.committed('b'));
  assert.not(items.committed('c'));
  assert.equal(items.transcribed('b', 'two'), [{ turn: 2, text: 'two' }]);
  assert.equal(items.transcribed('a', 'one'), [{ turn: 1, text: 'one' }]);
});

test('a commit that failed is not waited for', () => {
  const items = new CallerItems();
  items.expect(1);
  items.commitFailed();
  assert.not(items.committed('a'));
});

test('words of a turn that is over belong to the next one, committed or not', () => {
  const items = new CallerItems();
  items.committed('a');
  items.turnAsked(1);
  items.expect(1);
  items.turnOver(1);
  items.committed('b');
  assert.equal(items.transcribed('a', 'one'), []);
  assert.equal(items.turnAsked(2), [{ turn: 2, text: 'one' }]);
  assert.equal(items.transcribed('b', 'two'), [{ turn: 2, text: 'two' }]);
});

test('nothing is told of what nobody said, cannot be recognised, or is not known', () => {
  const items = new CallerItems();
  items.committed('a');
  items.committed('b');
  items.turnAsked(1);
  assert.equal(items.transcribed('a', '  '), []);
  items.notTranscribed('b');
  assert.equal(items.transcribed('b', 'late'), []);
  assert.equal(items.transcribed('c', 'unknown'), []);
});

test('of items that nobody made, only the last are kept', () => {
  const items = new CallerItems();
  for (let i = 0; i < 100; i += 1) items.committed(`item ${i}`);
  items.turnAsked(1);
  assert.equal(items.transcribed('item 0', 'forgotten'), []);
  assert.equal(items.transcribed('item 99', 'kept'), [{ turn: 1, text: 'kept' }]);
});

test.run();
