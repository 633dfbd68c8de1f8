import { type Clock, systemClock } from '#talkpath/base/clock.js';

/** The real clock, which knows what is still to come: after the end of a session, nothing. */
export class WatchedClock implements Clock {
  readonly #pending = new Set<() => void>();

  nowMs(): number {
    return systemClock.nowMs();
  }

  wallTime(): Date {
    return systemClock.wallTime();
  }

  after(delayMs: number, action: () => void): () => void {
    const cancel = systemClock.after(delayMs, () => {
      this.#pending.delete(cancel);
      action();
    });
    this.#pending.add(cancel);
    return () => {
      this.#pending.delete(cancel);
      cancel();
    };
  }

  get pending(): number {
    return this.#pending.size;
  }
}
