import { likeness } from '../../../../../base/edit-distance.js';

/** Spellings to sounds, in this order; voiced and voiceless pairs are one, as on a telephone line. */
const soundRules: readonly (readonly [RegExp, string])[] = [
  [/^(?:kn|gn|pn)/, 'n'],
  [/^wr/, 'r'],
  [/^wh/, 'w'],
  [/^ho(?=u|ne)/, 'o'],
  [/^y/, 'j'],
  [/ph|v/g, 'f'],
  [/gh(?=t|$)/g, ''],
  [/tch|ch|sh|ti(?=on)/g, 'x'],
  [/dg|g(?=[eiy])/g, 'j'],
  [/th|d/g, 't'],
  [/c(?=[eiy])|z/g, 's'],
  [/ck|[cqg]/g, 'k'],
  [/b/g, 'p'],
  [/(?<=[aeiou])w|(?<=[aeiou])h/g, ''],
  [/(?<=[aeiouy][^aeiouy])e$/g, ''],
  [/[aeiouy]+/g, 'a'],
  [/(.)\1+/g, '$1'],
];

/** How a word sounds, roughly: the same for hours and ours, massage and message. */
export function soundOf(word: string): string {
  return soundRules.reduce((sound, [spelling, letter]) => sound.replace(spelling, letter), word);
}

const leastLetters = 5;
const leastLikeness = 0.72;
const samePrefix = 0.85;
const sameSound = 0.9;
const sameShortSound = 0.7;
/** Below this in spelling, even words of one sound (month, mind) are taken for two. */
const leastSpelling = 0.4;

export interface Word {
  readonly stem: string;
  readonly sound: string;
}

/** How likely it is that `meant` was said where `said` was written down: 1 for the same word, 0 for another one. */
export function wordLikeness(said: Word, meant: Word): number {
  if (said.stem === meant.stem) return 1;
  if (said.sound === meant.sound && likeness(said.stem, meant.stem) >= leastSpelling) return said.sound.length >= 3 ? sameSound : sameShortSound;
  const tail = said.stem.length - meant.stem.length;
  if (meant.stem.length >= 4 && tail <= 2 && said.stem.startsWith(meant.stem)) return samePrefix;
  if (Math.min(said.stem.length, meant.stem.length) < leastLetters) return 0;
  const alike = Math.max(nearLikeness(said.stem, meant.stem), sameSound * nearLikeness(said.sound, meant.sound));
  return alike >= leastLikeness ? alike : 0;
}

/** Spares the comparison of words whose lengths alone keep them apart. */
function nearLikeness(a: string, b: string): number {
  const [shorter, longer] = a.length < b.length ? [a.length, b.length] : [b.length, a.length];
  return shorter >= leastLikeness * longer ? likeness(a, b) : 0;
}
