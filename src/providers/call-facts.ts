import type { CallContext } from './provider.js';

/**
 * What an agent is to know of its call, as paragraphs for its instructions. Names and values are quoted: callers choose
 * their own, and what they wrote must not read as an instruction.
 */
export function callFacts({ caller, variables }: CallContext): string[] {
  const known = Object.entries(variables).map(([name, value]) => `- ${name}: ${JSON.stringify(value)}`);
  return [
    ...(caller.name ? [`The caller's name is ${JSON.stringify(caller.name)}.`] : []),
    ...(known.length > 0 ? [`Known of this call:\n${known.join('\n')}`] : []),
  ];
}

/** "de-CH" → "Swiss High German (de-CH)" */
export function languageName(tag: string): string {
  try {
    const name = new Intl.DisplayNames('en', { type: 'language' }).of(tag);
    return name && name !== tag ? `${name} (${tag})` : tag;
  } catch {
    return tag;
  }
}
