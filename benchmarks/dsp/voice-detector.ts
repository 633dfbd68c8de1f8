import { areaUnder, aucOf, type Judged, type RocPoint, rocOf, type Shares, sharesOf, type Timing, thinned, timingOf } from '#corpus/score.js';
import { readTestSources, snrsDb, type TestCall, testCalls } from '#corpus/test-set.js';
import { Resampler } from '#talkpath/dsp.js';
import type { VoiceDriver, VoiceStream } from '../peers/peer.js';
import { plain } from '../peers/plain-addon.js';
import { type Contestant, interleave, medianOf, ratiosTo } from './measure/rounds.js';
import type { Spread } from './measure/spread.js';
import { recordingsFolder } from './recordings.js';
import { type Subject, table } from './subject.js';

const lineRateHz = 8000;
const blockSamples = lineRateHz / 100;
const ours = 'talkpath';
/** Share of the silence that may be taken for speech where the times are compared. */
const falsePositives = 0.05;
const plotPoints = 120;

export interface VoiceRow {
  readonly name: string;
  readonly kind: string;
  readonly note?: string;
  readonly frameMs: number;
  readonly auc?: number;
  /** The point of the curve nearest to 5 % of false alarms that does not exceed it, or the first. */
  readonly truePositives?: number;
  readonly falsePositives?: number;
  readonly timing?: Timing;
  /** Area under the curve by background and by SNR. */
  readonly aucBy?: Readonly<Record<string, number>>;
  /** What those get who use it as it is meant to be used, by what is known when a block has ended. */
  readonly asUsed?: Shares & Timing & { readonly how: string };
  /** [false positives, true positives], for a plot. */
  readonly roc?: readonly (readonly [number, number])[];
  /** Processor time for 10 ms of audio, and for the detector's own frame. */
  readonly usPer10Ms?: number;
  readonly usPerFrame?: number;
  readonly ratioToTalkpath?: Spread;
  readonly failed?: string;
}

export interface VoiceResult {
  readonly what: string;
  readonly calls: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly rows: readonly VoiceRow[];
}

/**
 * What a detector says of each 10 ms of a call: once of the frame that the block lies in, which tells how well it judges,
 * and once of the last frame that was complete when the block ended, which tells how soon; `decided` is the same of its decision.
 */
async function judge(driver: VoiceDriver, { samples, ...call }: TestCall): Promise<{ covering: JudgedCall; known: Judged; decided: Judged }> {
  const { blocks } = call;
  const stream = await driver.open();
  const signal =
    driver.sampleRateHz === lineRateHz ? samples : new Resampler({ inputRateHz: lineRateHz, outputRateHz: driver.sampleRateHz }).process(samples);
  const perBlock = driver.sampleRateHz / 100;
  const covering = new Float32Array(blocks.length);
  const known = new Float32Array(blocks.length);
  const decided = new Float32Array(blocks.length);
  for (let at = 0; at + driver.frameSamples <= signal.length; at += driver.frameSamples) {
    const score = await stream.process(signal.slice(at, at + driver.frameSamples));
    const end = at + driver.frameSamples;
    covering.fill(score, Math.floor(at / perBlock), Math.ceil(end / perBlock));
    known.fill(score, Math.ceil(end / perBlock) - 1);
    decided.fill(Number(stream.speech?.() ?? score >= 0.5), Math.ceil(end / perBlock) - 1);
  }
  stream.close();
  return {
    covering: { ...call, probabilities: covering },
    known: { ...call, probabilities: known },
    decided: { ...call, probabilities: decided },
  };
}

type JudgedCall = Judged & Pick<TestCall, 'condition' | 'snrDb'>;

/** Of the calls in which somebody speaks. */
function aucBy(calls: readonly JudgedCall[]): Record<string, number> {
  const spoken = calls.filter(({ blocks }) => blocks.includes(1));
  const among = (which: (call: JudgedCall) => boolean): number => thousandths(aucOf(spoken.filter(which)));
  const conditions = [...new Set(spoken.map(({ condition }) => condition))];
  return Object.fromEntries([
    ...conditions.map((name) => [name, among(({ condition }) => condition === name)]),
    ...snrsDb.map((snr) => [`${snr} dB SNR`, among(({ snrDb }) => snrDb === snr)]),
  ]);
}

const rounded = ({ heard, falseAlarms }: Shares): Shares => ({ heard: thousandths(heard), falseAlarms: thousandths(falseAlarms) });

async function figuresOf(driver: VoiceDriver, calls: readonly TestCall[]): Promise<Partial<VoiceRow>> {
  const covering: JudgedCall[] = [];
  const known: Judged[] = [];
  const decided: Judged[] = [];
  for (const call of calls) {
    const judged = await judge(driver, call);
    covering.push(judged.covering);
    known.push(judged.known);
    decided.push(judged.decided);
  }
  const roc = rocOf(covering);
  // Without a step that is strict enough, the strictest there is.
  const heard = roc.filter((one) => one.truePositives > 0);
  const point = (heard.filter((one) => one.falsePositives <= falsePositives).at(-1) ?? heard[0]) as RocPoint;
  return {
    auc: thousandths(areaUnder(roc)),
    truePositives: thousandths(point.truePositives),
    falsePositives: thousandths(point.falsePositives),
    timing: timingOf(known, point.threshold),
    aucBy: aucBy(covering),
    ...(driver.usedAs && { asUsed: { how: driver.usedAs, ...rounded(sharesOf(decided, 1)), ...timingOf(decided, 1) } }),
    roc: thinned(roc, plotPoints).map((one) => [thousandths(one.falsePositives), thousandths(one.truePositives)]),
  };
}

