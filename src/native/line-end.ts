import { messageOf, TalkpathError } from '../base/errors.js';
import { addon, type NativeLineEnd, type SessionOptions, type SessionSnapshot } from './addon.js';

/** Opens a session: its clock starts, and its first frame is due at once. Throws TP_ERR_ENGINE_FULL. Thread: media. */
export function openSession(options: SessionOptions): LineEnd {
  try {
    return new LineEnd(addon.openSession(options), options.lineRateHz);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'TP_ENGINE_FULL') throw error;
    throw new TalkpathError('TP_ERR_ENGINE_FULL', messageOf(error), { cause: error });
  }
}

/** A session's handle on the media thread. */
export class LineEnd {
  readonly sessionId: number;
  /** Rate of the frames that drain() gives. */
  readonly rateHz: number;
  readonly #native: NativeLineEnd;

  constructor(sessionId: number, rateHz: number) {
    this.sessionId = sessionId;
    this.rateHz = rateHz;
    this.#native = new addon.LineEnd(sessionId);
  }

  /** Hands over the caller's samples (int16, little endian); an odd last byte is left out. Returns bytes taken. */
  push(bytes: Uint8Array, offset: number, byteCount: number, rateHz: number): number {
    return this.#native.push(bytes, offset, byteCount, rateHz);
  }

  /** Copies the next frame for the line to `bytes` at `offset`; returns its size in bytes, 0 when none is due. */
  drain(bytes: Uint8Array, offset: number): number {
    return this.#native.drain(bytes, offset);
  }

  /** Stops the session's clock and returns its last counters. The agent end may still read what is queued. */
  close(): SessionSnapshot | undefined {
    const snapshot = this.#native.snapshot();
    addon.closeSession(this.sessionId);
    this.#native.release();
    return snapshot;
  }
}
