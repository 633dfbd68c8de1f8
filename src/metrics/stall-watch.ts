import type { Clock } from '../base/clock.js';

const expectedMs = 10;

/** Measures how late this thread answers: between rings of the doorbell while calls are at hand. */
export class StallWatch {
  readonly #clock: Clock;
  readonly #observe: (seconds: number) => void;
  #lastRingMs: number | undefined;
  #running = false;

  constructor(clock: Clock, observe: (seconds: number) => void) {
    this.#clock = clock;
    this.#observe = observe;
  }

  start(): void {
    this.#running = true;
  }

  stop(): void {
    this.#running = false;
  }

  /** The doorbell rang; rings are 10 ms apart unless this thread was busy. */
  rung(): void {
    const nowMs = this.#clock.nowMs();
    const lateMs = this.#lastRingMs === undefined ? 0 : nowMs - this.#lastRingMs - expectedMs;
    this.#lastRingMs = nowMs;
    if (this.#running && lateMs > 0) this.#observe(lateMs / 1000);
  }

  /** No call is at hand: the next ring may be any time away. */
  idle(): void {
    this.#lastRingMs = undefined;
  }
}
