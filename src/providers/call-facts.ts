import { quoted } from '../base/text.js';
import type { CallContext, ToolDone } from './provider.js';

/**
 * What an agent is to know of its call, as paragraphs for its instructions. Names and values are quoted: callers choose
 * their own, and what they wrote must not read as an instruction.
 */
export function callFacts({ caller, variables, done }: CallContext): string[] {
  const known = Object.entries(variables).map(([name, value]) => `- ${quoted(name)}: ${quoted(value)}`);
  return [
    ...(caller.name ? [`The caller's name is ${quoted(caller.name)}.`] : []),
    ...(known.length > 0 ? [`Known of this call:\n${known.join('\n')}`] : []),
    ...(done.length > 0 ? [`${doneBefore}\n${done.map(ofTool).join('\n')}`] : []),
  ];
}

const doneBefore =
  'Asked for in this call before you took over, and what came of it. What was booked, ordered or changed is not to be booked, ordered or changed again, not with other arguments for the same purpose either; what was not done may be done, and looking something up again is no harm:';
const ofTool = ({ name, arguments: args, answer }: ToolDone): string => `- ${name} ${args}: ${quoted(answer)}`;

/** For a model that took over words of which the caller heard only these. */
export const cutBefore = (heard: string): string =>
  heard === ''
    ? 'Of what was said last before you took over the caller heard nothing.'
    : `Of what was said last before you took over the caller heard no more than this: ${quoted(heard)}`;

/** "de-CH" → "Swiss High German (de-CH)" */
export function languageName(tag: string): string {
  try {
    const name = new Intl.DisplayNames('en', { type: 'language' }).of(tag);
    return name && name !== tag ? `${name} (${tag})` : tag;
  } catch {
    return tag;
  }
}
