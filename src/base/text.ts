/** Whether anything of a text can be spoken. */
export const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/** The first characters of a text, never half of one. */
export const firstOf = (text: string, most: number): string => text.slice(0, most).toWellFormed();

/** The last ones. */
export const lastOf = (text: string, most: number): string => text.slice(-most).toWellFormed();

/** A text as JSON on one line, for whatever takes lines for more than they are. */
export const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(/[\u0085\u2028\u2029]/g, (line) => `\\u${line.charCodeAt(0).toString(16).padStart(4, '0')}`);
