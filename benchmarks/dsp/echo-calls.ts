import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../peers/packages.js';
import { recordingsFolder } from './recordings.js';
import { type Subject, table } from './subject.js';

/** Simulated calls: arguments of echo_turns, whose source says what each is. */
const turnRuns: readonly { readonly who: string; readonly args: readonly string[] }[] = [
  { who: 'nobody', args: ['100', '10', '0', 'auto'] },
  { who: 'nobody, other calls', args: ['400', '10', '0', 'auto', '1000'] },
  { who: 'nobody', args: ['12', '10', '0', 'never'] },
  { who: 'a caller', args: ['90', '10', '1', 'auto', '100'] },
  { who: 'a caller, other calls', args: ['60', '10', '1', 'auto', '500'] },
  { who: 'a caller in the first turn, no echo', args: ['80', '1', '1', 'auto', '0', 'inf'] },
  { who: 'a caller in the first turn, no echo', args: ['80', '1', '1', 'never', '0', 'inf'] },
];

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
      progress(`${++done} of ${turnRuns.length + 1} programs have ended`);
      return value;
    };
    const few = (args: readonly string[]): readonly string[] => (quick ? [String(Math.ceil(Number(args[0]) / 20)), ...args.slice(1)] : args);
    const tasks: (() => Promise<unknown>)[] = [
      () => told(jsonOf('echo_cases', quick ? ['29'] : [], recordings)),
      ...turnRuns.map(
        ({ args }) =>
          () =>
            told(jsonOf('echo_turns', few(args), recordings)),
      ),
    ];
    const [cases, ...turns] = (await allOf(tasks)) as [Record<CaseFigure, number>[], ...Turns[]];
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
      turns: turnRuns.map(({ who, args }, i) => ({ who, program: `echo_turns ${few(args).join(' ')}`, ...(turns[i] as Turns) })),
      cost: await jsonOf('echo_cost', quick ? ['5'] : []),
    };
  },
  tell: ({ figures, cases, turns, cost }: EchoCallsResult) => [
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
    JSON.stringify(cost),
  ],
};
