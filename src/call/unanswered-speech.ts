import { audioBytes, pcm16 } from '../base/audio-format.js';

interface Piece {
  readonly pcm: Uint8Array;
  readonly speaking: boolean;
}

/** Kept from before the detector was sure, so that no first sound is lost. */
const preRollMs = 400;
/** Longer speech loses its beginning. */
const longestMs = 20_000;

/**
 * What the caller has said since the agent last answered, as audio: a provider that is lost may not have put it into
 * words, and the next one is to hear it too. Thread: control.
 */
export class UnansweredSpeech {
  readonly #preRollBytes: number;
  readonly #mostBytes: number;
  #pieces: Piece[] = [];
  #bytes = 0;
  #hasSpeech = false;

  constructor(rateHz: number) {
    this.#preRollBytes = audioBytes(preRollMs, pcm16(rateHz));
    this.#mostBytes = audioBytes(longestMs, pcm16(rateHz));
  }

  /** Takes what the caller's line brings; the bytes are kept. */
  take(pcm: Uint8Array, speaking: boolean): void {
    this.#hasSpeech ||= speaking;
    this.#pieces.push({ pcm, speaking });
    this.#bytes += pcm.byteLength;
    const most = this.#hasSpeech ? this.#mostBytes : this.#preRollBytes;
    while (this.#bytes - (this.#pieces[0]?.pcm.byteLength ?? 0) >= most) this.#bytes -= this.#pieces.shift()?.pcm.byteLength ?? 0;
  }

  /** The agent has answered: all of it is history. */
  answered(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#hasSpeech = false;
  }

  /** The caller speaks at this moment. */
  get isSpeaking(): boolean {
    return this.#pieces.at(-1)?.speaking === true;
  }

  /** In the order in which it came; empty when nothing was said. */
  get pieces(): readonly Piece[] {
    return this.#hasSpeech ? this.#pieces : [];
  }
}
