import type { Clock } from '../base/clock.js';

const firstDelayMs = 15_000;
const longestDelayMs = 240_000;
/** A call that is not at rest is looked at again so soon. */
const restDelayMs = 1000;
/** A level that was lost sooner than this after the call had come up to it is come back to more seldom. */
const steadyMs = 120_000;

export type ClimbOutcome = 'done' | 'in-vain' | 'not-now';

/** When a call that has come down the ladder tries to go up again: seldom, and more seldom each time it is in vain. */
export class Climb {
  readonly #clock: Clock;
  readonly #tryIt: () => Promise<ClimbOutcome>;
  #delayMs = firstDelayMs;
  #arrivedMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, tryIt: () => Promise<ClimbOutcome>) {
    this.#clock = clock;
    this.#tryIt = tryIt;
  }

  /** The call is not at the top. */
  begin(): void {
    if (this.#cancel) return;
    const isUnsteady = this.#clock.nowMs() - this.#arrivedMs < steadyMs;
    this.#delayMs = isUnsteady ? Math.min(longestDelayMs, this.#delayMs * 2) : firstDelayMs;
    this.#wait(this.#delayMs);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(delayMs: number): void {
    this.#cancel = this.#clock.after(delayMs, () => void this.#attempt());
  }

  async #attempt(): Promise<void> {
    const waited = this.#cancel;
    const outcome = await this.#tryIt();
    if (outcome === 'done') this.#arrivedMs = this.#clock.nowMs();
    // It was stopped meanwhile, or has arrived at a level and begun anew.
    if (this.#cancel !== waited || outcome === 'done') return;
    if (outcome === 'in-vain') this.#delayMs = Math.min(longestDelayMs, this.#delayMs * 2);
    this.#wait(outcome === 'in-vain' ? this.#delayMs : restDelayMs);
  }
}
