import type { EchoDriver, EchoStream } from '../peers/peer.js';
import { cpuMs } from './cpu-time.js';
import { type EchoFigures, echoFigures } from './measure/echo-figures.js';
import { type EchoScene, echoScene } from './measure/echo-scene.js';
import { type Contestant, interleave, medianOf, ratiosTo } from './measure/rounds.js';
import type { Spread } from './measure/spread.js';
import { agentAndCaller, recordingsFolder } from './recordings.js';
import { type Subject, table } from './subject.js';

const delaysMs = [60, 300, 600, 1000];
const returnLossDb = 10;
const rateHz = 8000;
const blockSamples = rateHz / 100;
const ours = 'talkpath';
const limit = 'talkpath in plain C';

export interface EchoRow {
  readonly name: string;
  readonly kind: string;
  readonly note?: string;
  /** One for each delay, in the order of `delaysMs`. */
  readonly figures: readonly EchoFigures[];
  readonly usPerBlock?: number;
  readonly ratioToTalkpath?: Spread;
  readonly ratioToPlainC?: Spread;
  readonly failed?: string;
}

export interface EchoResult {
  readonly what: string;
  readonly delaysMs: readonly number[];
  readonly returnLossDb: number;
  readonly rounds: number;
  readonly rows: readonly EchoRow[];
}

/** What a canceller makes of a scene. One that withholds blocks gives silence first, so that nothing shifts unseen. */
export async function cancel(driver: EchoDriver, scene: EchoScene): Promise<Int16Array> {
  const stream = await driver.open(scene.rateHz);
  const output = new Int16Array(scene.line.length + scene.rateHz);
  const blocks: Int16Array[] = [];
  for (let at = 0; at + blockSamples <= scene.line.length; at += blockSamples) {
    blocks.push(stream.process(scene.line.slice(at, at + blockSamples), scene.farEnd.slice(at, at + blockSamples)));
  }
  stream.close();
  const made = blocks.reduce((sum, block) => sum + block.length, 0);
  let at = Math.max(0, scene.line.length - made);
  for (const block of blocks) {
    output.set(block, at);
    at += block.length;
  }
  return output.subarray(0, scene.line.length);
}

export const echoCanceller: Subject = {
  name: 'echo-canceller',
  what: `a woman's prompts come back ${returnLossDb} dB weaker over a hybrid, µ-law both ways, while a man speaks: 8 kHz`,
  async run({ field, quick, progress }): Promise<EchoResult> {
    const { agent, caller } = agentAndCaller(recordingsFolder());
    const asked = quick ? [60, 600] : delaysMs;
    const scenes = asked.map((delayMs) => echoScene(agent, caller, { delayMs, returnLossDb, seed: 5 }));
    const drivers = field.peers.flatMap(({ echoCancellers }) => echoCancellers ?? []);
    const rows: EchoRow[] = [];
    for (const driver of drivers) {
      const { name, kind, note } = driver;
      const head = { name, kind, ...(note && { note }) };
      try {
        const figures: EchoFigures[] = [];
        for (const [i, scene] of scenes.entries()) {
          progress(`${name}, ${asked[i]} ms`);
          figures.push(echoFigures(scene, await cancel(driver, scene)));
        }
        rows.push({ ...head, figures });
      } catch (error) {
        rows.push({ ...head, figures: [], failed: String(error) });
      }
    }
    progress('time');
    const rounds = quick ? 3 : 20;
    const working = drivers.filter(({ name }) => rows.some((row) => row.name === name && !row.failed));
    const times = await timeDrivers(working, scenes[0] as EchoScene, rounds);
    const toTalkpath = ratiosTo(ours, times);
    const toPlainC = ratiosTo(limit, times);
    return {
      what: this.what,
      delaysMs: asked,
      returnLossDb,
      rounds,
      rows: rows.map((row) =>
        times.has(row.name)
          ? {
              ...row,
              usPerBlock: medianOf(times, row.name),
              ...(toTalkpath[row.name] && { ratioToTalkpath: toTalkpath[row.name] as Spread }),
              ...(toPlainC[row.name] && { ratioToPlainC: toPlainC[row.name] as Spread }),
            }
          : row,
      ),
    };
  },
  tell: ({ rows, delaysMs: asked }: EchoResult) =>
    asked.flatMap((delayMs, i) => [
      '',
      ...table([
        [`${delayMs} ms`, 'lock s', 'residual dBFS', 'loudest', 'near loss dB', 'alone', 'SDR', 'delay ms', 'µs / 10 ms', '/ talkpath'],
        ...rows.map(({ name, figures, failed, usPerBlock, ratioToTalkpath: r }) => {
          const f = figures[i];
          if (!f) return [name, failed ?? ''];
          const cells = [
            f.lockSeconds ?? 'never',
            f.residualDbfs,
            f.residualPeakDbfs,
            f.nearEndLossDb,
            f.nearEndAloneLossDb,
            f.doubleTalkSdrDb,
            f.delayMs,
          ];
          return [name, ...cells.map(String), String(usPerBlock ?? ''), r ? `${r.median} (${r.q1}–${r.q3})` : ''];
        }),
      ]),
    ]),
};

const blocksPerRound = 100;

/** Microseconds a block, round by round; each round goes on where the one before stopped. */
async function timeDrivers(drivers: readonly EchoDriver[], scene: EchoScene, rounds: number): Promise<Map<string, number[]>> {
  const streams: EchoStream[] = [];
  const contestants: Contestant[] = [];
  for (const driver of drivers) {
    const stream = await driver.open(rateHz);
    streams.push(stream);
    let round = 0;
    contestants.push({
      name: driver.name,
      time: () => {
        const from = (round++ * blocksPerRound * blockSamples) % (scene.line.length - blocksPerRound * blockSamples);
        const start = from - (from % blockSamples);
        const near = scene.line.slice(start, start + blocksPerRound * blockSamples);
        const far = scene.farEnd.slice(start, start + blocksPerRound * blockSamples);
        const blocks = Array.from({ length: blocksPerRound }, (_, i) => [
          near.slice(i * blockSamples, (i + 1) * blockSamples),
          far.slice(i * blockSamples, (i + 1) * blockSamples),
        ]) as [Int16Array, Int16Array][];
        const ms =
          stream.timeMs?.(near, far, blockSamples) ??
          cpuMs(() => {
            for (const [nearBlock, farBlock] of blocks) stream.process(nearBlock, farBlock);
          });
        return (ms * 1000) / blocksPerRound;
      },
    });
  }
  const times = await interleave(contestants, rounds);
  for (const stream of streams) stream.close();
  return times;
}
