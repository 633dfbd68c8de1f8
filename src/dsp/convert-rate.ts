import { recordingRatesHz } from '../base/audio-format.js';
import { convertSamples } from '../native/rate-converter.js';
import { checkSamples, integerFrom } from './arguments.js';

/**
 * Converts a whole recording of mono int16 from one rate to another: `samples.length` times outputRateHz / inputRateHz
 * samples, rounded, with no shift. Takes some milliseconds for a second of audio. Rates between 1000 and 384000 Hz.
 * Throws TypeError (TP_ERR_DSP_TYPE) or RangeError (TP_ERR_DSP_RANGE). Source: libsoxr, VHQ.
 */
export function convertRate(samples: Int16Array, inputRateHz: number, outputRateHz: number): Int16Array {
  checkSamples('samples', samples);
  integerFrom('inputRateHz', inputRateHz, ...recordingRatesHz);
  integerFrom('outputRateHz', outputRateHz, ...recordingRatesHz);
  return convertSamples(samples, inputRateHz, outputRateHz);
}
