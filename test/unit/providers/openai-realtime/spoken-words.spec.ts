import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SpokenWords } from '#talkpath/providers/openai-realtime/spoken-words.js';

/** Pieces of a text that comes in these deltas; "|" is where audio comes. */
function piecesOf(...deltas: readonly string[]): string[] {
  const words = new SpokenWords();
  return [...deltas.flatMap((delta) => (delta === '|' ? words.beforeAudio() : words.add(delta))), ...words.end()];
}

test('a piece ends with its clause', () => {
  assert.equal(piecesOf('Good', ' morning', ', this', ' is Ann', '. How', ' are you', '?'), ['Good morning,', 'this is Ann.', 'How are you?']);
});

test('several clauses at once are several pieces', () => {
  assert.equal(piecesOf('Yes. No! "Perhaps?" he asked; then'), ['Yes.', 'No!', '"Perhaps?"', 'he asked;', 'then']);
});

test('points and commas within numbers end nothing', () => {
  assert.equal(piecesOf('It costs 3', '.', '|', '5', ' or 1,000 francs.'), ['It costs', '3.5 or 1,000 francs.']);
});

test('audio waits for no clause: the whole words before it are told', () => {
  assert.equal(piecesOf('Good', ' morn', '|', 'ing my', '|', ' friend'), ['Good', 'morning', 'my friend']);
});

test('a clause is told whole before its audio, without the space that follows', () => {
  const words = new SpokenWords();
  words.add('How are you?');
  assert.equal(words.beforeAudio(), ['How are you?']);
  assert.equal(words.beforeAudio(), []);
});

test('a word is never cut in two', () => {
  assert.equal(piecesOf('|', 'un', '|', 'der', '|', 'stand', '|'), ['understand']);
});

test('languages without spaces have clauses too', () => {
  assert.equal(piecesOf('早上好，', '我是安。你好'), ['早上好，', '我是安。', '你好']);
});

test('text that comes only as a whole is told at the end, and never twice', () => {
  const whole = new SpokenWords();
  assert.equal(whole.end('Good morning.'), ['Good morning.']);
  assert.equal(whole.end('Good morning.'), []);
  const inPieces = new SpokenWords();
  inPieces.add('Good morning.');
  assert.equal(inPieces.end('Good morning.'), ['Good morning.']);
  assert.equal(inPieces.end(), []);
});

test.run();
