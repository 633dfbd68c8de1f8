/** Sixteen characters or more without a space or a dot: a key, where letters and digits are mixed in it. */
const long = /[\w+/=-]{16,}/g;

/** A message about settings, without what may be a key that stands in a wrong place, or in the place of a name. */
export function withoutKeys(message: string): string {
  return message.replaceAll(long, (text) => (/\d/.test(text) && /[a-z]/i.test(text) ? `(${text.length} characters that may be a key)` : text));
}
