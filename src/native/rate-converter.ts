import { addon } from './addon.js';

/**
 * Converts a whole recording (int16, little endian, mono) from one rate to another: best quality, no delay, not for
 * live audio. Source: libsoxr, VHQ. Throws Error for rates outside recordingRatesHz.
 */
export function convertRate(pcm: Uint8Array, inputRateHz: number, outputRateHz: number): Uint8Array {
  if (inputRateHz === outputRateHz) return pcm;
  return addon.convertRate(pcm, inputRateHz, outputRateHz);
}
