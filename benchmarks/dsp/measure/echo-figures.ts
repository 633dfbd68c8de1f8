import type { EchoScene } from './echo-scene.js';
import { levelDbfs, power } from './level.js';

export interface EchoFigures {
  /** Echo return loss enhancement over each half second of the agent's speech: [seconds, dB]; single talk. */
  readonly erle: readonly (readonly [number, number])[];
  /** Seconds of the agent's speech until the echo is 20 dB weaker and stays so; undefined when that never happens. */
  readonly lockSeconds?: number;
  /** Single talk, from one second of the agent's speech on: RMS, and the loudest 100 ms. */
  readonly residualDbfs: number;
  readonly residualPeakDbfs: number;
  /** What the canceller takes of the caller: while both speak, and while the caller alone does. */
  readonly nearEndLossDb: number;
  readonly nearEndAloneLossDb: number;
  /** The caller over everything else in the output, while both speak. */
  readonly doubleTalkSdrDb: number;
  /** Of the caller's voice. */
  readonly delayMs: number;
}

const windowSeconds = 0.5;
const lockedDb = 20;
const echoAudibleDbfs = -45;

/** Compares what a canceller made of a scene with what went into it. */
export function echoFigures(scene: EchoScene, output: Int16Array): EchoFigures {
  const { rateHz } = scene;
  const cut = (samples: Int16Array, from: number, to: number): Int16Array => samples.subarray(Math.round(from * rateHz), Math.round(to * rateHz));
  const erle: [number, number][] = [];
  let lockSeconds: number | undefined;
  let spokenSeconds = 0;
  let secondsAtOne: number | undefined;
  for (let from = 0; from + windowSeconds <= scene.single[1]; from += windowSeconds) {
    const echo = cut(scene.echoAlone, from, from + windowSeconds);
    if (levelDbfs(echo) < echoAudibleDbfs) continue;
    const enhancement = 10 * Math.log10((power(echo) + 1e-3) / (power(cut(output, from, from + windowSeconds)) + 1e-3));
    erle.push([from + windowSeconds / 2, Number(enhancement.toFixed(1))]);
    if (enhancement < lockedDb) lockSeconds = undefined;
    else lockSeconds ??= spokenSeconds;
    spokenSeconds += windowSeconds;
    if (spokenSeconds >= 1) secondsAtOne ??= from + windowSeconds;
  }
  const settled = cut(output, secondsAtOne ?? 1, scene.single[1]);
  const tenth = rateHz / 10;
  let loudest = -120;
  for (let at = 0; at + tenth <= settled.length; at += tenth) loudest = Math.max(loudest, levelDbfs(settled.subarray(at, at + tenth)));

  const delay = delayOf(cut(scene.nearEndAlone, ...scene.near), cut(output, ...scene.near), rateHz);
  const shifted = output.subarray(delay);
  const double = compare(cut(scene.nearEndAlone, ...scene.double), cut(shifted, ...scene.double));
  const alone = compare(cut(scene.nearEndAlone, ...scene.near), cut(shifted, ...scene.near));
  return {
    erle,
    ...(lockSeconds !== undefined && { lockSeconds }),
    residualDbfs: tenths(levelDbfs(settled)),
    residualPeakDbfs: tenths(loudest),
    nearEndLossDb: tenths(double.lossDb),
    nearEndAloneLossDb: tenths(alone.lossDb),
    doubleTalkSdrDb: tenths(double.sdrDb),
    delayMs: tenths((delay * 1000) / rateHz),
  };
}

/** The part of `output` that is `reference` with another gain: how much quieter, and how far above the rest. */
export function compare(reference: Int16Array, output: Int16Array): { lossDb: number; sdrDb: number } {
  const count = Math.min(reference.length, output.length);
  let [cross, energy] = [0, 0];
  for (let i = 0; i < count; i++) {
    cross += (reference[i] as number) * (output[i] as number);
    energy += (reference[i] as number) ** 2;
  }
  const gain = cross / Math.max(energy, 1);
  let rest = 0;
  for (let i = 0; i < count; i++) rest += ((output[i] as number) - gain * (reference[i] as number)) ** 2;
  return {
    lossDb: -20 * Math.log10(Math.max(gain, 1e-6)),
    sdrDb: 10 * Math.log10((gain * gain * energy + 1) / (rest + 1)),
  };
}

const longestDelayMs = 80;

/** By how many samples `output` comes after `reference`: where they are most alike. */
export function delayOf(reference: Int16Array, output: Int16Array, rateHz: number): number {
  const most = Math.round((longestDelayMs * rateHz) / 1000);
  let [best, at] = [0, 0];
  for (let delay = 0; delay <= most; delay++) {
    let sum = 0;
    for (let i = 0; i + delay < output.length && i < reference.length; i++) sum += (reference[i] as number) * (output[i + delay] as number);
    if (sum > best) [best, at] = [sum, delay];
  }
  return at;
}

const tenths = (value: number): number => Number(value.toFixed(1));
