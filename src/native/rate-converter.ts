import { lengthOf, memoryFor } from '../base/sample-memory.js';
import { addon } from './addon.js';

/**
 * Converts a whole recording of mono int16 from one rate to another: best quality, no delay, not for live audio.
 * Source: libsoxr, VHQ. Throws Error for rates outside recordingRatesHz, RangeError for more than memory holds.
 */
export function convertSamples(samples: Int16Array, inputRateHz: number, outputRateHz: number): Int16Array {
  const output = memoryFor(addon.convertedSamples(lengthOf(samples), inputRateHz, outputRateHz));
  const count = addon.convertRate(samples, inputRateHz, outputRateHz, output);
  return count === output.length ? output : output.slice(0, count);
}

/** The same for its bytes, little endian, at any offset; at the same rate they come back themselves. */
export function convertRate(pcm: Uint8Array, inputRateHz: number, outputRateHz: number): Uint8Array {
  if (inputRateHz === outputRateHz) return pcm;
  const { buffer, byteOffset, byteLength } = pcm.byteOffset % 2 === 0 ? pcm : new Uint8Array(pcm);
  const converted = convertSamples(new Int16Array(buffer, byteOffset, Math.floor(byteLength / 2)), inputRateHz, outputRateHz);
  return new Uint8Array(converted.buffer);
}
