import type { ToolAnswer } from '../providers/provider.js';

/** Does what the agent asks for; never rejects. `signal` is aborted when nobody wants it any more. */
export type UseTool = (name: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal) => Promise<ToolAnswer>;

export interface ToolCallsOptions {
  readonly useTool: UseTool;
  /** Aborted when the call ends. */
  readonly signal: AbortSignal;
  /** `wasLast`: no other is at work. */
  readonly answered: (id: string, answer: ToolAnswer, wasLast: boolean) => void;
}

/** Tools at work for the agent of one call, by what its provider calls each. */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #atWork = new Map<string, AbortController>();

  constructor(options: ToolCallsOptions) {
    this.#options = options;
  }

  begin(id: string, name: string, args: Readonly<Record<string, unknown>>): void {
    const { useTool, signal, answered } = this.#options;
    const wish = new AbortController();
    this.#atWork.set(id, wish);
    void useTool(name, args, AbortSignal.any([signal, wish.signal])).then((answer) => {
      // The model is told even if its reply was cut meanwhile; another provider's model never asked.
      if (this.#atWork.get(id) !== wish) return;
      this.#atWork.delete(id);
      answered(id, answer, this.#atWork.size === 0);
    });
  }

  /** What has not been done yet is not done any more; the agent is told so. */
  callOff(): void {
    for (const wish of this.#atWork.values()) wish.abort();
  }

  /** The provider wants no answer to this one. */
  withdraw(id: string): void {
    this.#atWork.get(id)?.abort();
    this.#atWork.delete(id);
  }

  /** The provider that asked is gone: what has not been done is not done, and nobody is told. */
  forget(): void {
    this.callOff();
    this.#atWork.clear();
  }
}
