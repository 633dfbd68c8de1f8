import type { CallContext, ReplyCause } from '../../provider.js';

/** Decides what the agent says: a language model, or a script. */
export interface LanguageModel {
  open(call: CallContext): LlmSession;
  /** Sentences that are sure to be said in any call, for a text-to-speech that prepares. */
  readonly knownSentences: readonly string[];
  close(): Promise<void>;
}

export interface LlmSession {
  /** Answers the caller's words (empty unless `cause` is caller). `last`: the call ends after this reply. */
  reply(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmPart>;
  /** The reply was cut: the caller heard this much of it, and the rest was never said. */
  heard(text: string): void;
}

export interface LlmRequest {
  readonly cause: ReplyCause;
  readonly text: string;
  readonly last: boolean;
}

export type LlmPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool-call'; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
