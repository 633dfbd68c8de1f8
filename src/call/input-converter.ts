import type { AudioFormat } from '../base/audio-format.js';
import { fromPcm16 } from '../native/g711-codec.js';
import { LiveResampler } from '../native/live-resampler.js';

/** The caller's audio on its way from the agent end, which has one rate for the whole call, to one provider. */
export class InputConverter {
  readonly #format: AudioFormat;
  readonly #resampler: LiveResampler | undefined;

  constructor(agentRateHz: number, format: AudioFormat) {
    this.#format = format;
    if (agentRateHz !== format.rateHz) this.#resampler = new LiveResampler(agentRateHz, format.rateHz);
  }

  /** int16 bytes of the agent end, as the provider takes them. */
  convert(pcm: Uint8Array): Uint8Array {
    return fromPcm16(this.#resampler?.process(pcm) ?? pcm, this.#format.encoding);
  }

  close(): void {
    this.#resampler?.close();
  }
}
