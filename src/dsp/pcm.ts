import { bufferOf, lengthOf, offsetOf } from '../base/sample-memory.js';
import { checkBytes, checkSamples } from './arguments.js';

/**
 * The samples in bytes of int16 PCM, little endian, as they come from a socket or a file: a copy, so any offset will
 * do; an odd last byte is left out. Throws TypeError (TP_ERR_DSP_TYPE).
 */
export function samplesOf(bytes: Uint8Array): Int16Array {
  checkBytes('bytes', bytes);
  const samples = new Int16Array(Math.floor(lengthOf(bytes) / 2));
  new Uint8Array(samples.buffer).set(new Uint8Array(bufferOf(bytes), offsetOf(bytes), samples.byteLength));
  return samples;
}

/** The bytes of samples as int16 PCM, little endian: the same memory, not a copy. Throws TypeError (TP_ERR_DSP_TYPE). */
export function bytesOf(samples: Int16Array): Uint8Array {
  checkSamples('samples', samples);
  return new Uint8Array(bufferOf(samples), offsetOf(samples), lengthOf(samples) * Int16Array.BYTES_PER_ELEMENT);
}
