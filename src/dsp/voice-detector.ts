import { addon, type NativeVoiceDetector } from '../native/addon.js';
import { checkOptions, checkSamples, closedError, integerFrom, oneOf } from './arguments.js';
import { blockRatesHz, samplesPerBlock } from './rates.js';

export interface VoiceDetectorOptions {
  /** In Hz: 8000, 12000, 16000, 24000, 32000, 44100 or 48000. */
  readonly sampleRateHz: number;
  /** How much it takes to believe in speech: 0 (hears most) to 3 (believes least); 2 unless told. */
  readonly mode?: number;
}

/** What the detector thinks of 10 ms. */
export interface VoiceDecision {
  readonly speech: boolean;
  /** Of speech, 0 to 1: for a threshold of one's own. */
  readonly probability: number;
}

/**
 * Says of each 10 ms of mono int16 whether somebody speaks in them.
 *
 * Source: a recurrent network of 24,000 weights over band energies and pitch; docs/engine/voice-detection.md.
 */
export class VoiceDetector {
  readonly sampleRateHz: number;
  /** How much older than its block a decision is, in milliseconds: 0 but for rates that are resampled. */
  readonly latencyMs: number;
  readonly #native: NativeVoiceDetector;
  readonly #decision = new Float32Array(2);
  readonly #blockSamples: number;
  #open = true;

  /** Throws TypeError (TP_ERR_DSP_TYPE) or RangeError (TP_ERR_DSP_RANGE) for options that cannot be. */
  constructor(options: VoiceDetectorOptions) {
    checkOptions('VoiceDetector', options, ['sampleRateHz', 'mode']);
    this.sampleRateHz = oneOf('sampleRateHz', options.sampleRateHz, blockRatesHz);
    const mode = integerFrom('mode', options.mode, 0, 3, 2);
    this.#blockSamples = samplesPerBlock(this.sampleRateHz);
    this.#native = new addon.VoiceDetector(this.sampleRateHz, mode);
    this.latencyMs = this.#native.delaySeconds() * 1000;
  }

  /** Samples of a block: 10 ms. */
  get blockSamples(): number {
    return this.#blockSamples;
  }

  /** Takes the next 10 ms. Throws TypeError, RangeError, or TP_ERR_DSP_CLOSED. */
  process(block: Int16Array): VoiceDecision {
    if (!this.#open) throw closedError('VoiceDetector');
    checkSamples('block', block, this.#blockSamples);
    this.#native.process(block, this.#decision);
    const [speech = 0, probability = 0] = this.#decision;
    return { speech: speech === 1, probability };
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
