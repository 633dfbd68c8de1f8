import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../peers/packages.js';
import { recordingsFolder } from './recordings.js';
import { type Subject, table } from './subject.js';

/** Simulated calls, as many and with these settings of echo_turns, whose source says what each is. */
const turnRuns: readonly { readonly who: string; readonly calls: number; readonly settings: string }[] = [
  { who: 'nobody', calls: 100, settings: '' },
  { who: 'nobody, other calls', calls: 400, settings: 'first=2000' },
  { who: 'nobody, in noise', calls: 60, settings: 'first=800 noisy=1' },
  { who: 'nobody', calls: 12, settings: 'cancels=never' },
  { who: 'a caller, in noise', calls: 90, settings: 'first=100 callers=1' },
  { who: 'a caller, in noise, other calls', calls: 60, settings: 'first=700 callers=1' },
  { who: 'a caller in the first turn, no echo', calls: 80, settings: 'turns=1 callers=1 loss=inf' },
  { who: 'a caller in the first turn, no echo', calls: 80, settings: 'turns=1 callers=1 loss=inf cancels=never' },
];
const followedCalls = 60;

interface Turns {
  readonly turns: number;
  readonly selfInterrupted: number;
  readonly bargeIns: number;
  readonly caught: number;
  readonly caughtWithin500Ms: number;
  readonly stopMsP50: number;
  readonly stopMsP95: number;
}

interface Distribution {
  readonly p50: number;
  /** 19 of 20 cases are as good or better. */
  readonly p95: number;
  readonly worst: number;
}

/** What echo_cases says of a case, and whether more of it is better. */
const caseFigures = {
  lockMs: 'less is better',
  residualDbfs: 'less is better',
  worstDbfs: 'less is better',
  erleDb: 'more is better',
  callerLossDb: 'less is better',
} as const;
type Better = (typeof caseFigures)[CaseFigure];
type CaseFigure = keyof typeof caseFigures;

/** What echo_following says of one kind of line. */
interface Followed {
  readonly line: string;
  readonly seconds: number;
  readonly below3DbPercent: number;
  readonly below10DbPercent: number;
  readonly steps: number;
  /** Of the steps before which there was time. */
  readonly againPercent: number;
  /** Null where it came too late. */
  readonly againMsP50: number | null;
  readonly againMsP90: number | null;
}

interface Cost {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface EchoCallsResult {
  readonly what: string;
  readonly cases: number;
  readonly figures: Readonly<Record<CaseFigure, Distribution>>;
  readonly turns: readonly (Turns & { readonly who: string; readonly program: string })[];
  readonly followed: readonly Followed[];
  readonly cost: Readonly<Record<'listeningUs' | 'removingUs' | 'createUs' | 'sessionMadeUs' | 'sessionTakenUs', Cost>> & { readonly bytes: number };
}

async function jsonOf<T>(program: string, args: readonly string[], recordings?: string): Promise<T> {
  const env = { ...process.env, ...(recordings && { TALKPATH_SPEECH_DIR: recordings }) };
  const options = { env, maxBuffer: 1 << 26 };
  const { stdout } = await promisify(execFile)(join(projectFolder, 'build/benchmarks-native', program), args, options);
  return JSON.parse(stdout) as T;
}

/** Programs whose answers do not depend on the time they take: as many at once as there are cores. */
async function allOf<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const waiting = [...tasks.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await next[1]();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

export function distribution(values: readonly number[], better: Better): Distribution {
  const bestFirst = [...values].sort((a, b) => (better === 'more is better' ? b - a : a - b));
  const at = (share: number): number => bestFirst[Math.max(0, Math.ceil(share * bestFirst.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), worst: at(1) };
}

export const echoCalls: Subject = {
  name: 'echo-calls',
  what: 'eight hybrids of G.168, recordings of people: the echo found and removed, and whole sessions that it must not interrupt',
  async run({ quick, progress }): Promise<EchoCallsResult> {
    const recordings = recordingsFolder();
    progress('cases and simulated calls');
    let done = 0;
    const told = async <T>(result: Promise<T>): Promise<T> => {
      const value = await result;
      progress(`${++done} of ${turnRuns.length + 2} programs have ended`);
      return value;
    };
    const few = (count: number): number => (quick ? Math.ceil(count / 20) : count);
    const argsOf = ({ calls, settings }: (typeof turnRuns)[number]): string[] => [`calls=${few(calls)}`, ...settings.split(' ').filter(Boolean)];
    const [cases, followed, ...turns] = (await allOf<unknown>([
      () => told(jsonOf('echo_cases', quick ? ['29'] : [], recordings)),
      () => told(jsonOf('echo_following', [String(few(followedCalls))], recordings)),
      ...turnRuns.map((run) => () => told(jsonOf('echo_turns', argsOf(run), recordings))),
    ])) as [Record<CaseFigure, number>[], Followed[], ...Turns[]];
    progress('cost');
    const figures = Object.entries(caseFigures).map(([name, better]) => {
      // A delay that was never found is as late as can be.
      const values = cases.map((one) => (name === 'lockMs' && one.lockMs < 0 ? Number.POSITIVE_INFINITY : one[name as CaseFigure]));
      return [name, distribution(values, better)];
    });
    return {
      what: this.what,
      cases: cases.length,
      figures: Object.fromEntries(figures) as EchoCallsResult['figures'],
      turns: turnRuns.map((run, i) => ({ who: run.who, program: ['echo_turns', ...argsOf(run)].join(' '), ...(turns[i] as Turns) })),
      followed,
      cost: await jsonOf('echo_cost', quick ? ['5'] : []),
    };
  },
  tell: ({ figures, cases, turns, followed, cost }: EchoCallsResult) => [
    ...table([
      [`of ${cases} cases`, 'p50', 'p95', 'worst'],
      ...Object.entries(figures).map(([name, { p50, p95, worst }]) => [name, String(p50), String(p95), String(worst)]),
    ]),
    '',
    ...table([
      ['who speaks', 'program', 'turns', 'stopped for nobody', 'callers', 'stopped by', 'within 500 ms', 'p50 ms', 'p95'],
      ...turns.map((t) => [
        t.who,
        t.program,
        ...[t.turns, t.selfInterrupted, t.bargeIns, t.caught, t.caughtWithin500Ms, t.stopMsP50, t.stopMsP95].map(String),
      ]),
    ]),
    '',
    ...table([
      ['echo followed', 'seconds', 'below 3 dB', 'below 10 dB', 'steps', 'again', 'after p50 ms', 'p90'],
      ...followed.map((f) => [
        f.line,
        ...[f.seconds, `${f.below3DbPercent} %`, `${f.below10DbPercent} %`, f.steps, `${f.againPercent} %`, f.againMsP50, f.againMsP90].map(String),
      ]),
    ]),
    '',
    JSON.stringify(cost),
  ],
};
