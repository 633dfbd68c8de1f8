import type { ReplyMeans } from '#talkpath/providers/cascade/llm/llm.js';

/** A reply that has nothing to be done in the world. */
export const withoutTools = (signal: AbortSignal): ReplyMeans => ({
  signal,
  useTool: () => Promise.reject(new Error('no tool was offered')),
});
