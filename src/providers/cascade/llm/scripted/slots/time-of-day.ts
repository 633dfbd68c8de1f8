/** When something should happen, in the caller's words: "tomorrow after three", "Monday morning". */

const relation =
  '(?:at|on|in|by|before|after|around|about|until|from|between|next|this|any|every|early|late|later|half|quarter|past|to|and|or|the|of|a|an|an?other)';
const number = '(?:\\d{1,2}(?:[:.]\\d{2})?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)';
const clock = `${number}(?:\\s*(?:o'clock|[ap]\\.?\\s?m\\b\\.?))?`;
const anchor =
  '(?:day after tomorrow|today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays?|weekend|week|month|morning|afternoon|evening|night|noon|midday|midnight|lunch(?:time)?|(?:half an )?hours?|minutes?|now|anytime|any time|soon(?: as possible)?|as soon as possible|asap|later)';
const part = `(?:${anchor}|${clock}|${relation})`;
const expression = new RegExp(`\\b${part}(?:[\\s,-]+${part})*(?![\\w'])`, 'gi');
const meaningful = new RegExp(`\\b(?:${anchor}|${number})\\b`, 'i');
const edges = /^(?:(?:a|an|the|of|or|and|to|this is|about)\s+)+(?=\S+\s)|(?:[\s,-]+(?:a|an|the|of|or|and|to|on|in|at|by|from|this|any))+$/gi;
/** Not the last of "p.m." */
const fullStop = /(?<![ap]\.\s?m)\.$/i;

/** The longest expression of time in a text, undefined if there is none. */
export function timeIn(text: string): string | undefined {
  const spans = (text.match(expression) ?? []).map((span) => span.replaceAll(edges, '').replace(fullStop, '').trim());
  const times = spans.filter((span) => meaningful.test(span));
  return times.reduce<string | undefined>((longest, span) => (span.length > (longest?.length ?? 0) ? span : longest), undefined);
}
