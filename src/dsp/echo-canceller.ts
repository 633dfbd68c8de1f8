import { addon, type NativeEchoCanceller } from '../native/addon.js';
import { checkOptions, checkSamples, closedError, integerFrom, oneOf } from './arguments.js';
import { type NoiseSuppressionLevel, noiseSuppressionLevels } from './noise-suppressor.js';
import { blockRatesHz, samplesPerBlock } from './rates.js';

export const echoCancellerModes = ['always', 'auto'] as const;

export interface EchoCancellerOptions {
  /** Rate of both signals, in Hz: 8000, 12000, 16000, 24000, 32000, 44100 or 48000. */
  readonly sampleRateHz: number;
  /** How late the echo may come, in ms: 100 to 1200; 500 unless told. */
  readonly maxDelayMs?: number;
  /** Noise suppression after the canceller: 'off' unless told; 'low' is 6 dB, 'moderate' 12, 'high' 18. */
  readonly noiseSuppression?: 'off' | NoiseSuppressionLevel;
  /** 'always', unless told: from the first 30 ms on. 'auto': while there is an echo; otherwise the near end passes as it is. */
  readonly mode?: (typeof echoCancellerModes)[number];
}

/** What the canceller knows when a block has been processed. */
export interface EchoState {
  /** An echo has been found, and has not been gone for 8 s of the far end's speech. */
  readonly echoFound: boolean;
  /** How late it comes, from its far-end block on, in samples, to an eighth of a millisecond; undefined where none was found. */
  readonly echoDelaySamples: number | undefined;
  /** How late the near end comes out, in samples: with 'auto' it is less where nothing is removed. */
  readonly delaySamples: number;
  /** What was said at the far end may be on its way back. While it may not, a VoiceDetector tells who speaks. */
  readonly echoPossible: boolean;
  /** Somebody speaks at the near end, and it is not the echo. Means something while an echo is possible. */
  readonly callerSpeaks: boolean;
  /** Of that, 0 to 1: for a threshold of one's own. */
  readonly callerProbability: number;
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
  /** Delay of the near end where an echo is removed, in milliseconds and in samples, which need not be whole. */
  readonly latencyMs: number;
  readonly delaySamples: number;
  readonly #native: NativeEchoCanceller;
  readonly #passingDelaySamples: number;
  readonly #state = new Float32Array(6);
  readonly #blockSamples: number;
  #open = true;

  /** Throws TypeError (TP_ERR_DSP_TYPE) or RangeError (TP_ERR_DSP_RANGE) for options that cannot be. */
  constructor(options: EchoCancellerOptions) {
    checkOptions('EchoCanceller', options, ['sampleRateHz', 'maxDelayMs', 'noiseSuppression', 'mode']);
    this.sampleRateHz = oneOf('sampleRateHz', options.sampleRateHz, blockRatesHz);
    const maxDelayMs = integerFrom('maxDelayMs', options.maxDelayMs, 100, 1200, 500);
    const levels = ['off', ...noiseSuppressionLevels] as const;
    const noiseSuppression = oneOf('noiseSuppression', options.noiseSuppression, levels, 'off');
    const always = oneOf('mode', options.mode, echoCancellerModes, 'always') === 'always';
    this.#blockSamples = samplesPerBlock(this.sampleRateHz);
    this.#native = new addon.EchoCanceller(this.sampleRateHz, maxDelayMs, levels.indexOf(noiseSuppression), always);
    this.latencyMs = this.#native.delaySeconds(true) * 1000;
    this.delaySamples = (this.latencyMs * this.sampleRateHz) / 1000;
    this.#passingDelaySamples = this.#native.delaySeconds(false) * this.sampleRateHz;
  }

  /** Samples of a block: 10 ms. */
  get blockSamples(): number {
    return this.#blockSamples;
  }

  /**
   * Takes the next 10 ms of the near end, and the 10 ms of the far end that were handed to the loudspeaker or line
   * before it was heard. Returns the near end without echo: in a new array, or in `output` (of the same length; it may
   * be `nearEnd` itself). Throws TypeError, RangeError, or TP_ERR_DSP_CLOSED.
   */
  process(nearEnd: Int16Array, farEnd: Int16Array, output: Int16Array = new Int16Array(this.#blockSamples)): Int16Array {
    if (!this.#open) throw closedError('EchoCanceller');
    checkSamples('nearEnd', nearEnd, this.#blockSamples);
    checkSamples('farEnd', farEnd, this.#blockSamples);
    checkSamples('output', output, this.#blockSamples);
    this.#native.process(nearEnd, farEnd, output);
    return output;
  }

  /** What it knows after the latest process(). Throws TP_ERR_DSP_CLOSED. */
  get state(): EchoState {
    if (!this.#open) throw closedError('EchoCanceller');
    this.#native.state(this.#state);
    const [removes = 0, found = 0, possible = 0, speaks = 0, callerProbability = 0, echoDelaySamples = 0] = this.#state;
    return {
      echoFound: found === 1,
      echoDelaySamples: found === 1 ? echoDelaySamples : undefined,
      delaySamples: removes === 1 ? this.delaySamples : this.#passingDelaySamples,
      echoPossible: possible === 1,
      callerSpeaks: speaks === 1,
      callerProbability,
    };
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
