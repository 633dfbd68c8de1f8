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

/**
 * How much of `reference` is left in `output`, and how far it is above the rest. A filter of some milliseconds between
 * the two counts as the same sound: what a change of rate does to phases is no loss. After: BSS Eval (Vincent 2006).
 */
export function compare(reference: Int16Array, output: Int16Array): { lossDb: number; sdrDb: number } {
  const count = Math.min(reference.length, output.length);
  const correlate = (a: Int16Array, b: Int16Array, lag: number): number => {
    let sum = 0;
    for (let i = Math.max(0, lag); i < count + Math.min(0, lag); i++) sum += (a[i] as number) * (b[i - lag] as number);
    return sum;
  };
  const own = Array.from({ length: filterTaps }, (_, lag) => correlate(reference, reference, lag));
  const cross = Array.from({ length: filterTaps }, (_, tap) => correlate(output, reference, tap - tapsAhead));
  // A little of the diagonal more keeps the system solvable where the reference has no energy.
  const filter = solved(
    cross.map((_, row) =>
      cross.map((_, column) => (own[Math.abs(row - column)] as number) * (row === column ? 1 + 1e-6 : 1) + (row === column ? 1 : 0)),
    ),
    cross,
  );
  let [kept, rest, energy] = [0, 0, 0];
  for (let i = filterTaps; i < count - filterTaps; i++) {
    let same = 0;
    for (let tap = 0; tap < filterTaps; tap++) same += (filter[tap] as number) * (reference[i - tap + tapsAhead] as number);
    kept += same * same;
    rest += ((output[i] as number) - same) ** 2;
    energy += (reference[i] as number) ** 2;
  }
  return { lossDb: 10 * Math.log10((energy + 1) / (kept + 1)), sdrDb: 10 * Math.log10((kept + 1) / (rest + 1)) };
}

const filterTaps = 40;
const tapsAhead = 12;

/** Solves a system of equations. After: Gauss, with the largest element of a column as its pivot. */
function solved(matrix: number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(rows[row]?.[column] as number) > Math.abs(rows[pivot]?.[column] as number)) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot] as number[], rows[column] as number[]];
    const head = rows[column] as number[];
    for (let row = column + 1; row < n; row++) {
      const other = rows[row] as number[];
      const factor = (other[column] as number) / (head[column] as number);
      for (let k = column; k <= n; k++) other[k] = (other[k] as number) - factor * (head[k] as number);
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    const equation = rows[row] as number[];
    let sum = equation[n] as number;
    for (let k = row + 1; k < n; k++) sum -= (equation[k] as number) * (solution[k] as number);
    solution[row] = sum / (equation[row] as number);
  }
  return solution;
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
