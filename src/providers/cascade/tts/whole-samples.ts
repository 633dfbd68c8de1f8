import type { AudioFormat } from '../../../base/audio-format.js';

/** Makes pieces that a network has cut anywhere begin and end between samples. Half a sample at the very end is lost. */
export class WholeSamples {
  readonly #bytesPerSample: number;
  #rest: Uint8Array = new Uint8Array(0);

  constructor({ encoding }: AudioFormat) {
    this.#bytesPerSample = encoding === 'pcm16' ? 2 : 1;
  }

  /** The whole samples that are there now; none when too little came. */
  take(bytes: Uint8Array): Uint8Array {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const whole = all.length - (all.length % this.#bytesPerSample);
    this.#rest = all.slice(whole);
    return all.subarray(0, whole);
  }
}
