import type { Clock } from '../base/clock.js';

export interface BridgeOptions {
  readonly clock: Clock;
  /** Silence that a caller who waits for a reply hears before a line bridges it. */
  readonly afterMs: number;
  /** The same when a provider was lost in the middle of a reply. */
  readonly afterLossMs: number;
  /** Says the next line as part of the turn's reply; returns how long it is, 0 when there is none. */
  readonly say: (turn: number) => number;
}

interface Waiting {
  readonly turn: number;
  afterMs: number;
  givenMs: number;
  /** Of what was given, pieces that make no frame yet. */
  unheardMs: number;
  /** When all that was given will have been heard. */
  silentFromMs: number;
  linesLeft: number;
}

/** A frame on the wire. */
const leastHeardMs = 20;
/** A tool may take longer than one line lasts. */
const linesForTools = 8;

/** Fills the silence in which a caller waits for a reply: a word at the right time, never over the reply. Thread: control. */
export class Bridge {
  readonly #options: BridgeOptions;
  #waiting: Waiting | undefined;
  #isPaused = false;
  #cancel: () => void = () => {};

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  /** A reply is waited for. */
  replyAsked(turn: number): void {
    const { clock, afterMs } = this.#options;
    this.#isPaused = false;
    this.#waiting = { turn, afterMs, givenMs: 0, unheardMs: 0, silentFromMs: clock.nowMs(), linesLeft: 1 };
    this.#arm();
  }

  /** Its provider is gone, and another is asked. */
  providerLost(): void {
    if (!this.#waiting) return;
    this.#waiting.afterMs = Math.min(this.#waiting.afterMs, this.#options.afterLossMs);
    this.#waiting.linesLeft = Math.max(1, this.#waiting.linesLeft);
    this.#arm();
  }

  /** The reply waits for something that is done in the world, and may take its time. */
  toolBegun(): void {
    if (!this.#waiting) return;
    this.#waiting.linesLeft = linesForTools;
    this.#arm();
  }

  /** It waits no more. */
  toolsOver(): void {
    if (!this.#waiting) return;
    this.#waiting.linesLeft = Math.min(1, this.#waiting.linesLeft);
    this.#arm();
  }

  /** Audio of the reply was given. */
  audioGiven(turn: number, ms: number): void {
    if (this.#waiting?.turn !== turn) return;
    this.#queued(this.#waiting, ms);
    this.#arm();
  }

  /** The caller has heard so much of the reply. */
  heard(turn: number, playedMs: number): void {
    if (this.#waiting?.turn !== turn) return;
    this.#isPaused = false;
    const leftMs = this.#waiting.givenMs - playedMs;
    if (leftMs >= leastHeardMs) this.#waiting.silentFromMs = this.#options.clock.nowMs() + leftMs;
    this.#arm();
  }

  /** The caller speaks over the agent. */
  paused(): void {
    this.#isPaused = true;
    this.#cancel();
  }

  /** It was a cough: what was queued goes on. */
  resumed(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#arm();
  }

  /** All of it was given, or it was cancelled, or the call is over. */
  replyOver(): void {
    this.#waiting = undefined;
    this.#cancel();
  }

  #arm(): void {
    this.#cancel();
    const waiting = this.#waiting;
    if (!waiting || this.#isPaused || waiting.linesLeft === 0) return;
    const { clock, say } = this.#options;
    this.#cancel = clock.after(Math.max(0, waiting.silentFromMs + waiting.afterMs - clock.nowMs()), () => {
      waiting.linesLeft -= 1;
      waiting.silentFromMs = clock.nowMs();
      this.#queued(waiting, say(waiting.turn));
      this.#arm();
    });
  }

  /** Pieces too short to be heard end no silence before there is enough of them. */
  #queued(waiting: Waiting, ms: number): void {
    waiting.givenMs += ms;
    waiting.unheardMs += ms;
    if (waiting.unheardMs < leastHeardMs) return;
    waiting.silentFromMs = Math.max(waiting.silentFromMs, this.#options.clock.nowMs()) + waiting.unheardMs;
    waiting.unheardMs = 0;
  }
}
