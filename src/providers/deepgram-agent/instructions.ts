import { quoted } from '../../base/text.js';
import type { CallContext, ReplyCause, Said } from '../provider.js';
import type { ClientMessage } from './protocol.js';

/** What the model is told without the caller having said it begins with this; the prompt explains it. */
export const systemMark = '[system]';

/** The service says an instruction back as words of the caller. */
export const isInstruction = (text: string): boolean => text.trimStart().startsWith(systemMark);

/**
 * What makes the agent speak although the caller has said nothing. A greeting that is set is said word for word; all
 * else is left to the model, which knows the language and what was said. Undefined: nothing is to be said.
 */
export function injectionFor(
  cause: Exclude<ReplyCause, 'caller'>,
  last: boolean,
  { greeting }: CallContext,
  history: readonly Said[],
): ClientMessage | undefined {
  if (cause === 'no-input') return instruction(last ? goodbye : areYouThere);
  if (cause === 'resume' && history.length > 0) return instruction(resumption(history));
  if (greeting === undefined) return instruction('The call was just taken. Greet the caller in one short sentence, and ask what you can do.');
  return greeting === '' ? undefined : { type: 'InjectAgentMessage', message: greeting };
}

const areYouThere = 'The caller has said nothing for a while. Ask in one short sentence whether they are still there.';
const goodbye = 'The caller says nothing any more, and the call ends now. Say goodbye in one short sentence.';

function resumption(history: readonly Said[]): string {
  const answered = history.findLastIndex(({ who }) => who === 'agent');
  const unanswered = history.slice(answered + 1).map(({ text }) => text);
  if (unanswered.length === 0)
    return 'The line was interrupted. Go on exactly where your last words stop: greet nobody, explain nothing, repeat nothing.';
  return `The line was interrupted before you could answer. Answer now, without a greeting, what the caller said last, which is: ${quoted(unanswered.join(' '))}`;
}

const instruction = (text: string): ClientMessage => ({ type: 'InjectUserMessage', content: `${systemMark} ${text}` });
