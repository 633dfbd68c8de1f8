import { type AudioFormat, audioMs } from '../../base/audio-format.js';

/** Silence after a noise over which the service has said nothing: it was no speech. */
const noiseOverMs = 400;

/**
 * A reply that was cancelled before any of it had come, because something was heard: if that was no speech to the
 * service, its reply comes all the same, and answers what the caller had said. Counts the caller's audio, not time.
 */
export class NoiseWatch {
  readonly #format: AudioFormat;
  #silentMs: number | undefined;

  constructor(format: AudioFormat) {
    this.#format = format;
  }

  begin(): void {
    this.#silentMs = 0;
  }

  stop(): void {
    this.#silentMs = undefined;
  }

  /** Returns true once: when it was but a noise. */
  hear(audio: Uint8Array, speaking: boolean): boolean {
    if (this.#silentMs === undefined) return false;
    this.#silentMs = speaking ? 0 : this.#silentMs + audioMs(audio, this.#format);
    if (this.#silentMs < noiseOverMs) return false;
    this.stop();
    return true;
  }
}
