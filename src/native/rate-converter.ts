import { addon } from './addon.js';

/**
 * Converts a whole recording (int16, little endian, mono) from one rate to another: best quality, no delay, not for
 * live audio. Source: libsoxr, VHQ. Throws RangeError for rates outside 1000 to 384000 Hz.
 */
export function convertRate(pcm: Uint8Array, inputRateHz: number, outputRateHz: number): Uint8Array {
  if (inputRateHz === outputRateHz) return pcm;
  for (const rateHz of [inputRateHz, outputRateHz]) {
    if (!Number.isInteger(rateHz) || rateHz < 1000 || rateHz > 384_000) {
      throw new RangeError(`Expected an integer between 1000 and 384000 for a sample rate but received ${rateHz}`);
    }
  }
  return addon.convertRate(pcm, inputRateHz, outputRateHz);
}
