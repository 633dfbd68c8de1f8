import type { Verdict } from './first-cut.js';

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Followed by what they belong to. */
const neverLast = setOf('mr mrs ms mx dr prof rev gen sen rep gov capt sgt lt col hon messrs mt ft st ste fr e.g i.e eg ie vs cf viz approx ca resp');
/** Followed by a number that they belong to. */
const beforeNumber = setOf('no nos nr p pp art ch vol fig sec apt tel ph ext rm jan feb mar apr jun jul aug sep sept oct nov dec');
/** After a time of day, still of the same sentence. */
const dayOrZone = setOf(
  'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december mon tue wed thu fri sat sun pst pdt est edt cst cdt mst mdt pt et ct mt gmt utc bst cet cest pacific eastern central mountain',
);
/** Begin a sentence after an abbreviation that may as well be in the middle of one. */
const starters = setOf(
  'the we i it you he she they this that these those there if and but so in on at please would could can do does did is are was were how what when where who why which our your my his her their then also however yes no thanks thank for after before as to let',
);
/** Of a clause, to be spoken for itself. */
const leastCharacters = 20;
const longestWord = 24;

interface Marks {
  /** One or more of . ! ? and their like, from `at`. */
  readonly marks: string;
  readonly at: number;
  /** After the marks and what closes with them. */
  readonly end: number;
  readonly isEnd: boolean;
}

/** Whether a sentence ends with these marks. */
export function sentenceEnd(text: string, { marks, at, end, isEnd }: Marks): Verdict {
  if (end >= text.length) return isEnd ? 'go-on' : 'wait';
  if (/[。！？]$/.test(marks)) return 'cut';
  if (!/\s/.test(text[end] ?? '')) return 'go-on';
  const rest = text.slice(end).trimStart();
  if (rest === '') return isEnd ? 'go-on' : 'wait';
  if (/^\p{Ll}/u.test(rest)) return 'go-on';
  if (marks !== '.' || end > at + 1) return 'cut';
  const [word = ''] = /[\p{L}\p{N}.]*$/u.exec(text.slice(Math.max(0, at - longestWord), at)) ?? [];
  return afterWord(word, rest, isEnd);
}

/** Whether a sentence ends with this word and its full stop, when it goes on like that with anything but a small letter. */
function afterWord(word: string, rest: string, isEnd: boolean): Verdict {
  const small = word.toLowerCase();
  if (neverLast.has(small)) return 'go-on';
  if (beforeNumber.has(small)) return /^\p{N}/u.test(rest) ? 'go-on' : 'cut';
  if (/^\p{Lu}$/u.test(word) && word !== 'I') return 'go-on';
  if (!/^(?:\p{L}\.)+\p{L}$/u.test(word)) return 'cut';
  const [next = ''] = /^\p{L}*/u.exec(rest) ?? [];
  if (next === rest && !isEnd) return 'wait';
  const isLast = /^[ap]\.m$/.test(small) ? !dayOrZone.has(next.toLowerCase()) : next === '' || starters.has(next.toLowerCase());
  return isLast ? 'cut' : 'go-on';
}

/** Whether a clause ends here that is long enough to be spoken for itself. */
export function clauseEnd(text: string, at: number, isEnd: boolean): Verdict {
  const [mark] = /^[,;:–—-]/.exec(text[at] ?? '') ?? [];
  if (mark === undefined || at + 1 < leastCharacters) return 'go-on';
  if (at + 1 >= text.length) return isEnd ? 'go-on' : 'wait';
  if (!/\s/.test(text[at + 1] ?? '')) return 'go-on';
  if (/[–—-]/.test(mark) && !/\s/.test(text[at - 1] ?? '')) return 'go-on';
  // Bold words stay together.
  if ((text.slice(0, at).match(/\*\*|__/g)?.length ?? 0) % 2 === 1) return 'go-on';
  const rest = text.slice(at + 1).trimStart();
  if (rest === '') return isEnd ? 'go-on' : 'wait';
  return /\p{N}$/u.test(text.slice(0, at)) && /^\p{N}/u.test(rest) ? 'go-on' : 'cut';
}
