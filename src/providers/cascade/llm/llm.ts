import type { Usage } from '../../../base/usage.js';
import type { CallContext, ReplyCause, Said, ToolAnswer } from '../../provider.js';

/** Decides what the agent says: a language model, or a script. */
export interface LanguageModel {
  /** `history`: what was said before, by another provider's agent. */
  open(call: CallContext, history: readonly Said[]): LlmSession;
  /** Sentences that are sure to be said in any call, for a text-to-speech that prepares. */
  readonly knownSentences: readonly string[];
  /** Asks whether the model would answer; rejects if not. */
  probe?(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface LlmSession {
  /** Answers the caller's words (empty unless `cause` is caller or resume). */
  reply(request: LlmRequest, means: ReplyMeans): AsyncIterable<LlmPart>;
  /** The reply was cut: the caller heard this much of it, and the rest was never said; `before` as in Heard. */
  heard(text: string, before?: string): void;
  /** The last request was a guess, and a wrong one: it was never made. Without this nothing can be asked early. */
  takeBack?(): void;
}

export interface LlmRequest {
  readonly cause: ReplyCause;
  readonly text: string;
  /** The call ends after this reply, which should say so. */
  readonly last: boolean;
}

export interface ReplyMeans {
  /** Aborted when the reply is cancelled. */
  readonly signal: AbortSignal;
  /** Has something done in the world; resolves with what came of it, and rejects when the reply is cancelled. */
  readonly useTool: (name: string, args: Readonly<Record<string, unknown>>) => Promise<ToolAnswer>;
}

export type LlmPart =
  /** What a voice says in one go: a sentence, or its first clause. */
  | { readonly type: 'text'; readonly text: string }
  /** Something to be done whose outcome the words do not depend on. */
  | { readonly type: 'tool-call'; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }
  | { readonly type: 'usage'; readonly usage: Usage };
