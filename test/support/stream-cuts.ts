import { seededRandom } from './sound.js';

/** Cuts samples into pieces of 0 to `longest`, the same for the same seed. */
export function cut(samples: Int16Array, longest: number, seed: number): Int16Array[] {
  const random = seededRandom(seed);
  const pieces: Int16Array[] = [];
  for (let at = 0; at < samples.length; ) {
    const count = Math.floor(random() * (longest + 1));
    pieces.push(samples.subarray(at, at + count));
    at += count;
  }
  return pieces;
}

/** The samples in blocks of one length, without what is left over. */
export function blocksOf(samples: Int16Array, count: number): Int16Array[] {
  return Array.from({ length: Math.floor(samples.length / count) }, (_, i) => samples.subarray(i * count, (i + 1) * count));
}
