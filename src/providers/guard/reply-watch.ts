import type { Clock } from '../../base/clock.js';

export interface ReplyWatchOptions {
  readonly clock: Clock;
  /** Until the first audio of a reply. */
  readonly firstAudioMs: number;
  /** Silence in the middle of a reply, beyond what was given ahead. */
  readonly idleMs: number;
  readonly onLate: (what: 'first-audio' | 'idle') => void;
}

/** Of silence that a reply has had, so much of each piece's length is forgiven: a pause between sentences is none of a drip's. */
const forgiven = 0.5;

/** Notices a reply that does not begin, stops, or drips: audio that comes slower than it is heard. Thread: control. */
export class ReplyWatch {
  readonly #options: ReplyWatchOptions;
  #turn: number | undefined;
  #hasBegun = false;
  /** When all audio so far will have been heard, if it is heard as it comes. */
  #heardOutMs = 0;
  #starvedMs = 0;
  #isSuspended = false;
  #cancel: () => void = () => {};

  constructor(options: ReplyWatchOptions) {
    this.#options = options;
  }

  /** A reply is waited for. */
  asked(turn: number): void {
    this.#turn = turn;
    this.#isSuspended = false;
    this.#hasBegun = false;
    this.#starvedMs = 0;
    this.#arm(this.#options.firstAudioMs, 'first-audio');
  }

  audio(turn: number, ms: number): void {
    if (turn !== this.#turn) return;
    const nowMs = this.#options.clock.nowMs();
    if (!this.#hasBegun) this.#heardOutMs = nowMs;
    this.#hasBegun = true;
    this.#starvedMs = Math.max(0, this.#starvedMs + Math.max(0, nowMs - this.#heardOutMs) - ms * forgiven);
    this.#heardOutMs = Math.max(nowMs, this.#heardOutMs) + ms;
    if (this.#isSuspended) return;
    this.#arm(this.#heardOutMs - nowMs + Math.max(0, this.#options.idleMs - this.#starvedMs), 'idle');
  }

  /** The reply waits for something done in the world: that has a time limit of its own. */
  suspend(): void {
    this.#isSuspended = true;
    this.#cancel();
  }

  /** What it waited for is there. */
  resume(): void {
    this.#isSuspended = false;
    if (this.#turn === undefined) return;
    this.#hasBegun = false;
    this.#starvedMs = 0;
    this.#arm(this.#options.firstAudioMs, 'first-audio');
  }

  /** The reply has ended, or was cancelled. */
  over(): void {
    this.#turn = undefined;
    this.#cancel();
  }

  #arm(afterMs: number, what: 'first-audio' | 'idle'): void {
    this.#cancel();
    this.#cancel = this.#options.clock.after(afterMs, () => this.#options.onLate(what));
  }
}
