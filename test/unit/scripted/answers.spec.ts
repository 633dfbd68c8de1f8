import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerIn, isListening } from '#talkpath/providers/cascade/llm/scripted/matching/yes-no.js';
import { timeIn } from '#talkpath/providers/cascade/llm/scripted/slots/time-of-day.js';

const answers: Readonly<Record<'yes' | 'no', readonly string[]>> = {
  yes: [
    'Yes.',
    'Yeah.',
    'Yep, that is right.',
    "That's correct.",
    'Correct.',
    'Right.',
    'Sure, go ahead.',
    'Okay.',
    'Yes please.',
    'Mm-hmm.',
    'Uh-huh.',
    'Exactly.',
    "No, that's fine.",
    "No, that's right.",
    'Sounds good.',
    'I think so.',
    'All good.',
    'Of course.',
    'Why not?',
  ],
  no: [
    'No.',
    'Nope.',
    'Nah.',
    'No thank you.',
    'Know.',
    "That's not right.",
    "That's wrong.",
    'Not really.',
    "No, that's wrong.",
    'No, not at all.',
    "It isn't.",
    "Yes, no, that's not correct.",
    'Incorrect.',
    'Never.',
  ],
};

for (const means of ['yes', 'no'] as const) {
  test(`every way of saying ${means} is understood`, () => {
    for (const words of answers[means]) assert.equal(answerIn(words), { means, alone: true }, words);
  });
}

test('what is neither yes nor no is not taken for one', () => {
  for (const words of ['', 'Pizza.', 'My name is Bob.', 'Tomorrow at three.', 'Hello?']) assert.is(answerIn(words), undefined, words);
});

test('a yes or no with something else is told from one by itself', () => {
  assert.equal(answerIn('No, the number ends in five.'), { means: 'no', alone: false });
  assert.equal(answerIn('Yes, and tell her it is urgent.'), { means: 'yes', alone: false });
});

test('a caller who only says to be listening is told from one who says something', () => {
  for (const words of ['Uh-huh.', 'Okay.', 'Mm-hmm.', 'I see.', 'Yeah, okay.']) assert.ok(isListening(words), words);
  for (const words of ['', 'No.', 'Okay, bye.', 'Yes, I would like to leave a message.']) assert.not.ok(isListening(words), words);
});

const times: readonly (readonly [string, string | undefined])[] = [
  ['Tomorrow at three.', 'Tomorrow at three'],
  ['Monday morning would be great.', 'Monday morning'],
  ['Any time after 5 pm.', 'Any time after 5 pm'],
  ['Between two and four, please.', 'Between two and four'],
  ['At half past two tomorrow.', 'At half past two tomorrow'],
  ['As soon as possible.', 'As soon as possible'],
  ['How about next week?', 'next week'],
  ['3:30 p.m.', '3:30 p.m.'],
  ['I would say the day after tomorrow.', 'day after tomorrow'],
  ['in an hour', 'in an hour'],
  ['I do not know.', undefined],
  ['You choose.', undefined],
];

for (const [words, time] of times) {
  test(`"${words}" holds ${time === undefined ? 'no time' : `the time "${time}"`}`, () => {
    assert.is(timeIn(words), time);
  });
}

test.run();
