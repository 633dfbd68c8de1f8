import type OpenAI from 'openai';
import type { Usage } from '../../../../base/usage.js';
import type { ToolDefinition } from '../../../provider.js';
import type { Entry } from './turn.js';

/** What a model is asked, in whatever API. */
export interface Question {
  readonly instructions: string;
  readonly entries: readonly Entry[];
  readonly tools: readonly ToolDefinition[];
  /** It must answer in words now. */
  readonly wordsOnly: boolean;
}

/** What it answers, bit by bit: words, then calls, then the end. */
export type AnswerEvent =
  | { readonly type: 'text'; readonly delta: string }
  /** A call is being written, which comes when it is whole. */
  | { readonly type: 'calling' }
  | ({ readonly type: 'call' } & ToolCall)
  | { readonly type: 'ended'; readonly why: EndOfAnswer }
  /** Of the whole answer so far; the last one counts. */
  | { readonly type: 'usage'; readonly usage: Usage };

/** `cut`: as long as it may be; `withheld`: by the filter of the service. */
export type EndOfAnswer = 'complete' | 'cut' | 'withheld';

/** A tool that the model asks for, as it wrote it. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** Reads the events of one answer. Throws TP_ERR_PROVIDER_PROTOCOL for one that the API does not know in this form. */
export interface AnswerReader {
  read(message: unknown): AnswerEvent[];
}

/** One of the APIs in which a model can be asked. */
export interface ModelApi {
  /** Resolves with a stream of events. */
  open(client: OpenAI, question: Question, signal: AbortSignal): Promise<Response>;
  reader(): AnswerReader;
}

/** More tools in one answer are no plan but a loop. */
export const mostCalls = 16;
