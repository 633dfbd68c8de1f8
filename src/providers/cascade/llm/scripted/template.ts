const placeholder = /\{([^{}]*)\}/g;

/** The names in the braces of a text. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name.trim());
}

/** The text with its `{names}` replaced, those without a value left as they are. */
export function fill(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replaceAll(placeholder, (braces, name: string) => lookUp(name.trim()) ?? braces);
}

/** Whether every name in the text has a value. */
export function isFillable(text: string, lookUp: (name: string) => string | undefined): boolean {
  return placeholdersOf(text).every((name) => lookUp(name) !== undefined);
}
