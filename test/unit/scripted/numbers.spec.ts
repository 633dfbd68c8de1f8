import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { phoneNumberIn } from '#talkpath/providers/cascade/llm/scripted/slots/phone-number.js';

/** [words of the caller, the number in them] */
const spoken: readonly (readonly [string, string])[] = [
  ['five five five one two three four', '5551234'],
  ['Five, five, five, one, two, three, four.', '5551234'],
  ['555-1234', '5551234'],
  ['555 1234', '5551234'],
  ['My number is 555 1234.', '5551234'],
  ['5 5 5 1 2 3 4', '5551234'],
  ['5,551,234', '5551234'],
  ['555.1234', '5551234'],
  ['(212) 555-1234', '2125551234'],
  ['Area code two one two, number 555 1234', '2125551234'],
  ['oh two oh, seven nine four six, double oh one eight', '02079460018'],
  ['zero two zero seven nine four six zero zero one eight', '02079460018'],
  ['0 to 0, 7, 9, 4, 6, 0, 0, 1 8.', '02079460018'],
  ['Five, five, five, or one nine nine.', '5550199'],
  ['five five five oh one nine nine', '5550199'],
  ['555o199', '5550199'],
  ['triple five, one two three four', '5551234'],
  ['treble five one two three four', '5551234'],
  ['Six or seven double to nine one.', '6072291'],
  ['double 5, 5, 1, 2, 3, 4', '5551234'],
  ['five hundred fifty five one two three four', '5551234'],
  ['five hundred and fifty five, twelve thirty four', '5551234'],
  ['five fifty five twelve thirty four', '5551234'],
  ['fifty five five twelve thirty four', '5551234'],
  ['eight hundred five five five oh one nine nine', '8005550199'],
  ['one eight hundred, five five five, zero one nine nine', '18005550199'],
  ['five five five two thousand', '5552000'],
  ['five five five nineteen hundred', '5551900'],
  ['five five five one thousand two hundred', '5551200'],
  ['plus one, five five five, one two three, four five six seven', '+15551234567'],
  ['plus 44 20 7946 0018', '+442079460018'],
  ['+1 (555) 123-4567', '+15551234567'],
  ['five five five won to three for', '5551234'],
  ['five five five, one, um, two three four', '5551234'],
  ["Sure, it's five five five dash one two three four, thank you", '5551234'],
  ["Five, five, five, it's one, two, three, four.", '5551234'],
  ['555 1234 and please call after 5', '5551234'],
  ['5551234, no sorry, 5551235', '5551235'],
  ['twenty one twenty two twenty three ten', '21222310'],
  ['niner niner five one two three four', '9951234'],
];

for (const [words, number] of spoken) {
  test(`"${words}" is ${number}`, () => {
    assert.is(phoneNumberIn(words)?.value, number);
  });
}

test('words without a number hold none', () => {
  for (const words of ['', 'call me', 'for you to have', 'I ate too much', 'double trouble', 'plus', 'one-way is no', 'hundred']) {
    const number = phoneNumberIn(words);
    assert.ok(number === undefined || number.count <= 1, `${words}: ${number?.value}`);
  }
});

test('a number alone is told from a number in a sentence', () => {
  assert.is(phoneNumberIn('one two three four')?.alone, true);
  assert.is(phoneNumberIn('and then one two three four, okay')?.alone, true);
  assert.is(phoneNumberIn('my flat is one two three four')?.alone, false);
});

test('every digit that is said is heard, whatever is said and in whatever form', () => {
  const names = 'zero one two three four five six seven eight nine'.split(' ');
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const joins = [' ', ', ', '. ', ' - ', ' um '];
  for (let round = 0; round < 300; round += 1) {
    const digits = Array.from({ length: 2 + random(12) }, () => random(10));
    const words = digits.map((digit) => (random(2) === 0 ? String(digit) : (names[digit] ?? ''))).join(joins[random(joins.length)]);
    assert.is(phoneNumberIn(words)?.value, digits.join(''), words);
  }
});

test.run();
