import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { personNameIn } from '#talkpath/providers/cascade/llm/scripted/slots/person-name.js';

/** [words of the caller, the name in them] */
const spoken: readonly (readonly [string, string])[] = [
  ['My name is John Smith.', 'John Smith'],
  ['my name is john smith', 'John Smith'],
  ["My name's Kate.", 'Kate'],
  ['This is Anna.', 'Anna'],
  ['Smith.', 'Smith'],
  ['John Smith', 'John Smith'],
  ['maria garcia lopez', 'Maria Garcia Lopez'],
  ["It's Bob speaking.", 'Bob'],
  ['Bob here.', 'Bob'],
  ['Yes, this is Peter Parker speaking.', 'Peter Parker'],
  ["Sure, it's Kate Miller, thanks.", 'Kate Miller'],
  ["I'm Tom.", 'Tom'],
  ['You can call me Al.', 'Al'],
  ['Please put me down as Jane Doe.', 'Jane Doe'],
  ['Mr. Smith.', 'Mr Smith'],
  ['Dr. Jones', 'Dr Jones'],
  ["Mary-Ann O'Neill", "Mary-Ann O'Neill"],
  ['mary-ann o’neill', "Mary-Ann O'Neill"],
  ['My last name is MacDonald.', 'MacDonald'],
  ['SMITH', 'Smith'],
  ['Smith, John Smith.', 'John Smith'],
  ["The name's Bond, James Bond.", 'James Bond'],
  ['S M I T H', 'Smith'],
  ['S-M-I-T-H.', 'Smith'],
  ['S, M, I, T, H.', 'Smith'],
  ['S. M. I. T. H.', 'Smith'],
  ['s m i t h', 'Smith'],
  ['John Smith, S-M-I-T-H', 'John Smith'],
  ["It's Jon Smyth, that's spelled S M Y T H.", 'Jon Smyth'],
  ['Anna Miller. M, I, double L, E, R.', 'Anna Miller'],
  ['S as in Sam, M as in Mary, I, T, H', 'Smith'],
  ['b, o, double b, y', 'Bobby'],
  ['Jack Myer, M Y E R', 'Jack Myer'],
  ['Bob Miller from Acme', 'Bob Miller'],
  ['Hi, this is Peter Parker, I would like to leave a message.', 'Peter Parker'],
  ['Uh, yeah, you can write down John Smith for that.', 'John Smith'],
  ['John Smith, five five five, one two three four', 'John Smith'],
  ['John, 555-1234', 'John'],
  ["It's Anna, not Hannah.", 'Anna'],
  ['Okay, my full name is Ada Lovelace.', 'Ada Lovelace'],
  ['José Núñez', 'José Núñez'],
];

for (const [words, name] of spoken) {
  test(`"${words}" is ${name}`, () => {
    assert.is(personNameIn(words)?.name, name);
  });
}

for (const words of [
  '',
  'No.',
  'Yes please.',
  'Thank you.',
  'Hello?',
  "I don't know.",
  "I'd rather not say.",
  "I'm calling about my order.",
  'What are your opening hours?',
  'Five five five one two three four',
  '555 1234',
  'The name is wrong.',
  'Can you repeat that?',
  'What do you need it for?',
  'I would like to leave a message.',
  'cheese is good for you and your kids too',
  'Hmm.',
]) {
  test(`"${words}" is no name`, () => {
    assert.is(personNameIn(words), undefined);
  });
}

test('a name that was announced is told from a word by itself', () => {
  assert.is(personNameIn('My name is Frost.')?.announced, true);
  assert.is(personNameIn('Frost.')?.announced, false);
});

test.run();
