import type { Sound } from './wav.js';

/** A sine of `dbfs` RMS (a full-scale sine has -3.01), faded in and out over 5 ms. */
export function tone(hz: number, ms: number, rateHz: number, dbfs = -16): Int16Array {
  const samples = new Int16Array(Math.round((ms * rateHz) / 1000));
  const amplitude = 32768 * Math.SQRT2 * 10 ** (dbfs / 20);
  const fade = rateHz / 200;
  for (let i = 0; i < samples.length; i++) {
    const edge = Math.min(1, i / fade, (samples.length - 1 - i) / fade);
    samples[i] = Math.round(edge * amplitude * Math.sin((2 * Math.PI * hz * i) / rateHz));
  }
  return samples;
}

export const silence = (ms: number, rateHz: number): Int16Array => new Int16Array(Math.round((ms * rateHz) / 1000));

export function joined(...parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The sound at another rate, by windowed sinc (Blackman, 64 zero crossings); offline only. */
export function resampled({ samples, rateHz }: Sound, toRateHz: number): Int16Array {
  if (rateHz === toRateHz) return samples;
  const cutoff = 0.95 * Math.min(1, toRateHz / rateHz);
  const reach = 32 / cutoff;
  const output = new Int16Array(Math.floor((samples.length * toRateHz) / rateHz));
  for (let i = 0; i < output.length; i++) {
    const centre = (i * rateHz) / toRateHz;
    let sum = 0;
    for (let k = Math.max(0, Math.ceil(centre - reach)); k <= Math.min(samples.length - 1, centre + reach); k++) {
      const x = k - centre;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
      const window = 0.42 + 0.5 * Math.cos((Math.PI * x) / reach) + 0.08 * Math.cos((2 * Math.PI * x) / reach);
      sum += (samples[k] ?? 0) * sinc * window;
    }
    output[i] = Math.max(-32768, Math.min(32767, Math.round(sum * cutoff)));
  }
  return output;
}

/** The sound with its RMS level brought to `dbfs`, clipped where it must be. */
export function atLevel(samples: Int16Array, dbfs: number): Int16Array {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  const gain = (32768 * 10 ** (dbfs / 20)) / Math.sqrt(energy / samples.length || 1);
  return samples.map((sample) => Math.max(-32768, Math.min(32767, Math.round(sample * gain))));
}

/** Noise that is the same for the same seed, with energy up to half of the rate, at `dbfs` RMS. */
export function noise(ms: number, rateHz: number, dbfs: number, seed = 1): Int16Array {
  const random = seededRandom(seed);
  return atLevel(
    silence(ms, rateHz).map(() => Math.round((random() - 0.5) * 20000)),
    dbfs,
  );
}

/** Noise below 2.4 kHz, which every codec and every resampler on the way leaves as it is. */
export function voiceBandNoise(ms: number, rateHz: number, dbfs: number, seed = 1): Int16Array {
  return atLevel(resampled({ samples: noise(ms, 5000, -20, seed), rateHz: 5000 }, rateHz), dbfs);
}

/** Numbers of [0, 1), the same for the same seed. After: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
