import { hasWords } from '../../../../base/text.js';

/** Ends of sentences that are none: titles, initials. */
const abbreviation = /(?:^|[\s"'(])(?:mr|mrs|ms|dr|prof|st|no|vs|approx|ext|[a-z])\.$/i;

/** The sentences of a text, each with its stop. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const piece of text.split(/(?<=[.!?]["')]*)\s+/)) {
    open = open === '' ? piece : `${open} ${piece}`;
    if (abbreviation.test(open)) continue;
    if (hasWords(open)) sentences.push(open);
    open = '';
  }
  if (hasWords(open)) sentences.push(open);
  return sentences;
}
