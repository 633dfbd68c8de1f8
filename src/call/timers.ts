import type { Clock } from '../base/clock.js';

/** Named timers, one of each name: setting one again replaces it. */
export class Timers<Name extends string> {
  readonly #clock: Clock;
  readonly #pending = new Map<Name, () => void>();

  readonly #beforeElapse: () => void;

  /** `beforeElapse` runs before a timer's action, and may still clear or replace it: a late thread hears the news first. */
  constructor(clock: Clock, beforeElapse: () => void = () => {}) {
    this.#clock = clock;
    this.#beforeElapse = beforeElapse;
  }

  set(name: Name, afterMs: number, action: () => void): void {
    this.#pending.get(name)?.();
    const cancel = this.#clock.after(afterMs, () => {
      this.#beforeElapse();
      if (this.#pending.get(name) !== cancel) return;
      this.#pending.delete(name);
      action();
    });
    this.#pending.set(name, cancel);
  }

  clear(except?: Name): void {
    for (const [name, cancel] of this.#pending) {
      if (name === except) continue;
      cancel();
      this.#pending.delete(name);
    }
  }
}
