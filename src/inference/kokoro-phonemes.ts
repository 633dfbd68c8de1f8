import { createRequire } from 'node:module';
import type { Tokenizer } from 'phonemize';

/** What the English rules of the phonemizer get wrong, in its own notation. */
const lexicon: Readonly<Record<string, string>> = {
  yes: 'ˈjɛs',
  eleven: 'ɪˈlɛvən',
  thirteen: 'ˌθɝˈtin',
  fourteen: 'ˌfɔɹˈtin',
  fifteen: 'ˌfɪfˈtin',
  sixteen: 'ˌsɪkˈstin',
  seventeen: 'ˌsɛvənˈtin',
  eighteen: 'ˌeɪˈtin',
  nineteen: 'ˌnaɪnˈtin',
  thirty: 'ˈθɝti',
  thousand: 'ˈθaʊzənd',
  tuesday: 'ˈtuzˌdeɪ',
  saturday: 'ˈsætɝˌdeɪ',
  human: 'ˈhjumən',
  "don't": 'doʊnt',
  "won't": 'woʊnt',
  "can't": 'kænt',
  "aren't": 'ɑɹnt',
  "weren't": 'wɝnt',
  "isn't": 'ˈɪzənt',
  "wasn't": 'ˈwʌzənt',
  "doesn't": 'ˈdʌzənt',
  "didn't": 'ˈdɪdənt',
  "hasn't": 'ˈhæzənt',
  "haven't": 'ˈhævənt',
  "hadn't": 'ˈhædənt',
  "couldn't": 'ˈkʊdənt',
  "wouldn't": 'ˈwʊdənt',
  "shouldn't": 'ˈʃʊdənt',
};

/** Words of one syllable that a sentence does not stress. */
const unstressed = new Set(
  (
    "a an the and or but nor if as than that so of to in on at by for from with up is am are was were be been it it's its i i'm i've i'll i'd " +
    "you you're you've you'll you'd your he he's she she's his her him we we're we've we'll we'd us our they they're they've they'll them " +
    'their me my this these those there has have had do does did can could will would shall should may might must who whom whose which'
  ).split(' '),
);

const vowels = 'AIOWYaeiouæɑɒɔəɚɛɜɝɪʊʌᵻ';
const firstVowel = new RegExp(`[${vowels}]`);
const eachVowel = new RegExp(`[${vowels}]`, 'g');
const stressBeforeVowel = new RegExp(`([ˈˌ])([^${vowels}ˈˌ]*)(?=[${vowels}])`, 'g');

/** From the phonemizer's International Phonetic Alphabet to the letters that Kokoro was trained on. */
const letters: readonly (readonly [RegExp, string])[] = [
  [/eɪ/g, 'A'],
  [/aɪ/g, 'I'],
  [/oʊ/g, 'O'],
  [/aʊ/g, 'W'],
  [/ɔɪ/g, 'Y'],
  [/ɫ/g, 'l'],
  [/dʒ/g, 'ʤ'],
  [/tʃ/g, 'ʧ'],
  [/([ˈˌ])ɝ/g, '$1ɜɹ'],
  [/[ɝɚ]/g, 'əɹ'],
];

/** Turns English text into Kokoro's phonemes. */
export class KokoroPhonemes {
  readonly #tokenizer: Tokenizer;

  constructor() {
    // Its module entry imports JSON in a way that Node 20 refuses.
    const phonemize = createRequire(import.meta.url)('phonemize') as typeof import('phonemize');
    for (const [word, sounds] of Object.entries(lexicon)) phonemize.addPronunciation(word, sounds);
    this.#tokenizer = phonemize.createTokenizer({ format: 'ipa', affricates: 'ligature' });
  }

  of(text: string): string {
    const tokens = this.#tokenizer.tokenizeToTokens(text);
    let phonemes = '';
    tokens.forEach(({ word, phoneme }, i) => {
      if (!/[\p{L}\p{N}]/u.test(word)) {
        phonemes += phoneme;
        return;
      }
      const isSpelled = /^[A-Z]$/.test(word) && [tokens[i - 1], tokens[i + 1]].some((next) => /^[A-Z]$/.test(next?.word ?? ''));
      const sounds = isSpelled && word === 'A' ? 'ˈA' : kokoroLetters(phoneme, isSpelled || !unstressed.has(word.toLowerCase()));
      phonemes += `${phonemes && ' '}${sounds}`;
    });
    return phonemes;
  }
}

function kokoroLetters(sounds: string, isStressed: boolean): string {
  let word = sounds;
  const hasOneSyllable =
    (
      letters
        .slice(0, 5)
        .reduce((text, [from, to]) => text.replace(from, to), sounds)
        .match(eachVowel) ?? []
    ).length === 1;
  if (isStressed && hasOneSyllable && !word.includes('ˈ')) word = `ˈ${word.replace('ə', 'ʌ')}`;
  word = word.replace(stressBeforeVowel, '$2$1');
  for (const [from, to] of letters) word = word.replace(from, to);
  return firstVowel.test(word) ? word : word.replace(/[ˈˌ]/g, '');
}
