import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { speechParts } from '#talkpath/providers/cascade/tts/speech-pieces.js';

const textsOf = (text: string, limits: readonly number[]): string[] => speechParts(text, limits).map((part) => part.text);

test('a short text is one part, ended as a sentence', () => {
  assert.equal(speechParts('Thank you for calling', [40]), [{ text: 'Thank you for calling.', pauseMs: 200 }]);
  assert.equal(textsOf('Is that right?', [4]), ['Is that right?']);
});

test('the first part is short, so that the voice begins early', () => {
  assert.equal(textsOf('Sure, I can book a table for you tomorrow.', [4, 7, 12]), ['Sure,', 'I can book a table,', 'for you tomorrow.']);
});

test('a text is cut before a word that opens a phrase, and the voice does not fall there', () => {
  const [first, second] = speechParts('Our billing department is open from nine in the morning', [4, 12]);
  assert.equal(first, { text: 'Our billing department,', pauseMs: 0 });
  assert.is(second?.text, 'is open from nine in the morning.');
});

test('the end of a sentence is a better place than a comma, and both are better than none', () => {
  assert.equal(textsOf('Good morning. Yes, of course I can do that', [6, 20]), ['Good morning.', 'Yes, of course I can do that.']);
  assert.equal(textsOf('one two three four five six seven', [3]), ['one two three,', 'four five six,', 'seven.']);
});

test('no word is lost, and no part is longer than its limit', () => {
  const text = 'We are open from Monday to Friday, and on Saturday until noon; on Sunday, as you may know, nobody is here at all.';
  const limits = [4, 7, 12];
  const parts = textsOf(text, limits);
  assert.is(parts.join(' ').replace(/[,.;]/g, ''), text.replace(/[,.;]/g, ''));
  parts.forEach((part, i) => assert.ok(part.split(' ').length <= (limits[i] ?? 12), part));
});

test('signs without a word are nothing to say', () => {
  assert.equal(speechParts('', [40]), []);
  assert.equal(speechParts('... !', [40]), []);
});

test.run();
