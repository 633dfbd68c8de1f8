import type { ResamplerDriver, ResamplerStream } from '../peers/peer.js';
import { cpuMs } from './cpu-time.js';
import { type Conversion, type ResamplerFigures, resamplerFigures } from './measure/resampler-quality.js';
import { type RatePair, resamplerTestSignal } from './measure/resampler-signal.js';
import { type Contestant, interleave, medianOf, ratiosTo } from './measure/rounds.js';
import { noise } from './measure/signal.js';
import { rounded, type Spread } from './measure/spread.js';
import { convertByProgram, withheldByProgram } from './resampler-program.js';
import { type RunOptions, type Subject, table } from './subject.js';

const pairs: readonly RatePair[] = [
  { inputRateHz: 24000, outputRateHz: 8000 },
  { inputRateHz: 8000, outputRateHz: 24000 },
  { inputRateHz: 16000, outputRateHz: 8000 },
  { inputRateHz: 8000, outputRateHz: 16000 },
  { inputRateHz: 24000, outputRateHz: 16000 },
  { inputRateHz: 16000, outputRateHz: 24000 },
];
const ours = 'talkpath';
const limit = 'talkpath in plain C';
const oursIntoOneArray = 'talkpath, output array given';

export interface ResamplerRow extends Partial<ResamplerFigures> {
  readonly name: string;
  readonly kind: string;
  readonly note?: string;
  /** Processor time for 20 ms of audio. */
  readonly usPerFrame?: number;
  /** How many times as long as talkpath/dsp, and as our own kernel in plain C. */
  readonly ratioToTalkpath?: Spread;
  readonly ratioToPlainC?: Spread;
  /** Why there are no figures. */
  readonly failed?: string;
}

export interface ResamplerPairResult {
  readonly pair: string;
  readonly rows: readonly ResamplerRow[];
  /** Our class over our kernel in plain C, with an array of the caller's and with a new one a frame. */
  readonly bindingOverhead: { readonly arrayGiven?: Spread; readonly arrayMade?: Spread };
}

export interface ResamplerResult {
  readonly what: string;
  readonly rounds: number;
  readonly framesPerRound: number;
  readonly pairs: readonly ResamplerPairResult[];
}

/** Streams a signal in 20 ms frames through a driver. */
export async function convertByDriver(driver: ResamplerDriver, pair: RatePair, samples: Int16Array): Promise<Conversion> {
  const stream = await driver.open(pair.inputRateHz, pair.outputRateHz);
  const frameSamples = pair.inputRateHz / 50;
  const output = new Int16Array(Math.ceil((samples.length * pair.outputRateHz) / pair.inputRateHz) + pair.outputRateHz);
  const samplesPerFrame: number[] = [];
  let made = 0;
  for (let at = 0; at + frameSamples <= samples.length; at += frameSamples) {
    const part = stream.process(samples.subarray(at, at + frameSamples));
    output.set(part, made);
    made += part.length;
    samplesPerFrame.push(part.length);
  }
  stream.close();
  return { output: output.subarray(0, made), samplesPerFrame };
}

async function measurePair(pair: RatePair, { field, quick, progress }: RunOptions): Promise<ResamplerPairResult> {
  const name = `${pair.inputRateHz / 1000} → ${pair.outputRateHz / 1000} kHz`;
  const drivers = field.peers.flatMap(({ resamplers }) => resamplers ?? []);
  const programs = field.peers.flatMap(({ resamplerPrograms }) => resamplerPrograms ?? []);
  const signal = resamplerTestSignal(pair);
  progress(`${name}: quality`);
  const rows: ResamplerRow[] = [];
  const attempt = async (row: Pick<ResamplerRow, 'name' | 'kind' | 'note'>, measure: () => Promise<ResamplerFigures>): Promise<void> => {
    const { name: who, kind, note } = row;
    const head = { name: who, kind, ...(note && { note }) };
    try {
      rows.push({ ...head, ...(await measure()) });
    } catch (error) {
      rows.push({ ...head, failed: String(error) });
    }
  };
  for (const driver of drivers) {
    await attempt(driver, async () => resamplerFigures(pair, signal, await convertByDriver(driver, pair, signal.samples)));
  }
  for (const program of programs) {
    await attempt(program, async () => {
      const figures = resamplerFigures(pair, signal, await convertByProgram(program, pair, signal.samples));
      progress(`${name}: ${program.name} in real time`);
      const { withheldMs, frameSamples } = await withheldByProgram(program, pair, quick ? 1 : 3);
      return { ...figures, withheldMs, frameSamples, lagMs: rounded(figures.signalDelayMs + withheldMs) };
    });
  }

  const rounds = roundsOf(quick);
  progress(`${name}: time`);
  const times = await timeDrivers(
    drivers.filter((driver) => rows.every((row) => row.name !== driver.name || !row.failed)),
    pair,
    rounds,
  );
  const toTalkpath = ratiosTo(ours, times);
  const toPlainC = ratiosTo(limit, times);
  const timed = rows.map((row) =>
    times.has(row.name)
      ? {
          ...row,
          usPerFrame: medianOf(times, row.name),
          ...(toTalkpath[row.name] && { ratioToTalkpath: toTalkpath[row.name] as Spread }),
          ...(toPlainC[row.name] && { ratioToPlainC: toPlainC[row.name] as Spread }),
        }
      : row,
  );
  const overhead = { arrayGiven: toPlainC[oursIntoOneArray], arrayMade: toPlainC[ours] };
  return {
    pair: name,
    rows: timed.filter((row) => row.name !== oursIntoOneArray),
    bindingOverhead: {
      ...(overhead.arrayGiven && { arrayGiven: overhead.arrayGiven }),
      ...(overhead.arrayMade && { arrayMade: overhead.arrayMade }),
    },
  };
}

