import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sentencesOf } from '#talkpath/providers/cascade/llm/scripted/sentences.js';
import { phoneNumberIn } from '#talkpath/providers/cascade/llm/scripted/slots/phone-number.js';
import { spokenNumber, spokenText } from '#talkpath/providers/cascade/llm/scripted/speech-forms.js';

const numbers: readonly (readonly [string, string])[] = [
  ['5551234', 'five five five, one two three four'],
  ['12345678', 'one two three four, five six seven eight'],
  ['2125551234', 'two one two, five five five, one two three four'],
  ['18005550199', 'one, eight zero zero, five five five, zero one nine nine'],
  ['02079460018', 'zero two zero, seven nine four six, zero zero one eight'],
  ['+442079460018', 'plus four four two, zero seven nine, four six zero, zero one eight'],
  ['12', 'one two'],
];

for (const [value, spoken] of numbers) {
  test(`${value} is read as "${spoken}"`, () => {
    assert.is(spokenNumber(value), spoken);
  });
}

test('a number that is read back and heard again is the same number', () => {
  for (let value = 1_000_003, round = 0; round < 200; round += 1, value = (value * 7 + 13) % 99_999_999_999) {
    assert.is(phoneNumberIn(spokenNumber(String(value)))?.value, String(value));
  }
});

const texts: readonly (readonly [string, string])[] = [
  ['at 3:30pm', 'at three thirty pm'],
  ['12:05', 'twelve oh five'],
  ['at 9:00', 'at nine'],
  ['the 21st of May', 'the twenty first of May'],
  ['the 3rd and the 12th', 'the third and the twelfth'],
  ['10 minutes', 'ten minutes'],
  ['$1,500', 'one thousand five hundred dollars'],
  ['room 215', 'room two hundred fifteen'],
  ['call 555-1234', 'call five five five, one two three four'],
  ['007', 'zero zero seven'],
  ['3.5', 'three point five'],
  ['flat 4b', 'flat four b'],
  ['nothing to change', 'nothing to change'],
];

for (const [text, spoken] of texts) {
  test(`"${text}" is read as "${spoken}"`, () => {
    assert.is(spokenText(text), spoken);
  });
}

test('no digit is left for the voice to read', () => {
  for (let value = 0; value < 3000; value += 7) assert.not.match(spokenText(`a${value}b ${value}:${value} ${value}th $${value}.${value}`), /\d/);
});

test('a text is cut into sentences at its stops, but not at titles and initials', () => {
  assert.equal(sentencesOf('Thank you. Is that right? Yes!'), ['Thank you.', 'Is that right?', 'Yes!']);
  assert.equal(sentencesOf('This is Mr. Smith of J. Miller and Sons. Hello.'), ['This is Mr. Smith of J. Miller and Sons.', 'Hello.']);
  assert.equal(sentencesOf('No stop'), ['No stop']);
  assert.equal(sentencesOf(' ... '), []);
  assert.equal(sentencesOf(''), []);
});

test.run();
