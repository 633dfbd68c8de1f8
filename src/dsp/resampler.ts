import { addon, type NativeResampler } from '../native/addon.js';
import { checkOptions, checkRoom, checkSamples, closedError, oneOf } from './arguments.js';
import { streamRatesHz } from './rates.js';

export interface ResamplerOptions {
  /** Rate of what is given to process(), in Hz: 8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000 or 192000. */
  readonly inputRateHz: number;
  /** Rate of what process() returns, in Hz: one of the same. */
  readonly outputRateHz: number;
}

/**
 * Changes the sample rate of a stream of mono int16 samples, as it comes: any chunk size, and cut into other chunks the
 * output is the same to the bit. Gives as many samples for a frame as the frame lasts; nothing is withheld.
 *
 * Source: a linear-phase polyphase filter, Kaiser window; passband to 85 % of the lower Nyquist frequency, 100 dB down
 * from 115 %.
 */
export class Resampler {
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  /** Delay of the signal in milliseconds: 2.9 between 8 and 16 kHz. */
  readonly latencyMs: number;
  /** The same in samples of the output; need not be whole. */
  readonly latencySamples: number;
  readonly #native: NativeResampler;
  #open = true;

  /** Throws TypeError (TP_ERR_DSP_TYPE) or RangeError (TP_ERR_DSP_RANGE) for options that cannot be. */
  constructor(options: ResamplerOptions) {
    checkOptions('Resampler', options, ['inputRateHz', 'outputRateHz']);
    this.inputRateHz = oneOf('inputRateHz', options.inputRateHz, streamRatesHz);
    this.outputRateHz = oneOf('outputRateHz', options.outputRateHz, streamRatesHz);
    this.#native = new addon.Resampler(this.inputRateHz, this.outputRateHz);
    const delaySeconds = this.#native.delaySeconds();
    this.latencyMs = delaySeconds * 1000;
    this.latencySamples = delaySeconds * this.outputRateHz;
  }

  /** How many samples the next process() of `inputSamples` will give. */
  outputSamples(inputSamples: number): number {
    if (!this.#open) throw closedError('Resampler');
    return this.#native.outputSamples(inputSamples);
  }

  /**
   * Takes the next samples of the stream, any number, and returns what they become: in a new array, or in `output` when
   * one is given. It needs room for outputSamples(input.length), may not share memory with `input`, and is returned
   * itself when it is filled, else as a view of its filled part. Throws TypeError, RangeError, or TP_ERR_DSP_CLOSED.
   */
  process(input: Int16Array, output?: Int16Array): Int16Array {
    checkSamples('input', input);
    const count = this.outputSamples(input.length);
    if (output === undefined) {
      const fresh = new Int16Array(count);
      this.#native.process(input, fresh);
      return fresh;
    }
    checkSamples('output', output);
    checkRoom('output', output, count);
    this.#native.process(input, output);
    return output.length === count ? output : output.subarray(0, count);
  }

  /** Ends the stream: returns what of it is still in the filter, latencySamples rounded up. process() then begins another stream. */
  flush(): Int16Array {
    if (!this.#open) throw closedError('Resampler');
    const tail = new Int16Array(Math.ceil(this.latencySamples));
    const silence = new Int16Array(Math.ceil(((tail.length + 1) * this.inputRateHz) / this.outputRateHz));
    const last = this.process(silence).subarray(0, tail.length);
    tail.set(last);
    this.#native.restart();
    return tail;
  }

  /** Frees the native memory now instead of some time after the last use. */
  close(): void {
    this.#open = false;
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
