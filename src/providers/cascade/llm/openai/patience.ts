import type { Clock } from '../../../../base/clock.js';

/** How long is waited for what comes next, and a signal that ends the request when that is over or the reply is. */
export class Patience {
  readonly #clock: Clock;
  readonly #reply: AbortSignal;
  readonly #request = new AbortController();
  readonly #cancel = (): void => this.#request.abort();
  #stopWaiting: () => void = () => {};
  /** Nothing came in time. */
  isOver = false;

  constructor(clock: Clock, reply: AbortSignal) {
    this.#clock = clock;
    this.#reply = reply;
    if (reply.aborted) this.#cancel();
    else reply.addEventListener('abort', this.#cancel);
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  /** From now on. */
  wait(ms: number): void {
    this.rest();
    this.#stopWaiting = this.#clock.after(ms, () => {
      this.isOver = true;
      this.#request.abort();
    });
  }

  /** Nothing is waited for: what came is being spoken. */
  rest(): void {
    this.#stopWaiting();
    this.#stopWaiting = () => {};
  }

  /** Nothing more is waited for. */
  end(): void {
    this.rest();
    this.#reply.removeEventListener('abort', this.#cancel);
  }
}
