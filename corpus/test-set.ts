import { type ComposedCall, composeCall, type Sources } from './call.js';
import type { Disturbance } from './disturbance.js';
import * as disturbance from './disturbance.js';
import type { Noise } from './noise.js';
import * as noise from './noise.js';
import { Random } from './random.js';
import { readMusic, readRecordedNoise, readUtterances, testMusic, testSpeakers } from './recordings.js';
import type { Utterance } from './utterances.js';

export interface TestCall extends ComposedCall {
  /** What is special about it: a background, "clean", or a disturbance on a line on which nobody speaks. */
  readonly condition: string;
  /** Undefined without a background. */
  readonly snrDb?: number;
}

export const backgrounds = {
  white: noise.white,
  pink: noise.pink,
  brown: noise.brown,
  car: noise.car,
  hum: noise.hum,
  babble: noise.babble,
  cafeteria: noise.cafeteria,
  recorded: noise.recorded,
} satisfies Record<string, Noise>;

export const disturbances = {
  music: disturbance.music,
  dtmf: disturbance.dtmf,
  'call progress': disturbance.callProgress,
  'special information': disturbance.specialInformation,
  fax: disturbance.fax,
  breath: disturbance.breath,
  'key clicks': disturbance.keyClicks,
  handling: disturbance.handling,
  'sudden noise': disturbance.suddenNoise,
  'line clicks': disturbance.lineClicks,
} satisfies Record<string, Disturbance>;

export const snrsDb = [5, 10, 15, 20];

export interface TestSetSize {
  /** Of each call. */
  readonly durationMs: number;
  /** Calls of each background and SNR; twice as many clean ones, and of each disturbance alone. */
  readonly callsPerCondition: number;
}

/** Everything that the test set is composed of; reads some minutes of recordings. */
export function readTestSources(folder: string): Sources {
  return { utterances: readUtterances(folder, testSpeakers), music: readMusic(folder, testMusic), recorded: readRecordedNoise(folder) };
}

/**
 * Telephone calls with known speech: µ-law and A-law, -15 to -35 dBFS, eight backgrounds at 5 to 20 dB SNR and none,
 * disturbances in most pauses, and each disturbance on a line of its own. The same for the same seed.
 */
export function* testCalls(sources: Sources, size: TestSetSize, seed = 1): Generator<TestCall> {
  const random = new Random(seed);
  const bySpeaker = grouped(sources.utterances);
  const every = Object.values(disturbances);
  const plan = () => ({
    durationMs: size.durationMs,
    said: random.pick(random.happens(0.4) ? [bySpeaker[0] ?? []] : bySpeaker.slice(1)),
    speechDbfs: random.between(-35, -15),
    backgroundFrom: random.happens(0.3) ? random.between(0.1, 0.5) : 0,
    gated: random.happens(0.15),
    disturbances: every,
    disturbed: 0.6,
    companding: random.pick(['mu-law', 'mu-law', 'A-law'] as const),
  });
  for (let i = 0; i < 2 * size.callsPerCondition; i++) yield { condition: 'clean', ...composeCall(plan(), sources, random.fork()) };
  for (const [condition, background] of Object.entries(backgrounds)) {
    for (const snrDb of snrsDb) {
      for (let i = 0; i < size.callsPerCondition; i++) {
        yield { condition, snrDb, ...composeCall({ ...plan(), background: { noise: background, snrDb } }, sources, random.fork()) };
      }
    }
  }
  for (const [condition, only] of Object.entries(disturbances)) {
    for (let i = 0; i < 2 * size.callsPerCondition; i++) {
      yield { condition, ...composeCall({ ...plan(), said: [], disturbances: [only], disturbed: 1 }, sources, random.fork()) };
    }
  }
}

function grouped(utterances: readonly Utterance[]): Utterance[][] {
  const groups = new Map<string, Utterance[]>();
  for (const utterance of utterances) groups.set(utterance.speaker, [...(groups.get(utterance.speaker) ?? []), utterance]);
  return [...groups.values()];
}

/** A minute each of lines on which nobody speaks: every background in turn, sudden or not, at -50 to -25 dBFS. */
export function* noiseCalls(sources: Sources, minutes: number, seed = 2): Generator<TestCall> {
  const random = new Random(seed);
  const all = Object.entries(backgrounds);
  for (let minute = 0; minute < minutes; minute++) {
    const [condition, background] = all[minute % all.length] ?? ['white', noise.white];
    const plan = {
      durationMs: 60_000,
      said: [],
      speechDbfs: random.between(-50, -25),
      background: { noise: background, snrDb: 0 },
      backgroundFrom: random.happens(0.5) ? random.between(0.05, 0.5) : 0,
      gated: false,
      disturbances: Object.values(disturbances),
      disturbed: Math.floor(minute / 8) % 2,
      companding: 'mu-law' as const,
    };
    yield { condition, ...composeCall(plan, sources, random.fork()) };
  }
}
