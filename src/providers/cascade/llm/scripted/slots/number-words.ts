/** Numbers as they are said, from words to digits. */

const ones: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  o: '0',
  nought: '0',
  naught: '0',
  nil: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  niner: '9',
};

const teens: Readonly<Record<string, string>> = {
  ten: '10',
  eleven: '11',
  twelve: '12',
  thirteen: '13',
  fourteen: '14',
  fifteen: '15',
  sixteen: '16',
  seventeen: '17',
  eighteen: '18',
  nineteen: '19',
};

const tens: Readonly<Record<string, string>> = {
  twenty: '2',
  thirty: '3',
  forty: '4',
  fourty: '4',
  fifty: '5',
  sixty: '6',
  seventy: '7',
  eighty: '8',
  ninety: '9',
};

/** Words that are digits only beside other digits. */
const homophones: Readonly<Record<string, string>> = {
  or: '0',
  won: '1',
  to: '2',
  too: '2',
  tree: '3',
  free: '3',
  for: '4',
  fore: '4',
  fife: '5',
  sex: '6',
  sicks: '6',
  ate: '8',
  mine: '9',
};

const repeats: Readonly<Record<string, number>> = { double: 2, triple: 3, treble: 3 };

const own = <T>(table: Readonly<Record<string, T>>, word: string | undefined): T | undefined =>
  word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;

export interface Digits {
  readonly digits: string;
  /** How many words they took. */
  readonly length: number;
}

/** The digit that a word is only beside other digits. */
export const digitHomophone = (word: string): string | undefined => own(homophones, word);

/** The digits that begin at `words[start]`: "55", "double seven", "twenty one", "five hundred and fifty five". */
export function digitsAt(words: readonly string[], start: number): Digits | undefined {
  const word = words[start];
  if (word === undefined) return undefined;
  if (/^\d+$/.test(word)) return { digits: word, length: 1 };
  const times = own(repeats, word);
  if (times !== undefined) {
    const next = words[start + 1];
    const digit = own(ones, next) ?? own(homophones, next) ?? (next !== undefined && /^\d$/.test(next) ? next : undefined);
    return digit === undefined ? undefined : { digits: digit.repeat(times), length: 2 };
  }
  return scaled(words, start) ?? underHundred(words, start);
}

function underHundred(words: readonly string[], start: number): Digits | undefined {
  const teen = own(teens, words[start]);
  if (teen !== undefined) return { digits: teen, length: 1 };
  const ten = own(tens, words[start]);
  if (ten !== undefined) {
    const one = own(ones, words[start + 1]);
    const joins = one !== undefined && one !== '0';
    return { digits: ten + (joins ? one : '0'), length: joins ? 2 : 1 };
  }
  const one = own(ones, words[start]);
  return one === undefined ? undefined : { digits: one, length: 1 };
}

/** "five hundred and fifty five", "two thousand five hundred"; but "eight hundred five five five" is 800 and then 555. */
function scaled(words: readonly string[], start: number): Digits | undefined {
  const head = underHundred(words, start);
  const scale = head && words[start + head.length];
  if (head === undefined || (scale !== 'hundred' && scale !== 'thousand') || Number(head.digits) === 0) return undefined;
  const zeros = scale === 'hundred' ? 2 : 3;
  const isJoined = words[start + head.length + 1] === 'and';
  const at = start + head.length + (isJoined ? 2 : 1);
  const rest = scale === 'thousand' ? (scaled(words, at) ?? underHundred(words, at)) : underHundred(words, at);
  const fits = rest !== undefined && rest.digits.length <= zeros && Number(rest.digits) >= (isJoined ? 1 : 10);
  return fits
    ? { digits: head.digits + rest.digits.padStart(zeros, '0'), length: at + rest.length - start }
    : { digits: head.digits + '0'.repeat(zeros), length: head.length + 1 };
}
