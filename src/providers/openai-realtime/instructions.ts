import { callFacts, languageName } from '../call-facts.js';
import type { CallContext, ReplyCause, Said } from '../provider.js';

const withoutPrompt =
  'You answer a telephone call. Be friendly and helpful, and keep each reply to a sentence or two, as people do who talk and do not write.';

/** What the model is told of the whole call. */
export function instructionsOfCall(call: CallContext): string {
  const { prompt, language } = call;
  const speak = language === undefined ? [] : [`Speak ${languageName(language)}, unless the caller asks for another language.`];
  return [prompt?.trim() || withoutPrompt, ...speak, ...callFacts(call)].join('\n\n');
}

/** What the model is told for one reply, beyond what it is told of the call; undefined when that is enough. */
export function instructionsOfReply(
  cause: ReplyCause,
  last: boolean,
  { greeting, history }: { readonly greeting: string | undefined; readonly history: readonly Said[] },
): string | undefined {
  const parts = [ofCause(cause, last, greeting, history), last ? 'The call ends after this reply: say goodbye, and ask nothing more.' : ''];
  const told = parts.filter((part) => part !== '').join(' ');
  return told === '' ? undefined : told;
}

function ofCause(cause: ReplyCause, last: boolean, greeting: string | undefined, history: readonly Said[]): string {
  switch (cause) {
    case 'greeting':
      if (greeting === undefined) return 'The call has just begun: greet the caller in one short sentence.';
      return `The call has just begun. Say exactly the following words and nothing else: "${greeting}"`;
    case 'caller':
      return '';
    case 'no-input':
      if (last) return 'The caller has not answered, and is probably gone.';
      return 'The caller has said nothing for a while. Ask gently, in one short sentence, whether the caller is still there.';
    case 'resume':
      return ofResume(history.at(-1)?.who);
  }
}

function ofResume(lastSpeaker: Said['who'] | undefined): string {
  switch (lastSpeaker) {
    case undefined:
      return 'The call was interrupted at its start: greet the caller in one short sentence.';
    case 'caller':
      return "The caller's last words were not answered yet: answer them now, without repeating anything that was said before.";
    case 'agent':
      return 'You were interrupted in the middle of what you said. Go on where your last words stop, and repeat none of them; if they were complete, ask in one short sentence how to go on.';
  }
}
