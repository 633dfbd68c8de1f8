/** RMS level; a full-scale sine has -3.01 dBFS, nothing at all -120. */
export function levelDbfs(samples: Int16Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return 10 * Math.log10(energy / Math.max(1, samples.length) / 32768 ** 2 + 1e-12);
}

/** RMS level of one frequency (Goertzel under a Hann window, about 4 / duration wide). */
export function toneLevelDbfs(samples: Int16Array, rateHz: number, hz: number): number {
  let re = 0;
  let im = 0;
  let windowSum = 0;
  for (let i = 0; i < samples.length; i++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length);
    const angle = (2 * Math.PI * hz * i) / rateHz;
    re += window * (samples[i] as number) * Math.cos(angle);
    im += window * (samples[i] as number) * Math.sin(angle);
    windowSum += window;
  }
  const amplitude = (2 * Math.hypot(re, im)) / Math.max(1, windowSum) / 32768;
  return 20 * Math.log10(amplitude / Math.SQRT2 + 1e-6);
}

export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ActivityOptions {
  /** Level of a 10 ms block that counts as sound. */
  readonly thresholdDbfs?: number;
  /** Pauses up to this long belong to the sound around them. */
  readonly bridgedPauseMs?: number;
  /** Shorter sounds do not count. */
  readonly shortestMs?: number;
}

/** Where there is sound, in order. */
export function activeIntervals(samples: Int16Array, rateHz: number, options: ActivityOptions = {}): Interval[] {
  const { thresholdDbfs = -45, bridgedPauseMs = 200, shortestMs = 40 } = options;
  const block = rateHz / 100;
  const intervals: { fromMs: number; toMs: number }[] = [];
  for (let index = 0; (index + 1) * block <= samples.length; index++) {
    if (levelDbfs(samples.subarray(index * block, (index + 1) * block)) < thresholdDbfs) continue;
    const last = intervals.at(-1);
    if (last && index * 10 - last.toMs <= bridgedPauseMs) last.toMs = index * 10 + 10;
    else intervals.push({ fromMs: index * 10, toMs: index * 10 + 10 });
  }
  return intervals.filter(({ fromMs, toMs }) => toMs - fromMs >= shortestMs);
}

/** Total length of intervals. */
export const totalMs = (intervals: readonly Interval[]): number => intervals.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

/** Where `heard` is most like `reference` shifted by 0 to `maxMs`, and how much alike they are there (1 the same). */
export function delayOf(reference: Int16Array, heard: Int16Array, rateHz: number, maxMs: number): { delayMs: number; likeness: number } {
  let best = { delayMs: 0, likeness: -1 };
  for (let lag = 0; lag <= (maxMs * rateHz) / 1000; lag++) {
    const count = Math.min(reference.length, heard.length - lag);
    if (count < Math.min(reference.length, rateHz / 10)) break;
    let [product, referenceEnergy, heardEnergy] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const [a, b] = [reference[i] as number, heard[i + lag] as number];
      product += a * b;
      referenceEnergy += a * a;
      heardEnergy += b * b;
    }
    const likeness = product / Math.sqrt(referenceEnergy * heardEnergy || 1);
    if (likeness > best.likeness) best = { delayMs: (lag * 1000) / rateHz, likeness };
  }
  return best;
}

/**
 * Like delayOf, for a path that may slip in the middle: each 80 ms of the reference is looked for on its own. Gives the
 * median delay, and the share of pieces that came back whole: 0.75 alike, which phase shifts of filters leave, and
 * which neither a gap nor somebody else's sound reaches.
 */
export function pathOf(reference: Int16Array, heard: Int16Array, rateHz: number, maxMs: number): { delayMs: number; whole: number } {
  const count = Math.round(rateHz * 0.08);
  const found: { delayMs: number; likeness: number }[] = [];
  for (let at = 0; at + count <= reference.length; at += count) {
    const piece = reference.subarray(at, at + count);
    if (levelDbfs(piece) > -50) found.push(delayOf(piece, heard.subarray(at), rateHz, maxMs));
  }
  return {
    delayMs: percentile(
      found.map(({ delayMs }) => delayMs),
      0.5,
    ),
    whole: found.filter(({ likeness }) => likeness > 0.75).length / Math.max(1, found.length),
  };
}

/** Level of one frequency, as the median over each 100 ms: a slip or a gap does not change it, a wrong gain does. */
export function steadyToneDbfs(samples: Int16Array, rateHz: number, hz: number): number {
  const levels: number[] = [];
  for (let at = 0; at + rateHz / 10 <= samples.length; at += rateHz / 10)
    levels.push(toneLevelDbfs(samples.subarray(at, at + rateHz / 10), rateHz, hz));
  return percentile(levels, 0.5);
}

/** Places where the waveform breaks: the second derivative jumps over `limit` (of full scale) there. In milliseconds. */
export function clicksMs(samples: Int16Array, rateHz: number, limit: number): number[] {
  const places: number[] = [];
  for (let i = 1; i + 1 < samples.length; i++) {
    const bend = Math.abs((samples[i + 1] as number) - 2 * (samples[i] as number) + (samples[i - 1] as number)) / 32768;
    const atMs = (i * 1000) / rateHz;
    if (bend > limit && atMs - (places.at(-1) ?? -10) >= 5) places.push(atMs);
  }
  return places;
}

/** The value below which `share` (0 to 1) of the values lie; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
