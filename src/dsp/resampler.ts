import { recordingRatesHz } from '../base/audio-format.js';
import { lengthOf, memoryFor } from '../base/sample-memory.js';
import { addon, type NativeResampler } from '../native/addon.js';
import { checkApart, checkOptions, checkSamples, closedError, integerFrom, oneOf, tooShort } from './arguments.js';
import { streamRatesHz } from './rates.js';

/** More than any array has. */
const mostSamples = 2 ** 40;

export const resamplerQualities = ['live', 'recording'] as const;

export interface ResamplerOptions {
  /**
   * Rate of what process() takes, in Hz. Live: 8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000 or 192000;
   * recording: an integer between 1000 and 384000.
   */
  readonly inputRateHz: number;
  /** Rate of what process() returns, in Hz: of the same. */
  readonly outputRateHz: number;
  /**
   * 'live', unless told: each frame gives as much as it lasts, at once. 'recording': the best that there is, in bursts
   * and late, with no shift of the signal.
   */
  readonly quality?: (typeof resamplerQualities)[number];
}

/**
 * Changes the sample rate of a stream of mono int16 samples as it comes, in pieces of any size: however the stream is
 * cut, its output is the same to the bit. One object a stream.
 *
 * Source: live, the engine's own polyphase low-pass of minimum phase, as docs/engine/resampling.md describes it;
 * recording, libsoxr's VHQ recipe.
 */
export class Resampler {
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  /** How far the signal is shifted, in samples of the output, not always whole: 0 with 'recording'. */
  readonly delaySamples: number;
  readonly #native: NativeResampler;
  #latencyMs: number | undefined;
  #open = true;

  /** Throws TypeError (TP_ERR_DSP_TYPE) or RangeError (TP_ERR_DSP_RANGE) for options that cannot be. */
  constructor(options: ResamplerOptions) {
    // 1. Which options, and which of the two resamplers.
    checkOptions('Resampler', options, ['inputRateHz', 'outputRateHz', 'quality']);
    const isLive = oneOf('quality', options.quality, resamplerQualities, 'live') === 'live';
    // 2. The rates that it takes.
    const rate = (name: 'inputRateHz' | 'outputRateHz'): number =>
      isLive ? oneOf(name, options[name], streamRatesHz) : integerFrom(name, options[name], ...recordingRatesHz);
    this.inputRateHz = rate('inputRateHz');
    this.outputRateHz = rate('outputRateHz');
    // 3. The resampler.
    this.#native = new (isLive ? addon.Resampler : addon.RecordingResampler)(this.inputRateHz, this.outputRateHz);
    this.delaySamples = this.#native.delaySeconds() * this.outputRateHz;
    if (isLive) this.#latencyMs = this.#native.latencySeconds() * 1000;
  }

  /**
   * From a sample's coming in to its coming out, in milliseconds. Live: the filter's delay at low frequencies; the edge
   * of the band takes 3.6 times that. Recording: no less than is ever withheld, and no more than 6 % above it; tried out
   * when it is first asked for, which takes milliseconds, and at rates of few kHz up to half a second.
   */
  get latencyMs(): number {
    this.#latencyMs ??= this.#native.latencySeconds() * 1000;
    return this.#latencyMs;
  }

  /** How many samples the next process() of `inputSamples` (0 or more) will give; with 'recording' at most. */
  outputSamples(inputSamples: number): number {
    if (!this.#open) throw closedError('Resampler');
    return this.#native.outputSamples(integerFrom('inputSamples', inputSamples, 0, mostSamples));
  }

  /**
   * Takes the next samples of the stream, any number, and returns what they become: in a new array, or in `output` when
   * one is given. It needs room for outputSamples(input.length), may not share memory with `input`, and is returned
   * itself when it is filled, else as a view of its filled part. Throws TypeError, RangeError, or TP_ERR_DSP_CLOSED.
   */
  process(input: Int16Array, output?: Int16Array): Int16Array {
    if (!this.#open) throw closedError('Resampler');
    checkSamples('input', input);
    if (output === undefined) {
      const fresh = memoryFor(this.#native.outputSamples(lengthOf(input)));
      const count = this.#native.process(input, fresh);
      return count === fresh.length ? fresh : fresh.slice(0, count);
    }
    checkSamples('output', output);
    checkApart('output', output, input);
    const count = this.#native.process(input, output);
    if (count < 0) throw tooShort('output', output, -count);
    return count === lengthOf(output) ? output : output.subarray(0, count);
  }

  /**
   * Ends the stream and returns what of it has not come out: live, the fading of its last samples; recording, what was
   * withheld. The next process() begins another stream. Throws TP_ERR_DSP_CLOSED.
   */
  flush(): Int16Array {
    if (!this.#open) throw closedError('Resampler');
    const rest = new Int16Array(this.#native.flushSamples());
    const count = this.#native.flush(rest);
    return count === rest.length ? rest : rest.slice(0, count);
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
