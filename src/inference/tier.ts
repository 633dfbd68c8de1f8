import { modelFor, type Purpose, type SpeechModel, type Tier } from '../models/catalogue.js';

export const tierSettings = ['auto', 'light', 'neural'] as const;
export type TierSetting = (typeof tierSettings)[number];

export interface TierChoice {
  readonly tier: Tier;
  /** For the log. */
  readonly reason: string;
}

/**
 * When `auto` takes the neural model. Recognition is asked for once a turn, and takes a fraction of a second. Synthesis
 * is asked for part by part, by every call, from one thread: up to this speed the next part is made before the last one
 * was heard, and with fewer cores it would take one of two from the calls.
 */
const neuralDemands = {
  stt: { leastCores: 2, largestFactor: 0.2 },
  tts: { leastCores: 4, largestFactor: 0.5 },
} as const;

/** What `auto` looks at. */
export interface Machine {
  readonly cores: number;
  isPresent(model: SpeechModel): boolean;
  /** Computing time divided by the speech's. Takes a few seconds the first time. */
  speedOf(model: SpeechModel): Promise<number>;
}

/** Whether `auto` may come to choose the neural model on a machine with that many cores. */
export function mayBeNeural(purpose: Purpose, cores: number): boolean {
  return cores >= neuralDemands[purpose].leastCores;
}

/** Settles on a tier; only `auto` looks at the machine. */
export async function chooseTier(purpose: Purpose, setting: TierSetting, machine: Machine): Promise<TierChoice> {
  if (setting !== 'auto') return { tier: setting, reason: 'set' };
  const { leastCores, largestFactor } = neuralDemands[purpose];
  if (!mayBeNeural(purpose, machine.cores)) return { tier: 'light', reason: `fewer than ${leastCores} cores` };
  const neural = modelFor(purpose, 'neural');
  if (!machine.isPresent(neural)) return { tier: 'light', reason: `${neural.name} is not on this machine` };
  const factor = await machine.speedOf(neural);
  return { tier: factor <= largestFactor ? 'neural' : 'light', reason: `${neural.name} takes ${factor.toFixed(2)} s for 1 s of speech` };
}
