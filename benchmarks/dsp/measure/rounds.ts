import { rounded, type Spread, spread } from './spread.js';

/** One of those that are timed against each other: does its piece of work once and says how long that took. */
export interface Contestant {
  readonly name: string;
  readonly time: () => number | Promise<number>;
}

/**
 * Times all contestants once a round, each round in another order, so that whatever else the machine does hits all
 * alike; the first rounds only warm up. Returns what each needed, round by round.
 */
export async function interleave(contestants: readonly Contestant[], rounds: number, warmUps = 3): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < warmUps + rounds; round++) {
    (globalThis as { gc?: () => void }).gc?.();
    for (let i = 0; i < contestants.length; i++) {
      const contestant = contestants[(i + round) % contestants.length] as Contestant;
      const took = await contestant.time();
      if (round >= warmUps) times.get(contestant.name)?.push(took);
    }
  }
  return times;
}

/** How many times as long as `reference` each contestant took, round by round. */
export function ratiosTo(reference: string, times: ReadonlyMap<string, readonly number[]>): Record<string, Spread> {
  const base = times.get(reference) ?? [];
  return Object.fromEntries([...times].map(([name, values]) => [name, spread(values.map((value, round) => value / (base[round] ?? Number.NaN)))]));
}

export const medianOf = (times: ReadonlyMap<string, readonly number[]>, name: string): number => rounded(spread(times.get(name) ?? []).median);
