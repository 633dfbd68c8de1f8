import type { CallContext, ToolAnswer, ToolDefinition } from '../providers/provider.js';

/** Something the agent may do. */
export interface Tool {
  readonly definition: ToolDefinition;
  /** The arguments are as the definition's parameters say. Rejects for a fault of the program alone. */
  run(args: ToolArguments, use: ToolUse): Promise<ToolResult>;
}

export type ToolArguments = Readonly<Record<string, unknown>>;

/** For whom a tool is run. */
export interface ToolUse {
  readonly callId: string;
  readonly caller: CallContext['caller'];
  readonly variables: CallContext['variables'];
  /** The names of what this call's agent may use. */
  readonly tools: readonly string[];
  /** Aborted when nobody waits for the answer any more. What has gone out by then is not undone, and is seen to its end. */
  readonly signal: AbortSignal;
}

/** What came of a tool: an answer for the model, and beside it what a log may tell. */
export interface ToolResult extends ToolAnswer {
  readonly outcome: ToolOutcome;
  /** Why, in a word or two without anything that was said: "status 500". */
  readonly why?: string;
}

export type ToolOutcome =
  /** The call has taken it on. */
  | 'carried-out'
  /** The receiver has done it, and answered. */
  | 'answered'
  /** The receiver would not, and has done nothing. */
  | 'refused'
  /** Nothing can have happened. */
  | 'not-done'
  /** Nobody can tell whether it was done. */
  | 'unknown'
  /** It had been done before, or is being done: nothing was sent for this run. */
  | 'repeated'
  /** Nobody waited for it any more before anything was sent. */
  | 'called-off'
  | 'unknown-tool'
  | 'wrong-arguments'
  | 'journal-failed'
  | 'failed';
