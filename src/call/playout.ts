import { pcmMs } from '../base/audio-format.js';
import type { AgentEnd } from '../native/agent-end.js';
import type { DroppedAudio } from './call-record.js';

interface Waiting {
  readonly turn: number;
  readonly pcm: Uint8Array;
  readonly rateHz: number;
  readonly endsReply: boolean;
}

/** Audio that may wait here for room in the engine: a five-minute reply at 24 kHz. */
const maxWaitingBytes = 5 * 60 * 24_000 * 2;

/**
 * The agent's audio on its way into the engine. The engine's queue holds 20 s and more; what a provider gives beyond
 * that waits here, in order, up to a bound. Pieces with an odd number of bytes are joined, never shifted.
 */
export class Playout {
  readonly dropped: DroppedAudio = { lateMs: 0, noRoomMs: 0 };
  readonly #agentEnd: Pick<AgentEnd, 'push'>;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #oddByte: { readonly turn: number; readonly rateHz: number; readonly byte: number } | undefined;
  #deadThrough = 0;
  #lastRateHz = 8000;

  constructor(agentEnd: Pick<AgentEnd, 'push'>) {
    this.#agentEnd = agentEnd;
  }

  /** Takes audio of a turn; returns false when the turn is over. */
  push(turn: number, pcm: Uint8Array, rateHz: number): boolean {
    if (turn <= this.#deadThrough) {
      this.dropped.lateMs += pcmMs(pcm, rateHz);
      return false;
    }
    this.#lastRateHz = rateHz;
    const whole = this.#wholeSamples(turn, pcm, rateHz);
    if (whole.byteLength > 0) this.#give({ turn, pcm: whole, rateHz, endsReply: false });
    return true;
  }

  /** Nothing more of this turn follows. */
  end(turn: number): void {
    this.#oddByte = undefined;
    if (turn > this.#deadThrough) this.#give({ turn, pcm: new Uint8Array(0), rateHz: this.#lastRateHz, endsReply: true });
  }

  /** Forgets this turn and all before it. */
  drop(turn: number): void {
    this.#deadThrough = Math.max(this.#deadThrough, turn);
    this.#waiting = this.#waiting.filter((piece) => piece.turn > turn);
    this.#waitingBytes = this.#waiting.reduce((sum, piece) => sum + piece.pcm.byteLength, 0);
  }

  /** Moves on what waits, as far as there is room. */
  pump(): void {
    while (this.#waiting.length > 0) {
      const next = this.#waiting[0] as Waiting;
      const rest = this.#pushToEngine(next);
      if (rest === next) return;
      this.#waitingBytes -= next.pcm.byteLength - (rest?.pcm.byteLength ?? 0);
      if (rest) this.#waiting[0] = rest;
      else this.#waiting.shift();
      if (rest) return;
    }
  }

  #give(piece: Waiting): void {
    const rest = this.#waiting.length > 0 ? piece : this.#pushToEngine(piece);
    if (!rest) return;
    if (this.#waitingBytes + rest.pcm.byteLength > maxWaitingBytes) {
      this.dropped.noRoomMs += pcmMs(rest.pcm, rest.rateHz);
      return;
    }
    // A view into a socket's buffer would keep all of it, or change under us; a Buffer's slice() is such a view.
    this.#waiting.push({ ...rest, pcm: new Uint8Array(rest.pcm) });
    this.#waitingBytes += rest.pcm.byteLength;
  }

  /** What did not fit, undefined if all did. */
  #pushToEngine(piece: Waiting): Waiting | undefined {
    const taken = this.#agentEnd.push(piece.turn, piece.pcm, piece.rateHz, piece.endsReply);
    if (taken < 0 || (taken === 0 && piece.pcm.byteLength > 0)) return piece;
    return taken < piece.pcm.byteLength ? { ...piece, pcm: piece.pcm.subarray(taken) } : undefined;
  }

  /** Half a sample waits for its other half, unless what comes is of another stream. */
  #wholeSamples(turn: number, pcm: Uint8Array, rateHz: number): Uint8Array {
    const odd = this.#oddByte?.turn === turn && this.#oddByte.rateHz === rateHz ? this.#oddByte.byte : undefined;
    this.#oddByte = undefined;
    if (odd === undefined && pcm.byteLength % 2 === 0) return pcm;
    const joined = odd === undefined ? pcm : Buffer.concat([Uint8Array.of(odd), pcm]);
    if (joined.byteLength % 2 === 0) return joined;
    this.#oddByte = { turn, rateHz, byte: joined[joined.byteLength - 1] ?? 0 };
    return joined.subarray(0, joined.byteLength - 1);
  }
}
