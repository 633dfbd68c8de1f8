import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KokoroPhonemes } from '#talkpath/inference/kokoro-phonemes.js';

const phonemes = new KokoroPhonemes();
const says = (text: string, expected: string): void => assert.is(phonemes.of(text), expected);

test('stress stands before the vowel, and diphthongs are single letters', () => {
  says('hello', 'həlˈO');
  says('today', 'tədˈA');
  says('my boy now', 'mI bˈY nˈW');
});

test('words of one syllable are stressed unless they carry no weight', () => {
  says('the cat and the bird', 'ðə kˈæt ənd ðə bˈɜɹd');
  says('what', 'wˈʌt');
});

test('affricates, the dark l and the vowel of bird are written as Kokoro knows them', () => {
  says('judge', 'ʤˈʌʤ');
  says('church', 'ʧˈɜɹʧ');
  says('little', 'lˈɪtəl');
  says('mister', 'mˈɪstəɹ');
});

test('contracted negations are words, not their letters', () => {
  says("isn't", 'ˈɪzənt');
  says("couldn't", 'kˈʊdənt');
  says("don't", 'dˈOnt');
});

test('numbers and days that callers hear often are right', () => {
  says('13, 14 and 19', 'θˌɜɹtˈin, fˌɔɹtˈin ənd nˌIntˈin');
  says('Saturday', 'sˈætəɹdˌA');
  says('1000', 'wˈʌn θˈWzənd');
});

test('spelled letters are named, and A is not the article', () => {
  says('A B', 'ˈA bˈi');
  says('a bee', 'ə bˈi');
});

test('punctuation stays where it was', () => {
  says('Yes, please. Really?', 'jˈɛs, plˈiz. ɹˈili?');
});

test.run();
