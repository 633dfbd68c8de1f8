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

  add(audio: Uint8Array): void {
    this.#sentMs += audioMs(audio, this.#format);
    const untoldMs = this.#sentMs - this.#toldMs;
    if (untoldMs < tellEveryMs) return;
    this.#toldMs = this.#sentMs;
    this.#emit({ type: 'usage', usage: { stt_seconds: untoldMs / 1000 } });
  }
}
