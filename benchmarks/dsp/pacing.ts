import { Worker } from 'node:worker_threads';
import type { EngineSnapshot } from '#talkpath/native/addon.js';
import { engineSnapshot, startEngine, stopEngine } from '#talkpath/native/engine.js';
import { pause } from '../pause.js';
import { plain } from '../peers/plain-addon.js';
import { quantile, rounded } from './measure/spread.js';
import { type Subject, table } from './subject.js';

const frameMs = 20;
const busyMs = 15;

export interface PacingRow {
  readonly name: string;
  readonly lateMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** How far its clock had moved from the wall's at the end. */
  readonly driftMs: number;
  readonly ticks: number;
}

export interface PacingResult {
  readonly what: string;
  readonly seconds: number;
  readonly idle: readonly PacingRow[];
  readonly busy: readonly PacingRow[];
  /** The engine's own count of its 10 ms ticks over the same time: mean and worst, and the share later than 1 ms. */
  readonly engineTick: Readonly<Record<'idle' | 'busy', { meanMs: number; maxMs: number; laterThan1Ms: number }>>;
}

const nowMs = (): number => performance.now();

/** A pacer in JavaScript: calls `note` with how late each frame was; what it returns stops it. */
type Pacer = (note: (lateMs: number) => void) => () => void;

const interval: Pacer = (note) => {
  const startedMs = nowMs();
  let frames = 0;
  const timer = setInterval(() => note(nowMs() - startedMs - ++frames * frameMs), frameMs);
  return () => clearInterval(timer);
};

/** Aims each timer at an absolute time, so that lateness does not add up. */
const correctedTimeout: Pacer = (note) => {
  const startedMs = nowMs();
  let frames = 0;
  let timer: NodeJS.Timeout;
  const next = (): void => {
    timer = setTimeout(
      () => {
        note(nowMs() - startedMs - ++frames * frameMs);
        next();
      },
      startedMs + (frames + 1) * frameMs - nowMs(),
    );
  };
  next();
  return () => clearTimeout(timer);
};

/** Keeps this thread busy 15 of 20 ms. */
function occupy(): () => void {
  let timer: NodeJS.Immediate | NodeJS.Timeout;
  let stopped = false;
  const startedMs = nowMs();
  let rounds = 0;
  const work = (): void => {
    const until = nowMs() + busyMs;
    while (nowMs() < until);
    rounds = Math.max(rounds + 1, Math.ceil((nowMs() - startedMs) / frameMs));
    if (!stopped) timer = setTimeout(work, startedMs + rounds * frameMs - nowMs());
  };
  timer = setTimeout(work, 0);
  return () => {
    stopped = true;
    clearTimeout(timer as NodeJS.Timeout);
  };
}

/** A thread of its own that waits on Atomics and only notes how late it wakes: JavaScript's best. */
function startWorkerPacer(): { stop(): Promise<number[]> } {
  const worker = new Worker(new URL('./pacing-worker.js', import.meta.url), { workerData: frameMs });
  return {
    stop: () =>
      new Promise((resolve) => {
        worker.once('message', (lateMs: number[]) => resolve(lateMs));
        worker.postMessage('stop');
      }),
  };
}

/** `drift`: of an absolute clock, the last lateness; of one that is not, the sum of what it lost. */
function row(name: string, lateMs: readonly number[], relative = false): PacingRow {
  // A clock that drifts is judged by each frame's distance from the one before.
  const late = relative ? lateMs.map((value, i) => Math.abs(value - (lateMs[i - 1] ?? 0))) : lateMs;
  return {
    name,
    lateMs: { p50: rounded(quantile(late, 0.5)), p99: rounded(quantile(late, 0.99)), max: rounded(Math.max(...late)) },
    driftMs: rounded(lateMs.at(-1) ?? Number.NaN),
    ticks: late.length,
  };
}

async function measure(seconds: number, busy: boolean): Promise<{ rows: PacingRow[]; tick: PacingResult['engineTick']['idle'] }> {
  const intervalMs: number[] = [];
  const timeoutMs: number[] = [];
  const before = engineSnapshot();
  const worker = startWorkerPacer();
  await pause(200);
  plain.startTicks(frameMs);
  const stops = [interval((ms) => intervalMs.push(ms)), correctedTimeout((ms) => timeoutMs.push(ms))];
  if (busy) stops.push(occupy());
  await pause(seconds * 1000);
  for (const stop of stops) stop();
  const nativeMs = [...plain.stopTicks()];
  const workerMs = await worker.stop();
  return {
    rows: [
      row('native thread, clock_nanosleep (talkpath)', nativeMs),
      row('worker thread, Atomics.wait', workerMs),
      row('setTimeout, corrected', timeoutMs),
      row('setInterval, frame to frame', intervalMs, true),
    ],
    tick: tickBetween(before, engineSnapshot()),
  };
}

function tickBetween(before: EngineSnapshot | undefined, after: EngineSnapshot | undefined): PacingResult['engineTick']['idle'] {
  const [first, last] = [before?.tickLateness[0], after?.tickLateness[0]];
  if (!first || !last || !after) return { meanMs: Number.NaN, maxMs: Number.NaN, laterThan1Ms: Number.NaN };
  const counts = last.counts.map((count, i) => count - (first.counts[i] ?? 0));
  const ticks = counts.reduce((sum, count) => sum + count, 0);
  const late = counts.filter((_, i) => (after.bucketBoundsSeconds[i - 1] ?? 0) >= 0.001).reduce((sum, count) => sum + count, 0);
  return {
    meanMs: rounded(((last.sumSeconds - first.sumSeconds) / ticks) * 1000),
    maxMs: rounded(last.maxSeconds * 1000),
    laterThan1Ms: Number((late / ticks).toFixed(5)),
  };
}

export const pacing: Subject = {
  name: 'pacing',
  what: `how late a frame is every ${frameMs} ms, all clocks at the same time; idle, and with the Node thread busy ${busyMs} of ${frameMs} ms`,
  async run({ quick, progress }): Promise<PacingResult> {
    const seconds = quick ? 2 : 20;
    startEngine({ workers: 1, realtime: false });
    try {
      progress('idle');
      const idle = await measure(seconds, false);
      progress('busy');
      const busy = await measure(seconds, true);
      return { what: this.what, seconds, idle: idle.rows, busy: busy.rows, engineTick: { idle: idle.tick, busy: busy.tick } };
    } finally {
      stopEngine();
    }
  },
  tell: ({ idle, busy, engineTick }: PacingResult) => [
    ...table([
      ['', 'idle p50 ms', 'p99', 'max', 'drift', 'busy p50 ms', 'p99', 'max', 'drift'],
      ...idle.map((one, i) => {
        const other = busy[i] as PacingRow;
        return [one.name, ...[one, other].flatMap(({ lateMs, driftMs }) => [lateMs.p50, lateMs.p99, lateMs.max, driftMs].map(String))];
      }),
    ]),
    `engine's tick: idle mean ${engineTick.idle.meanMs} ms, worst ${engineTick.idle.maxMs}; busy mean ${engineTick.busy.meanMs}, worst ${engineTick.busy.maxMs}`,
  ],
};