const framesPerRound = 100;
const roundsOf = (quick: boolean): number => (quick ? 5 : 40);

/** Microseconds a frame, round by round. */
async function timeDrivers(drivers: readonly ResamplerDriver[], pair: RatePair, rounds: number): Promise<Map<string, number[]>> {
  const frameSamples = pair.inputRateHz / 50;
  const input = noise(-20, frameSamples * framesPerRound, 11);
  const frames = Array.from({ length: framesPerRound }, (_, i) => input.slice(i * frameSamples, (i + 1) * frameSamples));
  const streams: ResamplerStream[] = [];
  const contestants: Contestant[] = [];
  for (const driver of drivers) {
    const stream = await driver.open(pair.inputRateHz, pair.outputRateHz);
    streams.push(stream);
    contestants.push({
      name: driver.name,
      time: () => {
        const ms =
          stream.timeMs?.(input, frameSamples) ??
          cpuMs(() => {
            for (const frame of frames) stream.process(frame);
          });
        return (ms * 1000) / framesPerRound;
      },
    });
  }
  const times = await interleave(contestants, rounds);
  for (const stream of streams) stream.close();
  return times;
}

const shown = (value: number | undefined, digits: number): string => (value === undefined ? '' : value.toFixed(digits));

export const resampler: Subject = {
  name: 'resampler',
  what: 'mono int16 streams in 20 ms frames: delay, quality and time',
  async run(options): Promise<ResamplerResult> {
    const asked = options.quick ? pairs.slice(0, 2) : pairs;
    const results: ResamplerPairResult[] = [];
    for (const pair of asked) results.push(await measurePair(pair, options));
    return { what: this.what, rounds: roundsOf(options.quick), framesPerRound, pairs: results };
  },
  tell: ({ pairs: results }: ResamplerResult) =>
    results.flatMap(({ pair, rows, bindingOverhead: { arrayGiven, arrayMade } }) => [
      '',
      ...table([
        [pair, 'lag ms', 'signal', 'latest', 'withheld', 'a frame', '≥102 %', '≥115 %', 'image', 'ripple', '3.4 kHz', 'THD+N', 'µs', '/ talkpath'],
        ...rows.map((row) => [
          row.name,
          row.failed ? row.failed.slice(0, 40) : shown(row.lagMs, 1),
          shown(row.signalDelayMs, 2),
          shown(row.latestMs, 2),
          shown(row.withheldMs, 1),
          row.frameSamples ? [...new Set(row.frameSamples)].join('–') : '',
          shown(row.aliasNearDb, 1),
          shown(row.aliasDb, 1),
          shown(row.imageDb, 1),
          shown(row.rippleDb, 3),
          shown(row.gainAt3400Db, 2),
          shown(row.distortionAndNoiseDb, 1),
          shown(row.usPerFrame, 1),
          row.ratioToTalkpath ? `${row.ratioToTalkpath.median} (${row.ratioToTalkpath.q1}–${row.ratioToTalkpath.q3})` : '',
        ]),
      ]),
      `talkpath/dsp over the same in plain C: ${arrayGiven?.median} (${arrayGiven?.q1}–${arrayGiven?.q3}) with the output array given, ${arrayMade?.median} (${arrayMade?.q1}–${arrayMade?.q3}) with a new one a frame`,
    ]),
};
