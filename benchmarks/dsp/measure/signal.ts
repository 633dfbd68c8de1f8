/** Sines on the int16 scale, as they are added up and rounded once. */
export interface Sine {
  readonly hz: number;
  /** Peak, 0 dBFS being full scale. */
  readonly dbfs: number;
  readonly phase?: number;
}

const fullScale = 32767;

/** The sum of sines, rounded to int16. */
export function sines(parts: readonly Sine[], rateHz: number, sampleCount: number): Int16Array {
  const samples = new Int16Array(sampleCount);
  const waves = parts.map(({ hz, dbfs, phase = 0.3 }) => ({ step: (2 * Math.PI * hz) / rateHz, peak: fullScale * 10 ** (dbfs / 20), phase }));
  for (let i = 0; i < sampleCount; i++) {
    let sum = 0;
    for (const { step, peak, phase } of waves) sum += peak * Math.sin(step * i + phase);
    samples[i] = Math.max(-32768, Math.min(32767, Math.round(sum)));
  }
  return samples;
}

/** A sine whose frequency rises evenly from 0 to half the rate. */
export function sweep(rateHz: number, seconds: number, dbfs: number): Int16Array {
  const samples = new Int16Array(Math.round(rateHz * seconds));
  const peak = fullScale * 10 ** (dbfs / 20);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.round(peak * Math.sin((Math.PI * i * i) / (2 * samples.length)));
  return samples;
}

/** A series of pseudo-random numbers from 0 to 1, the same for the same seed. After: Marsaglia's xorshift. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** White noise with this RMS level. */
export function noise(dbfs: number, sampleCount: number, seed: number): Int16Array {
  const random = randomNumbers(seed);
  const reach = 32768 * 10 ** (dbfs / 20) * Math.sqrt(3);
  return Int16Array.from({ length: sampleCount }, () => Math.round((2 * random() - 1) * reach));
}

export const joined = (parts: readonly Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));
