import { addon, type NativeEchoCanceller } from '../native/addon.js';
import { checkOptions, checkSamples, closedError, integerFrom, oneOf } from './arguments.js';
import { type NoiseSuppressionLevel, noiseSuppressionLevels } from './noise-suppressor.js';
import { blockRatesHz, samplesPerBlock } from './rates.js';

export interface EchoCancellerOptions {
  /** Rate of both signals, in Hz: 8000, 12000, 16000, 24000, 32000, 44100 or 48000. */
  readonly sampleRateHz: number;
  /** How late the echo may come, in ms: 100 to 1200; 500 unless told. */
  readonly maxDelayMs?: number;
  /** Noise suppression after the canceller: 'off' unless told; 'low' is 6 dB, 'moderate' 12, 'high' 18. */
  readonly noiseSuppression?: 'off' | NoiseSuppressionLevel;
}

/**
 * Removes from the near end (what a microphone or a caller's line gives) the echo of the far end (what was played to
 * it). Mono int16, 10 ms of both at a time.
 *
 * Source: WebRTC AEC3's filter and suppressor, aligned by our own search for the echo, and its noise suppressor (January
 * 2023). They work at 16, 32 or 48 kHz: other rates are resampled on the way in and out.
 */
export class EchoCanceller {
  readonly sampleRateHz: number;
  /** Samples of a block: 10 ms. */
  readonly blockSamples: number;
  /** Delay of the near end, in milliseconds. */
  readonly latencyMs: number;
  readonly #native: NativeEchoCanceller;
  #open = true;

  /** Throws TypeError (TP_ERR_DSP_TYPE) or RangeError (TP_ERR_DSP_RANGE) for options that cannot be. */
  constructor(options: EchoCancellerOptions) {
    checkOptions('EchoCanceller', options, ['sampleRateHz', 'maxDelayMs', 'noiseSuppression']);
    this.sampleRateHz = oneOf('sampleRateHz', options.sampleRateHz, blockRatesHz);
    const maxDelayMs = integerFrom('maxDelayMs', options.maxDelayMs, 100, 1200, 500);
    const levels = ['off', ...noiseSuppressionLevels] as const;
    const noiseSuppression = oneOf('noiseSuppression', options.noiseSuppression, levels, 'off');
    this.blockSamples = samplesPerBlock(this.sampleRateHz);
    this.#native = new addon.EchoCanceller(this.sampleRateHz, maxDelayMs, levels.indexOf(noiseSuppression));
    this.latencyMs = this.#native.delaySeconds() * 1000;
  }

  /**
   * Takes the next 10 ms of the near end, and the 10 ms of the far end that were handed to the loudspeaker or line
   * before it was heard. Returns the near end without echo: in a new array, or in `output` (of the same length; it may
   * be `nearEnd` itself). Throws TypeError, RangeError, or TP_ERR_DSP_CLOSED.
   */
  process(nearEnd: Int16Array, farEnd: Int16Array, output: Int16Array = new Int16Array(this.blockSamples)): Int16Array {
    if (!this.#open) throw closedError('EchoCanceller');
    checkSamples('nearEnd', nearEnd, this.blockSamples);
    checkSamples('farEnd', farEnd, this.blockSamples);
    checkSamples('output', output, this.blockSamples);
    this.#native.process(nearEnd, farEnd, output);
    return output;
  }

  /** Frees the native memory (0.7 MB) now instead of some time after the last use. */
  close(): void {
    this.#open = false;
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
