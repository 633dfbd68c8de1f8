import type { Clock } from '../../../base/clock.js';

/** What one take waits for. */
export interface Awaited {
  readonly isReady: () => boolean;
  readonly words: () => string;
  /** It was waited for in vain: what there is all the same. May throw. */
  readonly late: () => string;
}

interface Waiting extends Awaited {
  readonly resolve: (words: string) => void;
  readonly reject: (error: unknown) => void;
  readonly stopWaiting: () => void;
}

/** Those who wait for words: served in the order in which they asked, each after a bounded time at the latest. */
export class Takes {
  readonly #clock: Clock;
  readonly #withinMs: number;
  #waiting: Waiting[] = [];

  constructor(clock: Clock, withinMs: number) {
    this.#clock = clock;
    this.#withinMs = withinMs;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  wait(awaited: Awaited): Promise<string> {
    return new Promise((resolve, reject) => {
      // Who asked first is due first: whoever is due is the first of those who wait.
      const stopWaiting = this.#clock.after(this.#withinMs, () => this.#serveLate());
      this.#waiting.push({ ...awaited, resolve, reject, stopWaiting });
      this.settle();
    });
  }

  /** To be called when more is known: serves whoever is ready. */
  settle(): void {
    while (this.#waiting[0]?.isReady()) {
      const { stopWaiting, resolve, words } = this.#waiting.shift() as Waiting;
      stopWaiting();
      resolve(words());
    }
  }

  /** Turns all away. */
  fail(error: unknown): void {
    for (const { stopWaiting, reject } of this.#waiting.splice(0)) {
      stopWaiting();
      reject(error);
    }
  }

  /** Nobody needs words any more: all get none. */
  close(): void {
    for (const { stopWaiting, resolve } of this.#waiting.splice(0)) {
      stopWaiting();
      resolve('');
    }
  }

  #serveLate(): void {
    const first = this.#waiting.shift();
    try {
      first?.resolve(first.late());
    } catch (error) {
      first?.reject(error);
    }
    this.settle();
  }
}
