import type { Clock } from '#talkpath/base/clock.js';

interface Due {
  readonly atMs: number;
  readonly action: () => void;
}

/** A clock that stands still until it is told to go on, and then stops at each due time, in order. */
export class ManualClock implements Clock {
  #nowMs: number;
  #due: Due[] = [];

  constructor(startMs = 5000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallTime(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.#nowMs);
  }

  after(delayMs: number, action: () => void): () => void {
    const due = { atMs: this.#nowMs + delayMs, action };
    this.#due.push(due);
    return () => {
      this.#due = this.#due.filter((other) => other !== due);
    };
  }

  /** Lets time pass: each action runs at its own due time, those set by other actions included. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      // Of those due at the same time, the one set first comes first: sorting keeps their order.
      const [next] = this.#due.toSorted((a, b) => a.atMs - b.atMs);
      if (!next || next.atMs > untilMs) break;
      this.#due = this.#due.filter((other) => other !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.action();
    }
    this.#nowMs = untilMs;
  }

  /** Actions that are still to come. */
  get pending(): number {
    return this.#due.length;
  }
}
