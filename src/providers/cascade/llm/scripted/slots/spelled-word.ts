/** Names that are spelled: "S M I T H", "S-M-I-T-H", "b as in boy, o, double b". */

export interface Spelled {
  readonly word: string;
  /** The text without the letters. */
  readonly rest: string;
}

const leastLetters = 3;
const announcement = /\b(?:that'?s|that is|it'?s|it is)?\s*(?:spelled|spelt|spelling|spell)\b[\s:,]*(?:that|it|as|is)?/i;
const letterRun = /(?:\b(?:double[ -]+)?[a-z](?![\w'])(?:\.?\s+(?:as in|like|for)\s+\w+)?[\s,.-]*){3,}/gi;
const letterInRun = /\b(double[ -]+)?([a-z])(?![\w'])(?:\.?\s+(?:as in|like|for)\s+\w+)?/gi;

/** The last spelled word of a text, undefined if nothing of three letters or more was spelled. */
export function spelledWordIn(text: string): Spelled | undefined {
  const run = [...text.matchAll(letterRun)].at(-1);
  if (!run) return undefined;
  const letters = [...run[0].matchAll(letterInRun)].map(([, double, letter = '']) => letter.repeat(double === undefined ? 1 : 2)).join('');
  if (letters.length < leastLetters) return undefined;
  const rest = `${text.slice(0, run.index)} ${text.slice(run.index + run[0].length)}`.replace(announcement, ' ');
  return { word: letters.charAt(0).toUpperCase() + letters.slice(1).toLowerCase(), rest: rest.trim() };
}
