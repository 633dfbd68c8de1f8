import { type AudioFormat, audioMs } from '../../../base/audio-format.js';
import type { SttEvent } from './stt.js';

/** So much may be missing from the account of a call that ends. */
const tellEveryMs = 1000;

/** Counts the audio that a service was sent, which is what it charges for, and tells it as it grows. */
export class AudioMeter {
  readonly #format: AudioFormat;
  readonly #emit: (event: SttEvent) => void;
  #sentMs = 0;
  #toldMs = 0;

  constructor(format: AudioFormat, emit: (event: SttEvent) => void) {
    this.#format = format;
    this.#emit = emit;
  }

  get sentMs(): number {
    return this.#sentMs;
  }

  /** Returns how long the audio lasts, in ms. */
  add(audio: Uint8Array): number {
    const ms = audioMs(audio, this.#format);
    this.#sentMs += ms;
    const untoldMs = this.#sentMs - this.#toldMs;
    if (untoldMs >= tellEveryMs) {
      this.#toldMs = this.#sentMs;
      this.#emit({ type: 'usage', usage: { stt_seconds: untoldMs / 1000 } });
    }
    return ms;
  }
}
