/** A form of writing, and how it is said. */
export type Rule = readonly [pattern: RegExp, said: string | ((...match: string[]) => string)];

export function applied(rules: readonly Rule[], text: string): string {
  return rules.reduce((said, [pattern, replacement]) => said.replace(pattern, replacement as string), text);
}
