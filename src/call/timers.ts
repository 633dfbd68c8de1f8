import type { Clock } from '../base/clock.js';

/** Named timers, one of each name: setting one again replaces it. */
export class Timers<Name extends string> {
  readonly #clock: Clock;
  readonly #pending = new Map<Name, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set(name: Name, afterMs: number, action: () => void): void {
    this.#pending.get(name)?.();
    const cancel = this.#clock.after(afterMs, () => {
      this.#pending.delete(name);
      action();
    });
    this.#pending.set(name, cancel);
  }

  clear(): void {
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
  }
}
