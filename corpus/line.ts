import { Biquad, filtered } from './filters.js';
import type { Random } from './random.js';
import type { Sound } from './sound.js';

export type Companding = 'mu-law' | 'A-law' | 'none';

/** What a telephone line leaves of a sound: mostly 300 to 3400 Hz, one of the two laws of G.711. */
export function overTheLine(sound: Sound, companding: Companding, random: Random): Int16Array {
  const narrow = random.happens(0.6)
    ? filtered(sound, Biquad.highPass(random.between(150, 320), 0.9), Biquad.lowPass(random.between(3250, 3600), 1.2))
    : sound;
  return coded(narrow, companding);
}

/** What the one law or the other makes of a sound. */
export function coded(sound: Sound, companding: Companding): Int16Array {
  const code = companding === 'mu-law' ? throughMuLaw : companding === 'A-law' ? throughALaw : (sample: number) => sample;
  return Int16Array.from(sound, (sample) => code(Math.max(-32768, Math.min(32767, Math.round(sample * 32768)))));
}

/** ITU-T G.711: 14 bits in eight segments of 16 steps, biased by 33. */
function throughMuLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample) / 4, 8158) + 33;
  const segment = Math.floor(Math.log2(magnitude)) - 5;
  const step = 2 ** (segment + 1);
  return Math.sign(sample) * 4 * ((Math.floor(magnitude / step) + 0.5) * step - 33);
}

/** ITU-T G.711: 13 bits; the two lowest segments share their step. */
function throughALaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample) / 8, 4095);
  const segment = Math.max(0, Math.floor(Math.log2(Math.max(magnitude, 1))) - 5);
  const step = 2 ** Math.max(1, segment);
  return (sample < 0 ? -8 : 8) * (Math.floor(magnitude / step) + 0.5) * step;
}
