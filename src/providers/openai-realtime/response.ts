import type { Reply } from './reply.js';

/** More of one response are no plan but a loop, and each costs all calls time. */
const mostItems = 200;
const mostCalls = 64;

export interface ToolOutput {
  readonly callId: string;
  readonly text: string;
}

/** One response of the service, from our request for it to its end. A reply with tools in it takes several. */
export class Response {
  /** What the request was marked with. */
  readonly label: string;
  readonly reply: Reply;
  readonly instructions: string | undefined;
  readonly askedMs: number;
  /** It was asked for before, and the service was busy with a response that we did not know of. */
  readonly isRetry: boolean;
  /** Of the service; undefined until it has begun. */
  id: string | undefined;
  isCancelled = false;
  isDone = false;
  /** Names of the tools that its items call, by the items' ids. */
  readonly toolNames = new Map<string, string>();
  /** Calls of tools that are not answered yet. */
  readonly openCalls = new Set<string>();
  #calls = 0;
  readonly #items = new Set<string>();
  /** An answer to one of its calls is to be spoken of. */
  isSpokenOf = false;
  /** Items that nobody has heard of: messages that came after it was cancelled, calls of tools that were not told. */
  readonly unheardItems = new Set<string>();
  #outputs: ToolOutput[] = [];

  constructor({ label, reply, instructions, askedMs, isRetry }: Pick<Response, 'label' | 'reply' | 'instructions' | 'askedMs' | 'isRetry'>) {
    this.label = label;
    this.reply = reply;
    this.instructions = instructions;
    this.askedMs = askedMs;
    this.isRetry = isRetry;
  }

  get hasCalls(): boolean {
    return this.#calls > 0;
  }

  /** Counts what comes of it. Returns whether it is no more than a response can have. */
  count(itemId: string, isCall: boolean): boolean {
    this.#items.add(itemId);
    if (isCall) this.#calls += 1;
    return this.#items.size <= mostItems && this.#calls <= mostCalls;
  }

  /** A call of it was answered. */
  answer(output: ToolOutput, isSpokenOf: boolean): void {
    this.openCalls.delete(output.callId);
    this.isSpokenOf ||= isSpokenOf;
    this.#outputs.push(output);
  }

  /** Outputs that can be given to the service: none before the calls are part of the conversation. */
  takeOutputs(): readonly ToolOutput[] {
    return this.isDone ? this.#outputs.splice(0) : [];
  }
}
