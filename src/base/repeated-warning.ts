import type { Clock } from './clock.js';

const everyMs = 10_000;

/**
 * Warnings that a stranger could repeat without end: the first of a kind is given at once, further ones once in 10 s
 * with how many there were.
 */
export class RepeatedWarning<Kind> {
  readonly #clock: Clock;
  readonly #warn: (kind: Kind, times: number) => void;
  readonly #held = new Map<Kind, { times: number; cancel: () => void }>();

  constructor(clock: Clock, warn: (kind: Kind, times: number) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  happened(kind: Kind): void {
    const held = this.#held.get(kind);
    if (held) {
      held.times += 1;
      return;
    }
    this.#warn(kind, 1);
    this.#hold(kind);
  }

  /** Gives what was held back. */
  stop(): void {
    for (const [kind, { times, cancel }] of this.#held) {
      cancel();
      if (times > 0) this.#warn(kind, times);
    }
    this.#held.clear();
  }

  #hold(kind: Kind): void {
    const cancel = this.#clock.after(everyMs, () => {
      const times = this.#held.get(kind)?.times ?? 0;
      this.#held.delete(kind);
      if (times === 0) return;
      this.#warn(kind, times);
      this.#hold(kind);
    });
    this.#held.set(kind, { times: 0, cancel });
  }
}
