import { atSpeed, blockSamples, levelDbfs, type Sound, samplesIn } from './sound.js';

/** What a block is: nobody speaks, somebody does, or the edge of a word, which is not judged. */
export const truth = { silence: 0, speech: 1, edge: 2 } as const;

export interface Utterance {
  readonly speaker: string;
  readonly sound: Sound;
  /** One of `truth` a block. */
  readonly blocks: Uint8Array;
  /** RMS of its speech alone. */
  readonly activeDbfs: number;
}

/** Below its loudest blocks: from here on a block is speech, and from here down silence. */
const speechBelowLoudestDb = 28;
const silenceBelowLoudestDb = 40;
/** Above the recording's own noise, where that is louder. */
const speechAboveFloorDb = 9;
const silenceAboveFloorDb = 5;
/** The closure of a plosive belongs to its word. */
const longestClosureBlocks = 8;
/** A pause as long as this makes two utterances. */
const pauseBlocks = 25;
const marginBlocks = 10;
const shortestSpeechBlocks = 12;
const longestUtteranceBlocks = 600;

/**
 * Says of each block of a clean recording whether it holds speech, from its energy: within 28 dB of the loudest
 * is speech, 40 dB below is silence, what lies between is not judged; nor is a pause within speech that is too
 * short to be one and too long for a plosive.
 */
export function blocksOf(sound: Sound): Uint8Array {
  const levels = Array.from({ length: Math.floor(sound.length / blockSamples) }, (_, i) =>
    levelDbfs(sound.subarray(i * blockSamples, (i + 1) * blockSamples)),
  );
  const sorted = [...levels].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? -120;
  const speechDbfs = Math.max(at(0.95) - speechBelowLoudestDb, at(0.05) + speechAboveFloorDb);
  const silenceDbfs = Math.max(at(0.95) - silenceBelowLoudestDb, at(0.05) + silenceAboveFloorDb);
  const blocks = Uint8Array.from(levels, (level) => (level > speechDbfs ? truth.speech : level < silenceDbfs ? truth.silence : truth.edge));
  removeClicks(blocks);
  closeGaps(blocks);
  return blocks;
}

/** What is shorter than 30 ms and stands alone is no speech, but nothing to be judged by either. */
function removeClicks(blocks: Uint8Array): void {
  for (const { from, to } of runsOf(blocks, truth.speech)) if (to - from < 3) blocks.fill(truth.edge, from, to);
}

function closeGaps(blocks: Uint8Array): void {
  const speech = runsOf(blocks, truth.speech);
  speech.forEach(({ to }, i) => {
    const next = speech[i + 1]?.from;
    if (next === undefined) return;
    if (next - to <= longestClosureBlocks) blocks.fill(truth.speech, to, next);
    else if (next - to < pauseBlocks) blocks.fill(truth.edge, to, next);
  });
  // The blocks beside a word hold its end, or the start of the next.
  for (const { from, to } of runsOf(blocks, truth.speech)) {
    for (const edge of [from - 1, to, to + 1]) if (blocks[edge] === truth.silence) blocks[edge] = truth.edge;
  }
}

/** Stretches of one truth. */
export function runsOf(blocks: Uint8Array, what: number): { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (let i = 0; i < blocks.length; i++) {
    if (blocks[i] !== what) continue;
    const last = runs.at(-1);
    if (last && last.to === i) last.to = i + 1;
    else runs.push({ from: i, to: i + 1 });
  }
  return runs;
}

/** A recording cut where its speaker pauses. */
export function utterancesOf(speaker: string, sound: Sound): Utterance[] {
  const blocks = blocksOf(sound);
  const utterances: Utterance[] = [];
  let from = -1;
  let to = -1;
  const cut = (): void => {
    const first = Math.max(0, from - marginBlocks);
    const last = Math.min(blocks.length, to + marginBlocks);
    const speechBlocks = blocks.subarray(from, to).filter((block) => block === truth.speech).length;
    if (from < 0 || speechBlocks < shortestSpeechBlocks || last - first > longestUtteranceBlocks) return;
    const part = sound.slice(first * blockSamples, last * blockSamples);
    fadeEdges(part);
    utterances.push({ speaker, sound: part, blocks: blocks.slice(first, last), activeDbfs: activeLevel(part, blocks.subarray(first, last)) });
  };
  for (const run of runsOf(blocks, truth.speech)) {
    if (from >= 0 && run.from - to >= pauseBlocks) {
      cut();
      from = -1;
    }
    if (from < 0) from = run.from;
    to = run.to;
  }
  cut();
  return utterances;
}

function fadeEdges(sound: Sound): void {
  const fade = samplesIn(10);
  for (let i = 0; i < fade; i++) {
    sound[i] = ((sound[i] ?? 0) * i) / fade;
    const end = sound.length - 1 - i;
    sound[end] = ((sound[end] ?? 0) * i) / fade;
  }
}

function activeLevel(sound: Sound, blocks: Uint8Array): number {
  const speech = sound.filter((_, i) => blocks[Math.floor(i / blockSamples)] === truth.speech);
  return levelDbfs(speech);
}

/** The same words by a larger or a smaller person. */
export function spokenAt(utterance: Utterance, speed: number): Utterance {
  const sound = atSpeed(utterance.sound, speed);
  const blocks = Uint8Array.from({ length: Math.floor(sound.length / blockSamples) }, (_, i) => utterance.blocks[Math.floor(i * speed)] ?? 0);
  return { ...utterance, sound, blocks };
}
