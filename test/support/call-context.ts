import type { CallContext } from '#talkpath/providers/provider.js';

/** A call of which nothing is known but what is given. */
export const callContext = (known: Partial<CallContext> = {}): CallContext => ({
  callId: 'call',
  greeting: undefined,
  prompt: undefined,
  language: undefined,
  caller: {},
  variables: {},
  tools: [],
  ...known,
});
