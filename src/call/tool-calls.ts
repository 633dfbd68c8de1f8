import { firstOf } from '../base/text.js';
import { endUnknown, type ToolAnswer, type ToolDone } from '../providers/provider.js';

/** Does what the agent asks for; never rejects. `signal` is aborted when nobody wants it any more. */
export type UseTool = (name: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal) => Promise<ToolAnswer>;

export interface ToolCallsOptions {
  readonly useTool: UseTool;
  /** Aborted when the call ends. */
  readonly signal: AbortSignal;
  readonly answered: (id: string, answer: ToolAnswer) => void;
  /** None is at work any more. */
  readonly idle: () => void;
}

/** What the next agent is reminded of. */
const mostKept = 20;
const longestKept = 500;

/** Tools at work for the agent of one call, by what its provider calls each, and what came of all. */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #atWork = new Map<string, AbortController>();
  readonly #done: { name: string; arguments: string; answer: string }[] = [];

  constructor(options: ToolCallsOptions) {
    this.#options = options;
  }

  /** The last that were asked for, oldest first. */
  get done(): readonly ToolDone[] {
    return [...this.#done];
  }

  begin(id: string, name: string, args: Readonly<Record<string, unknown>>): void {
    const { useTool, signal, answered } = this.#options;
    const wish = new AbortController();
    const kept = { name, arguments: firstOf(JSON.stringify(args), longestKept), answer: endUnknown };
    this.#done.push(kept);
    if (this.#done.length > mostKept) this.#done.shift();
    // An agent that uses a name again expects one answer.
    this.#atWork.get(id)?.abort();
    this.#atWork.set(id, wish);
    void useTool(name, args, AbortSignal.any([signal, wish.signal])).then((answer) => {
      kept.answer = firstOf(answer.text, longestKept);
      // The model is told even if its reply was cut meanwhile; another provider's model never asked.
      if (this.#atWork.get(id) !== wish) return;
      this.#over(id);
      answered(id, answer);
    });
  }

  /** What has not been done yet is not done any more; the agent is told so. */
  callOff(): void {
    for (const wish of this.#atWork.values()) wish.abort();
  }

  /** The provider wants no answer to this one. */
  withdraw(id: string): void {
    this.#atWork.get(id)?.abort();
    this.#over(id);
  }

  /** The provider that asked is gone: what has not been done is not done, and nobody is told. */
  forget(): void {
    this.callOff();
    for (const id of this.#atWork.keys()) this.#over(id);
  }

  #over(id: string): void {
    if (this.#atWork.delete(id) && this.#atWork.size === 0) this.#options.idle();
  }
}
