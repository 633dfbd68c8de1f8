import { plain } from '../peers/plain-addon.js';
import { interleave, medianOf, ratiosTo } from './measure/rounds.js';
import { rounded, type Spread, spread } from './measure/spread.js';
import { type Subject, table } from './subject.js';

const queues = [
  { key: 'ours', name: 'talkpath ring', share: 1 },
  { key: 'slots', name: 'ring of slots (baseline)', share: 1 },
  // It takes so much longer that fewer do.
  { key: 'mutex', name: 'queue under a mutex', share: 0.1 },
] as const;

export interface RingRow {
  readonly name: string;
  readonly nsEach: number;
  readonly perSecond: number;
  readonly ratioToTalkpath: Spread;
  readonly nsSpread: Spread;
}

export interface RingsResult {
  readonly what: string;
  readonly rounds: number;
  /** 160 samples put in and taken out by one thread; from thread to thread; one number there and back. */
  readonly alone: readonly RingRow[];
  readonly frames: readonly RingRow[];
  readonly roundTrips: readonly RingRow[];
}

async function contest(measure: (queue: string, count: number) => number, count: number, rounds: number): Promise<RingRow[]> {
  const times = await interleave(
    queues.map(({ key, name, share }) => ({ name, time: () => measure(key, Math.round(count * share)) })),
    rounds,
  );
  const ratios = ratiosTo('talkpath ring', times);
  return queues.map(({ name }) => ({
    name,
    nsEach: medianOf(times, name),
    nsSpread: spread(times.get(name) ?? []),
    perSecond: rounded(1e9 / medianOf(times, name)),
    ratioToTalkpath: ratios[name] as Spread,
  }));
}

export const rings: Subject = {
  name: 'rings',
  what: 'frames of 160 samples through a queue, by one thread and between two that spin, and a number there and back, in plain C++',
  async run({ quick, progress }): Promise<RingsResult> {
    const rounds = quick ? 5 : 40;
    const count = quick ? 5_000 : 20_000;
    progress('one thread');
    const alone = await contest((queue, n) => plain.frameAloneNs(queue, n), count, rounds);
    progress('frames');
    const frames = await contest((queue, n) => plain.frameTransferNs(queue, n), count, rounds);
    progress('round trips');
    const roundTrips = await contest((queue, n) => plain.roundTripNs(queue, n), count / 10, rounds);
    return { what: this.what, rounds, alone, frames, roundTrips };
  },
  tell: ({ alone, frames, roundTrips }: RingsResult) =>
    table([
      ['', 'one thread ns', '/ talkpath', 'thread to thread ns', '/ talkpath', 'there and back ns', '/ talkpath'],
      ...alone.map((own, i) => {
        const [frame, trip] = [frames[i] as RingRow, roundTrips[i] as RingRow];
        return [own.name, ...[own, frame, trip].flatMap(({ nsEach, ratioToTalkpath: r }) => [String(nsEach), `${r.median} (${r.q1}–${r.q3})`])];
      }),
    ]),
};
