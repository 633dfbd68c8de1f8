import { lengthOf } from '../base/sample-memory.js';
import { addon } from '../native/addon.js';
import { checkApart, checkBytes, checkRoom, checkSamples } from './arguments.js';

/** Fills `output`, or a new array, with as many elements as `input` has. */
function encode(convert: (samples: Int16Array, codes: Uint8Array) => void, samples: Int16Array, output?: Uint8Array): Uint8Array {
  checkSamples('samples', samples);
  const count = lengthOf(samples);
  const codes = output ?? new Uint8Array(count);
  if (output !== undefined) {
    checkBytes('output', output);
    checkRoom('output', output, count);
    checkApart('output', output, samples);
  }
  convert(samples, codes);
  return lengthOf(codes) === count ? codes : codes.subarray(0, count);
}

function decode(convert: (codes: Uint8Array, samples: Int16Array) => void, codes: Uint8Array, output?: Int16Array): Int16Array {
  checkBytes('codes', codes);
  const count = lengthOf(codes);
  const samples = output ?? new Int16Array(count);
  if (output !== undefined) {
    checkSamples('output', output);
    checkRoom('output', output, count);
    checkApart('output', output, codes);
  }
  convert(codes, samples);
  return lengthOf(samples) === count ? samples : samples.subarray(0, count);
}

/**
 * G.711: one byte a sample, at any rate. Each function returns as many elements as it was given, in a new array or in
 * `output`, which needs room for them and may share no memory with the first argument. Throws TypeError (TP_ERR_DSP_TYPE)
 * or RangeError (TP_ERR_DSP_RANGE). Source: ITU-T G.711 (11/88).
 */
export const g711 = {
  encodeMulaw: (samples: Int16Array, output?: Uint8Array): Uint8Array => encode(addon.encodeMulaw, samples, output),
  decodeMulaw: (codes: Uint8Array, output?: Int16Array): Int16Array => decode(addon.decodeMulaw, codes, output),
  encodeAlaw: (samples: Int16Array, output?: Uint8Array): Uint8Array => encode(addon.encodeAlaw, samples, output),
  decodeAlaw: (codes: Uint8Array, output?: Int16Array): Int16Array => decode(addon.decodeAlaw, codes, output),
} as const;
