import { type Digits, digitHomophone, digitsAt } from './number-words.js';

/** Said between the digits of one number. */
const fillers = new Set(
  "um uh er and then dash hyphen minus space dot point area country code number is it it's its the that okay yes so".split(' '),
);

export interface PhoneNumber {
  /** Digits, after a + if one was said. */
  readonly value: string;
  /** How many digits there are. */
  readonly count: number;
  /** Whether nothing else was said. */
  readonly alone: boolean;
}

interface Run {
  value: string;
  count: number;
}

/** The longest number in a text, the last of them if there are several; undefined without any digit. */
export function phoneNumberIn(text: string): PhoneNumber | undefined {
  const words = numberTokens(text);
  const runs: Run[] = [];
  let run: Run | undefined;
  let others = 0;
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? '';
    const said = digitsAt(words, at) ?? (run ? homophoneAt(words, at) : undefined);
    if (said) {
      if (!run) {
        run = { value: words[at - 1] === 'plus' ? '+' : '', count: 0 };
        runs.push(run);
      }
      run.value += said.digits;
      run.count += said.digits.length;
      at += said.length;
      continue;
    }
    if (word !== 'plus' && !fillers.has(word)) {
      run = undefined;
      others += 1;
    } else if (word === 'plus') {
      run = undefined;
    }
    at += 1;
  }
  const longest = runs.reduce<Run | undefined>((best, next) => (next.count >= (best?.count ?? 0) ? next : best), undefined);
  return longest && { ...longest, alone: others === 0 && runs.length === 1 };
}

/** "to" or "for" after a digit counts as one if another digit follows or nothing does; "or" stands for oh. */
function homophoneAt(words: readonly string[], at: number): Digits | undefined {
  const digit = digitHomophone(words[at] ?? '');
  if (digit === undefined) return undefined;
  const goesOn = at + 1 === words.length || digitsAt(words, at + 1) !== undefined || homophoneAt(words, at + 1) !== undefined;
  return goesOn ? { digits: digit, length: 1 } : undefined;
}

/** Words in small letters, digits without what stands between them: "(555) 123-4567" is 555, 123 and 4567. */
function numberTokens(text: string): string[] {
  const spaced = text
    .toLowerCase()
    .replaceAll('+', ' plus ')
    .replaceAll(/(\d)(?=[a-z])|([a-z])(?=\d)/g, '$1$2 ');
  return spaced.match(/[a-z]+(?:'[a-z]+)?|\d+/g) ?? [];
}
