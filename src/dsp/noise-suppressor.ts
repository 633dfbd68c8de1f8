import { addon, type NativeNoiseSuppressor } from '../native/addon.js';
import { checkOptions, checkSamples, closedError, oneOf } from './arguments.js';
import { blockRatesHz, samplesPerBlock } from './rates.js';

export const noiseSuppressionLevels = ['low', 'moderate', 'high'] as const;
/** 6, 12 and 18 dB. */
export type NoiseSuppressionLevel = (typeof noiseSuppressionLevels)[number];

export interface NoiseSuppressorOptions {
  /** In Hz: 8000, 12000, 16000, 24000, 32000, 44100 or 48000. */
  readonly sampleRateHz: number;
  /** 'moderate' unless told. */
  readonly level?: NoiseSuppressionLevel;
}

/**
 * Lowers steady noise between and under the words. Mono int16, 10 ms at a time.
 *
 * Source: WebRTC's noise suppressor (January 2023), which works at 16, 32 or 48 kHz: other rates are resampled on the
 * way in and out.
 */
export class NoiseSuppressor {
  readonly sampleRateHz: number;
  /** Delay of the signal, in milliseconds. */
  readonly latencyMs: number;
  readonly #native: NativeNoiseSuppressor;
  readonly #blockSamples: number;
  #open = true;

  /** Throws TypeError (TP_ERR_DSP_TYPE) or RangeError (TP_ERR_DSP_RANGE) for options that cannot be. */
  constructor(options: NoiseSuppressorOptions) {
    checkOptions('NoiseSuppressor', options, ['sampleRateHz', 'level']);
    this.sampleRateHz = oneOf('sampleRateHz', options.sampleRateHz, blockRatesHz);
    const level = oneOf('level', options.level, noiseSuppressionLevels, 'moderate');
    this.#blockSamples = samplesPerBlock(this.sampleRateHz);
    this.#native = new addon.NoiseSuppressor(this.sampleRateHz, noiseSuppressionLevels.indexOf(level) + 1);
    this.latencyMs = this.#native.delaySeconds() * 1000;
  }

  /** Samples of a block: 10 ms. */
  get blockSamples(): number {
    return this.#blockSamples;
  }

  /**
   * Takes the next 10 ms and returns 10 ms: in a new array, or in `output` (of the same length; it may be `block`
   * itself). Throws TypeError, RangeError, or TP_ERR_DSP_CLOSED.
   */
  process(block: Int16Array, output: Int16Array = new Int16Array(this.#blockSamples)): Int16Array {
    if (!this.#open) throw closedError('NoiseSuppressor');
    checkSamples('block', block, this.#blockSamples);
    checkSamples('output', output, this.#blockSamples);
    this.#native.process(block, output);
    return output;
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
