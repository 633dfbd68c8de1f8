import { addon, type NativeResampler } from './addon.js';

/** Converts a live stream of int16 bytes from one rate to another; the engine's own filter. Whole samples at even offsets. */
export class LiveResampler {
  readonly #native: NativeResampler;

  constructor(inputRateHz: number, outputRateHz: number) {
    this.#native = new addon.Resampler(inputRateHz, outputRateHz);
  }

  process(pcm: Uint8Array): Uint8Array {
    const input = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1);
    const output = new Int16Array(this.#native.outputSamples(input.length));
    const count = this.#native.process(input, output);
    return new Uint8Array(output.buffer, 0, count * 2);
  }

  close(): void {
    this.#native.close();
  }
}
