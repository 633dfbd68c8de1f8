import type { ReplyCause } from '../../../provider.js';

const goodbye = '[The call ends after this reply: say goodbye.]';

/**
 * What the telephone system tells the model besides the caller's words, if there are any. It stands among the caller's
 * messages, in brackets: many a server takes instructions at the beginning only, and no two messages of one side in a row.
 */
export function noteOf(cause: ReplyCause, hasWords: boolean, last: boolean): string {
  return [hasWords ? '' : unasked(cause, last), last ? goodbye : ''].filter((text) => text !== '').join('\n');
}

/** Why the agent speaks when the caller has not. */
function unasked(cause: ReplyCause, last: boolean): string {
  switch (cause) {
    case 'greeting':
      return '[The call begins: greet the caller.]';
    case 'caller':
      return '[The caller made a sound that was no words. Go on with what you were saying, or ask.]';
    case 'no-input':
      return last
        ? '[The caller has been silent, again.]'
        : '[The caller has been silent for a while. Ask shortly whether they are there, or put your question in other words.]';
    case 'resume':
      return '[The line to you was lost for a moment. Your last words may be incomplete: go on where they stop, without repeating them.]';
  }
}