export const voiceDetector: Subject = {
  name: 'voice-detector',
  what: 'calls composed of recorded speech, eight backgrounds at 5 to 20 dB SNR and disturbances, µ-law and A-law, 8 kHz',
  async run({ field, quick, progress }): Promise<VoiceResult> {
    progress('composing calls');
    const size = quick ? { durationMs: 15_000, callsPerCondition: 1 } : { durationMs: 30_000, callsPerCondition: 1 };
    const calls = [...testCalls(readTestSources(recordingsFolder()), size)];
    const drivers = field.peers.flatMap(({ voiceDetectors }) => voiceDetectors ?? []);
    const rows: VoiceRow[] = [];
    for (const driver of drivers) {
      progress(driver.name);
      const { name, kind, note, frameSamples, sampleRateHz } = driver;
      const head = { name, kind, ...(note && { note }), frameMs: (frameSamples * 1000) / sampleRateHz };
      try {
        rows.push({ ...head, ...(await figuresOf(driver, calls)) });
      } catch (error) {
        rows.push({ ...head, failed: String(error) });
      }
    }
    progress('time');
    const rounds = quick ? 3 : 20;
    const working = drivers.filter(({ name }) => rows.some((row) => row.name === name && !row.failed));
    const times = await timeDrivers(working, calls[0] as TestCall, rounds);
    const ratios = ratiosTo(ours, times);
    return {
      what: this.what,
      calls: calls.length,
      seconds: calls.reduce((sum, { samples }) => sum + samples.length, 0) / lineRateHz,
      rounds,
      rows: rows.map((row) => {
        if (!times.has(row.name)) return row;
        const usPer10Ms = medianOf(times, row.name);
        return {
          ...row,
          usPer10Ms,
          usPerFrame: Number(((usPer10Ms * row.frameMs) / 10).toPrecision(3)),
          ratioToTalkpath: ratios[row.name] as Spread,
        };
      }),
    };
  },
  tell: ({ rows }: VoiceResult) =>
    table([
      [
        '',
        'AUC',
        'heard',
        'false alarms',
        'onset p50 ms',
        'p95',
        'offset p50 ms',
        'p95',
        'missed',
        'frame ms',
        'µs a frame',
        'µs / 10 ms',
        '/ talkpath',
        'as used: heard',
        'false alarms',
        'onset p95 ms',
        'offset p95 ms',
      ],
      ...rows.map((row) => {
        const { auc, truePositives, timing, usPerFrame, usPer10Ms, ratioToTalkpath: r, asUsed: used } = row;
        if (!timing) return [row.name, row.failed ?? ''];
        const times = [timing.onsetMs.p50, timing.onsetMs.p95, timing.offsetMs.p50, timing.offsetMs.p95, `${timing.missed} of ${timing.utterances}`];
        return [
          row.name,
          auc,
          truePositives,
          row.falsePositives,
          ...times,
          row.frameMs,
          usPerFrame,
          usPer10Ms,
          r ? `${r.median} (${r.q1}–${r.q3})` : '',
          ...(used ? [used.heard, used.falseAlarms, used.onsetMs.p95, used.offsetMs.p95] : []),
        ].map(String);
      }),
    ]),
};

const blocksPerRound = 96;

/** Microseconds for 10 ms of audio, round by round. */
async function timeDrivers(drivers: readonly VoiceDriver[], { samples }: TestCall, rounds: number): Promise<Map<string, number[]>> {
  const streams: VoiceStream[] = [];
  const contestants: Contestant[] = [];
  for (const driver of drivers) {
    const stream = await driver.open();
    streams.push(stream);
    const line = samples.slice(0, blocksPerRound * blockSamples);
    const signal =
      driver.sampleRateHz === lineRateHz ? line : new Resampler({ inputRateHz: lineRateHz, outputRateHz: driver.sampleRateHz }).process(line);
    const frames = Array.from({ length: Math.floor(signal.length / driver.frameSamples) }, (_, i) =>
      signal.slice(i * driver.frameSamples, (i + 1) * driver.frameSamples),
    );
    contestants.push({
      name: driver.name,
      async time() {
        let ms = stream.timeMs?.(signal, driver.frameSamples);
        if (ms === undefined) {
          const startedMs = plain.threadCpuMs();
          for (const frame of frames) {
            const score = stream.process(frame);
            // A promise is waited for; a number at once costs no turn of the event loop.
            if (typeof score !== 'number') await score;
          }
          ms = plain.threadCpuMs() - startedMs;
        }
        return (ms * 1000) / (driver.instances ?? 1) / blocksPerRound;
      },
    });
  }
  const times = await interleave(contestants, rounds);
  for (const stream of streams) stream.close();
  return times;
}

const thousandths = (value: number): number => Number(value.toFixed(4));
