import type { CallContext, ToolDefinition } from '#talkpath/providers/provider.js';

/** A call of which nothing is known but what is given. */
export const callContext = (known: Partial<CallContext> = {}): CallContext => ({
  callId: 'call',
  greeting: undefined,
  prompt: undefined,
  language: undefined,
  caller: {},
  variables: {},
  tools: [],
  done: [],
  ...known,
});

/** Something the agent may do. */
export const toolNamed = (name: string): ToolDefinition => ({
  name,
  description: `does ${name}`,
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
});
