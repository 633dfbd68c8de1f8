import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ThoughtFilter } from '#talkpath/providers/cascade/llm/openai/thought-filter.js';

/** What is said of a text that comes in pieces of a length. */
function said(text: string, length: number): string {
  const filter = new ThoughtFilter();
  let words = '';
  for (let at = 0; at < text.length; at += length) words += filter.push(text.slice(at, at + length));
  return words + filter.end();
}

const cases: readonly (readonly [what: string, text: string, said: string])[] = [
  ['an answer without thoughts is said as it is', 'It is <think> four.', 'It is <think> four.'],
  ['thoughts before the answer are not said', '<think>Two and two.</think>\n\nFour.', 'Four.'],
  ['space before thoughts changes nothing', '\n <think>\nTwo < three </thin > and two.\n</think> Four.', 'Four.'],
  ['two thoughts in a row are not said', '<think>a</think>\n<think>b</think>Four.', 'Four.'],
  ['empty thoughts are none', '<think></think>Four.', 'Four.'],
  ['thoughts that do not end are not said', '<think>Two and', ''],
  ['what only begins like a thought is said', '<thinking is hard', '<thinking is hard'],
  ['an answer that ends within what could be a tag is said', '<thi', '<thi'],
  ['nothing is nothing', '', ''],
];

for (const [what, text, expected] of cases) {
  test(`${what}, however it is cut`, () => {
    for (let length = 1; length <= Math.max(1, text.length); length += 1) assert.is(said(text, length), expected, `in pieces of ${length}`);
  });
}

test('an answer without thoughts is not held back', () => {
  const filter = new ThoughtFilter();
  assert.is(filter.push('Y'), 'Y');
  assert.is(filter.push('es'), 'es');
});

test('a long thought is not kept', () => {
  const filter = new ThoughtFilter();
  filter.push('<think>');
  for (let i = 0; i < 1000; i += 1) assert.is(filter.push('hm, well, '), '');
  assert.is(filter.push('</think>Four.'), 'Four.');
});

test.run();
