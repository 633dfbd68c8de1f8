import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SpokenWords } from '#talkpath/providers/openai-realtime/spoken-words.js';
import { processorMs } from '../../../support/processor-time.js';

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

test('what has no end is told in parts, between two words if there are any', () => {
  const words = piecesOf(...Array.from({ length: 1000 }, () => 'on '));
  assert.ok(words.length > 4);
  assert.equal(words.join(' '), 'on '.repeat(1000).trim());
  assert.ok(words.every((text) => text.length <= 603));
  const emoji = piecesOf(...'🎉'.repeat(700).split(''));
  assert.ok(emoji.length > 1);
  assert.ok(emoji.every((text) => !/\p{Cs}/u.test(text)));
});

for (const unit of ['.', '. ', 'abcd', 'a ', ' ', '…', '!"', '."', 'a."', '。', '。」', ':;', '3.']) {
  test(`100,000 characters of ${JSON.stringify(unit)} are no load, at once or with audio between them`, async () => {
    const count = 100_000 / unit.length;
    const tookMs = await processorMs(() => {
      piecesOf(unit.repeat(count), '|', 'x');
      const words = new SpokenWords();
      for (let i = 0; i < count; i += 1) {
        words.add(unit);
        words.beforeAudio();
      }
      words.end();
    });
    assert.ok(tookMs < 2000, `${tookMs} ms`);
  });
}

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
