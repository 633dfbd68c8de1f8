import { TalkpathRangeError } from './errors.js';

/** What all typed arrays inherit from. */
export const typedArray = Object.getPrototypeOf(Int16Array.prototype) as Int16Array;
const inherited = <T>(property: 'length' | 'buffer' | 'byteOffset'): (() => T) =>
  Object.getOwnPropertyDescriptor(typedArray, property)?.get as () => T;
const inheritedLength = inherited<number>('length');
const inheritedBuffer = inherited<ArrayBufferLike>('buffer');
const inheritedOffset = inherited<number>('byteOffset');

/** How many elements an array has, as native code sees it: a property that a caller put in its place may say something else. */
export const lengthOf = (array: Int16Array | Uint8Array): number => inheritedLength.call(array);
/** The same of its buffer, and of where in that it begins, in bytes. */
export const bufferOf = (array: Int16Array | Uint8Array): ArrayBufferLike => inheritedBuffer.call(array);
export const offsetOf = (array: Int16Array | Uint8Array): number => inheritedOffset.call(array);

/** Memory for what an input becomes. Throws RangeError (TP_ERR_DSP_RANGE) where there is none for so many samples. */
export function memoryFor(count: number): Int16Array {
  try {
    return new Int16Array(count);
  } catch {
    throw new TalkpathRangeError(
      'TP_ERR_DSP_RANGE',
      `Expected input whose output there is memory for but received one that becomes ${count} samples: give it in pieces`,
    );
  }
}
