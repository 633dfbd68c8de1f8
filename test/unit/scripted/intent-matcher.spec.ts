import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadScript } from '#talkpath/providers/cascade/llm/scripted/load.js';
import { IntentMatcher, looseScore, strictScore } from '#talkpath/providers/cascade/llm/scripted/matching/intent-matcher.js';
import { wordsOf } from '#talkpath/providers/cascade/llm/scripted/matching/words.js';
import { matcherOf } from '#talkpath/providers/cascade/llm/scripted/model.js';
import {
  furtherOutOfScope,
  furtherParaphrases,
  misrecognitions,
  moreOutOfScope,
  moreParaphrases,
  outOfScope,
  paraphrases,
  recognised,
} from './utterances.js';

const script = loadScript();
const matcher = matcherOf(script);

const allParaphrases = [...paraphrases, ...moreParaphrases, ...furtherParaphrases];
const allOutOfScope = [...outOfScope, ...moreOutOfScope, ...furtherOutOfScope];

/** How many are understood, and what became of the others. */
function score(table: readonly (readonly [string, string])[]): { share: number; misses: string[] } {
  const misses = table.flatMap(([meant, words]) => {
    const found = matcher.best(words, looseScore)?.name;
    return found === meant ? [] : [`${words} (${meant}) was taken for ${found ?? 'nothing'}`];
  });
  return { share: 1 - misses.length / table.length, misses };
}

test('what callers ask in other words is understood', () => {
  const { share, misses } = score(allParaphrases);
  assert.ok(share >= 0.97, `${share.toFixed(3)} of ${allParaphrases.length}: ${misses.join('; ')}`);
});

test('what a recogniser mistakes word by word is understood', () => {
  const { share, misses } = score(misrecognitions);
  assert.ok(share >= 0.9, `${share.toFixed(3)} of ${misrecognitions.length}: ${misses.join('; ')}`);
});

test('most of what a recogniser really made of a telephone voice is understood', () => {
  const { share, misses } = score(recognised);
  assert.ok(share >= 0.75, `${share.toFixed(3)} of ${recognised.length}: ${misses.join('; ')}`);
});

test('no misrecognised remark hangs up on the caller', () => {
  const hungUp = [...misrecognitions, ...recognised, ...allParaphrases].filter(
    ([meant, words]) => meant !== 'goodbye' && matcher.best(words, looseScore)?.name === 'goodbye',
  );
  assert.equal(hungUp, []);
});

test('what the receptionist knows nothing about matches nothing', () => {
  const wrong = allOutOfScope.flatMap((words) => matcher.best(words, looseScore)?.name ?? []);
  assert.ok(wrong.length <= 1, `${wrong.length} of ${allOutOfScope.length}: ${wrong.join('; ')}`);
});

test('the tables hold nothing that the script has word for word, but for remarks of three words', () => {
  const known = new Set(Object.values(script.intents).flatMap(({ phrases }) => phrases.map((phrase) => wordsOf(phrase).join(' '))));
  const copied = [...allParaphrases, ...misrecognitions]
    .map(([, words]) => wordsOf(words))
    .filter((words) => words.length > 5 && known.has(words.join(' ')));
  assert.ok(copied.length <= 6, copied.map((words) => words.join(' ')).join('; '));
  assert.ok(allParaphrases.length + misrecognitions.length >= 150);
  assert.ok(allOutOfScope.length >= 90);
});

const meaning = (name: string, phrases: readonly string[], more: { except?: string[]; isFinal?: boolean } = {}) => ({
  name,
  phrases,
  except: more.except ?? [],
  isFinal: more.isFinal ?? false,
});

test('an exception that is nearer than any phrase keeps an intent from matching', () => {
  const doors = new IntentMatcher([meaning('hours', ['when are you open'], { except: ['open a bottle'] })]);
  assert.is(doors.best('are you open', looseScore)?.name, 'hours');
  assert.is(doors.best('when are you to open a bottle', looseScore), undefined);
});

test('words that the script calls synonyms stand for one another', () => {
  const plain = new IntentMatcher([meaning('call', ['call the workshop'])]);
  const rich = new IntentMatcher(
    [meaning('call', ['call the workshop'])],
    [
      ['call', 'dial'],
      ['workshop', 'garage'],
    ],
  );
  assert.is(plain.best('dial the garage', looseScore), undefined);
  assert.is(rich.best('dial the garage', looseScore)?.name, 'call');
});

test('of a long remark the clause that matches counts, but not for a surer match', () => {
  const hours = new IntentMatcher([meaning('hours', ['what are your opening hours'])]);
  const remark = 'My sister bought a lamp from you in spring. What are your opening hours?';
  assert.is(hours.best(remark, looseScore)?.name, 'hours');
  assert.is(hours.best(remark, strictScore), undefined);
});

test('a call does not end by a goodbye that something follows', () => {
  const both = new IntentMatcher([meaning('bye', ['bye', 'goodbye'], { isFinal: true }), meaning('hours', ['what are your hours'])]);
  assert.is(both.best('Bye, I was just wondering what your hours are.', looseScore)?.name, 'hours');
  assert.is(both.best('Bye, is what my cat would say to you today.', looseScore), undefined);
  assert.is(both.best('I know your hours now, bye.', looseScore)?.name, 'bye');
});

test('an empty remark, one word of noise and a flood of words match nothing', () => {
  for (const words of ['', '...', 'I, I, I, I', 'xyzzy', 'blah '.repeat(5000)]) assert.is(matcher.best(words, looseScore), undefined);
});

test.run();
