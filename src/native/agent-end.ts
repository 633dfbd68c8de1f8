import { addon, type NativeAgentEnd, type SessionSnapshot } from './addon.js';

/** What the engine tells the control thread. Times are in milliseconds. */
export type SessionEvent =
  | {
      readonly type: 'speech-started' | 'speech-ended';
      /** When the detector was sure; the speech itself began or ended `agoMs` before. */
      readonly atMs: number;
      readonly agoMs: number;
      /** Where in the caller's stream it began or ended. */
      readonly streamMs: number;
    }
  | {
      readonly type: 'playout-started' | 'playout-progressed' | 'playout-paused' | 'playout-ended' | 'playout-flushed';
      readonly atMs: number;
      readonly turn: number;
      /** Of this turn's audio, so far. */
      readonly playedMs: number;
    };

const eventTypes = [
  'speech-started',
  'speech-ended',
  'playout-started',
  'playout-progressed',
  'playout-paused',
  'playout-ended',
  'playout-flushed',
] as const;

const commands = { flush: 0, pause: 1, resume: 2, 'arm-barge-in': 3, 'disarm-barge-in': 4 } as const;

/** Whether an AgentEnd could not be had because the session has ended, as it does when a caller hangs up at once. */
export const isSessionGone = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === 'TP_SESSION_GONE';

/** A session's handle on the control thread. */
export class AgentEnd {
  readonly #native: NativeAgentEnd;
  readonly #fields = new Float64Array(6);
  /** Commands that the engine had no room for, in order. */
  #unsent: { readonly type: keyof typeof commands; readonly turn: number }[] = [];

  /**
   * From now on the caller's audio is queued, at `agentRateHz`. A reply starts when `startDepthMs` (20 to 1000) of it
   * are there, or all of it, until the agent has shown how unevenly its audio comes: then that decides. Throws for a
   * session that has ended, and for a rate or a depth that cannot be.
   */
  constructor(sessionId: number, agentRateHz: number, startDepthMs: number) {
    this.#native = new addon.AgentEnd(sessionId, agentRateHz, startDepthMs);
  }

  /** Copies the caller's audio (int16, little endian) to `bytes`; returns bytes. */
  drain(bytes: Uint8Array): number {
    while (this.#unsent[0] && this.#send(this.#unsent[0].type, this.#unsent[0].turn)) this.#unsent.shift();
    return this.#native.drain(bytes);
  }

  nextEvent(): SessionEvent | undefined {
    if (!this.#native.nextEvent(this.#fields)) return undefined;
    const [code = 0, turn = 0, atMs = 0, streamMs = 0, playedMs = 0, agoMs = 0] = this.#fields;
    const type = eventTypes[code] ?? 'speech-ended';
    if (type === 'speech-started' || type === 'speech-ended') return { type, atMs, agoMs, streamMs };
    return { type, atMs, turn, playedMs };
  }

  /**
   * Queues audio of a turn (int16, little endian, whole samples, `rateHz` of 8000 to 48000). Returns the bytes taken: fewer than
   * given when the queue is full, and -1 when not even an end-of-reply mark fitted.
   */
  push(turn: number, pcm: Uint8Array, rateHz: number, endsReply: boolean): number {
    return this.#native.push(turn, pcm, 0, pcm.byteLength, rateHz, endsReply);
  }

  /** `turn` matters to flush alone: that turn and all before it are over. What the engine has no room for waits for drain(). */
  command(type: keyof typeof commands, turn = 0): void {
    if (this.#unsent.length > 0 || !this.#send(type, turn)) this.#unsent.push({ type, turn });
  }

  #send(type: keyof typeof commands, turn: number): boolean {
    return this.#native.command(commands[type], turn);
  }

  snapshot(): SessionSnapshot | undefined {
    return this.#native.snapshot();
  }

  release(): void {
    this.#native.release();
  }
}
