import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HeardWords, type Result } from '#talkpath/providers/cascade/stt/heard-words.js';

/** One word every 200 ms, from the beginning of the result. */
function result(text: string, fromMs: number, toMs: number, more: Partial<Result> = {}): Result {
  const words = text.split(' ').filter(Boolean);
  const timed = words.map((word, i) => ({ text: word, fromMs: fromMs + 200 * i, toMs: fromMs + 200 * (i + 1) }));
  return { text, fromMs, toMs, words: timed, isFinal: true, quietMs: 0, ...more };
}

const guess = (text: string, fromMs: number, toMs: number): Result => result(text, fromMs, toMs, { isFinal: false });

test('silence is settled from the beginning', () => {
  const words = new HeardWords();
  words.sent(5000, false);
  assert.ok(words.isSettled(words.openUntilMs));
  assert.is(words.takeFinal(), '');
});

test('speech is open until a final result reaches its end', () => {
  const words = new HeardWords();
  words.sent(500, false);
  words.sent(1000, true);
  words.sent(400, false);
  const untilMs = words.openUntilMs;
  assert.is(untilMs, 1500);
  assert.not.ok(words.isSettled(untilMs));
  words.hear(result('one', 0, 1000));
  assert.not.ok(words.isSettled(untilMs));
  words.hear(result('two', 1000, 1900));
  assert.ok(words.isSettled(untilMs));
  assert.is(words.takeFinal(), 'one two');
  assert.is(words.takeFinal(), '');
});

test('where the recogniser is sure that nothing follows, the hang-over of our detector is not waited for', () => {
  const words = new HeardWords();
  words.sent(1200, true);
  words.hear(result('one', 0, 1050));
  assert.not.ok(words.isSettled(1200));
  words.hear(result('', 1050, 1060, { quietMs: 250 }));
  assert.ok(words.isSettled(1200));
  assert.not.ok(words.isSettled(1500), 'what is said later is still open');
});

test('a guess is open although our detector heard nothing', () => {
  const words = new HeardWords();
  words.sent(2000, false);
  words.hear(guess('whispered', 0, 2000));
  assert.not.ok(words.isSettled(words.openUntilMs));
  assert.is(words.soFar, 'whispered');
  words.hear(guess('', 0, 2000));
  assert.ok(words.isSettled(words.openUntilMs), 'it was a mistake');
});

test('the words of a guess that was given away are not given again, whatever they turn out to be', () => {
  const words = new HeardWords();
  words.sent(1000, true);
  words.hear(guess('one two too', 0, 1000));
  assert.is(words.takeGuess(), 'one two too');
  assert.ok(words.isSettled(words.openUntilMs), 'nothing of it is waited for');
  words.hear(guess('one two three four', 0, 1000));
  assert.is(words.soFar, 'four');
  words.hear(result('one two three four', 0, 1200));
  assert.is(words.takeFinal(), 'four');
  words.hear(result('five', 1200, 1400));
  assert.is(words.takeFinal(), 'five');
});

test('final words go before the guess', () => {
  const words = new HeardWords();
  words.sent(1000, true);
  words.hear(result('one', 0, 500));
  words.hear(guess('two', 500, 1000));
  assert.is(words.soFar, 'one two');
  assert.is(words.takeGuess(), 'one two');
  assert.is(words.soFar, '');
});

test('a service is said to be silent only when it has said nothing since the caller began', () => {
  const words = new HeardWords();
  assert.not.ok(words.isUnanswered, 'nobody spoke');
  words.sent(500, false);
  words.told();
  words.sent(1000, true);
  assert.ok(words.isUnanswered);
  words.told();
  words.sent(1000, true);
  assert.not.ok(words.isUnanswered, 'it heard no word, which may be right');
  words.sent(500, false);
  words.sent(1000, true);
  assert.ok(words.isUnanswered, 'in the next speech it is asked anew');
  words.hear(guess('one', 3000, 3500));
  assert.not.ok(words.isUnanswered);
});

test.run();
