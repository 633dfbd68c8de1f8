import type { ToolAnswer } from '../provider.js';
import type { ReplyMeans } from './llm/llm.js';

interface ToolCall {
  readonly turn: number;
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Tools that a language model has asked for and waits for. */
export class PendingTools {
  readonly #call: (call: ToolCall) => void;
  readonly #waiting = new Map<string, (answer: ToolAnswer) => void>();
  #last = 0;

  constructor(call: (call: ToolCall) => void) {
    this.#call = call;
  }

  /** For the reply of a turn, until that is aborted. */
  toolUser(turn: number, signal: AbortSignal): ReplyMeans['useTool'] {
    return (name, args) =>
      new Promise((resolve, reject) => {
        const id = this.#nextId();
        const finish = (): void => {
          this.#waiting.delete(id);
          signal.removeEventListener('abort', aborted);
        };
        const aborted = (): void => {
          finish();
          reject(signal.reason);
        };
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', aborted);
        this.#waiting.set(id, (answer) => {
          finish();
          resolve(answer);
        });
        this.#call({ turn, id, name, arguments: args });
      });
  }

  /** Has something done without waiting for what comes of it. */
  tell(turn: number, name: string, args: Readonly<Record<string, unknown>>): void {
    this.#call({ turn, id: this.#nextId(), name, arguments: args });
  }

  answer(id: string, answer: ToolAnswer): void {
    this.#waiting.get(id)?.(answer);
  }

  #nextId(): string {
    this.#last += 1;
    return `tool-${this.#last}`;
  }
}
