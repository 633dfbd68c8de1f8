import type { Disturbance } from './disturbance.js';
import { type Companding, overTheLine } from './line.js';
import type { Noise, NoiseSources } from './noise.js';
import type { Random } from './random.js';
import { addTo, atLevel, blockSamples, gainOf, levelDbfs, type Sound, samplesIn } from './sound.js';
import { runsOf, truth, type Utterance } from './utterances.js';

export interface CallPlan {
  readonly durationMs: number;
  /** What the caller says, in any order; none for a line on which nobody speaks. */
  readonly said: readonly Utterance[];
  readonly speechDbfs: number;
  readonly background?: { readonly noise: Noise; readonly snrDb: number } | undefined;
  /** The background's share of the call: it may begin suddenly. */
  readonly backgroundFrom: number;
  /** The far end sends its background only along with speech. */
  readonly gated: boolean;
  readonly disturbances: readonly Disturbance[];
  /** How likely a pause is to hold one. */
  readonly disturbed: number;
  readonly companding: Companding;
}

export interface ComposedCall {
  /** int16 at 8 kHz, whole blocks. */
  readonly samples: Int16Array;
  /** One of `truth` a block. */
  readonly blocks: Uint8Array;
  /** 1 for a block whose speech is quieter than the background: nobody can tell that it is there yet. */
  readonly masked: Uint8Array;
}

export interface Sources extends NoiseSources {
  readonly music: readonly Sound[];
}

/** What one side of a call sounds like before its line, and what is true of each block of it. */
export interface ComposedSide extends Omit<ComposedCall, 'samples'> {
  readonly sound: Sound;
}

/** One side of a call, as a line delivers it. */
export function composeCall(plan: CallPlan, sources: Sources, random: Random): ComposedCall {
  const { sound, ...truths } = composeSide(plan, sources, random);
  return { samples: overTheLine(sound, plan.companding, random.fork()), ...truths };
}

export function composeSide(plan: Omit<CallPlan, 'companding'>, sources: Sources, random: Random): ComposedSide {
  const sound: Sound = new Float32Array(Math.floor(samplesIn(plan.durationMs) / blockSamples) * blockSamples);
  const blocks = new Uint8Array(sound.length / blockSamples);
  const masked = new Uint8Array(blocks.length);
  const backgroundDbfs = plan.background ? plan.speechDbfs - plan.background.snrDb : Number.NEGATIVE_INFINITY;
  let block = 0;
  while (block < blocks.length) {
    block += pause(block);
    for (let left = Math.floor(random.between(1, 4)); left > 0 && plan.said.length > 0; left--)
      block += speak(block) + Math.floor(random.between(0, 40));
  }
  if (plan.background) addBackground(plan.background.noise, backgroundDbfs);
  return { sound, blocks, masked };

  function speak(at: number): number {
    const utterance = random.pick(plan.said);
    if (at + utterance.blocks.length >= blocks.length) return utterance.blocks.length;
    const gainDb = plan.speechDbfs - utterance.activeDbfs;
    addTo(sound, utterance.sound, at * blockSamples, gainOf(gainDb));
    blocks.set(utterance.blocks, at);
    for (let i = 0; i < utterance.blocks.length; i++) {
      const said = utterance.sound.subarray(i * blockSamples, (i + 1) * blockSamples);
      masked[at + i] = levelDbfs(said) + gainDb < backgroundDbfs ? 1 : 0;
    }
    return utterance.blocks.length;
  }

  function pause(at: number): number {
    const ms = plan.said.length > 0 ? random.between(400, 3000) : random.between(1000, 6000);
    if (plan.disturbances.length > 0 && random.happens(plan.disturbed)) {
      const lead = random.between(0.05, 0.4) * ms;
      const disturbance = random.pick(plan.disturbances)(0.95 * ms - lead, random.fork(), sources);
      const most = samplesIn(ms - lead);
      addTo(sound, disturbance.subarray(0, most), at * blockSamples + samplesIn(lead), gainOf(random.between(-14, 4)));
    }
    return Math.ceil(ms / 10);
  }

  function addBackground(noise: Noise, dbfs: number): void {
    const background = atLevel(noise(sound.length, random.fork(), sources), dbfs);
    const from = Math.floor(plan.backgroundFrom * sound.length);
    if (plan.gated) muteWhereNobodySpeaks(background);
    addTo(sound, background.subarray(from), from);
  }

  /** As a line that detects speech itself: its noise comes 20 ms before a word and stays for 200 ms. */
  function muteWhereNobodySpeaks(background: Sound): void {
    const open = new Uint8Array(blocks.length);
    for (const { from, to } of runsOf(blocks, truth.speech)) open.fill(1, Math.max(0, from - 2), to + 20);
    background.forEach((sample, i) => {
      if (!open[Math.floor(i / blockSamples)]) background[i] = sample * 0.03;
    });
  }
}
