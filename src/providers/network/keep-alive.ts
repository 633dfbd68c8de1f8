import type { Clock } from '../../base/clock.js';

/** Deepgram ends a connection over which it was sent nothing for about ten seconds. */
const quietMs = 5000;

/** Says that the call is still there when no audio has been sent for a while. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #send: () => void;
  #lastMs: number;
  #stopTimer: () => void;

  constructor(clock: Clock, send: () => void) {
    this.#clock = clock;
    this.#send = send;
    this.#lastMs = clock.nowMs();
    this.#stopTimer = this.#wait(quietMs);
  }

  audioSent(): void {
    this.#lastMs = this.#clock.nowMs();
  }

  stop(): void {
    this.#stopTimer();
  }

  #wait(ms: number): () => void {
    return this.#clock.after(ms, () => {
      const restMs = quietMs - (this.#clock.nowMs() - this.#lastMs);
      if (restMs <= 0) {
        this.#lastMs = this.#clock.nowMs();
        this.#send();
      }
      this.#stopTimer = this.#wait(restMs > 0 ? restMs : quietMs);
    });
  }
}
