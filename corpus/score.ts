import { runsOf, truth } from './utterances.js';

/** What a detector said of a call: how probable speech is, one number a 10 ms block. */
export interface Judged {
  readonly blocks: Uint8Array;
  /** 1 where the background covers the speech. */
  readonly masked?: Uint8Array;
  readonly probabilities: ArrayLike<number>;
}

/** AUC is taken over segments of this many blocks: 30 ms, about the window that published figures use. */
export const segmentBlocks = 3;

interface Segments {
  readonly scores: Float64Array;
  readonly speech: Uint8Array;
}

/** Mean probabilities of segments that are all speech or all silence; those with an edge in them are not judged. */
function segmentsOf(calls: readonly Judged[]): Segments {
  const scores: number[] = [];
  const speech: number[] = [];
  for (const { blocks, probabilities } of calls) {
    for (let at = 0; at + segmentBlocks <= blocks.length; at += segmentBlocks) {
      const what = blocks[at];
      if (what === truth.edge || what === undefined) continue;
      let sum = 0;
      let whole = true;
      for (let i = at; i < at + segmentBlocks; i++) {
        whole &&= blocks[i] === what;
        sum += probabilities[i] ?? 0;
      }
      if (!whole) continue;
      scores.push(sum / segmentBlocks);
      speech.push(what);
    }
  }
  return { scores: Float64Array.from(scores), speech: Uint8Array.from(speech) };
}

export interface RocPoint {
  /** A segment is taken for speech from this score on. */
  readonly threshold: number;
  /** Share of the speech that is heard. */
  readonly truePositives: number;
  /** Share of the silence that is taken for speech. */
  readonly falsePositives: number;
}

/** The curve from (0, 0) to (1, 1), one point for each score that occurs. */
export function rocOf(calls: readonly Judged[]): RocPoint[] {
  const { scores, speech } = segmentsOf(calls);
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const positives = speech.reduce((sum, is) => sum + is, 0);
  const negatives = speech.length - positives;
  const points: RocPoint[] = [{ threshold: Number.POSITIVE_INFINITY, truePositives: 0, falsePositives: 0 }];
  let [hits, alarms] = [0, 0];
  order.forEach((index, i) => {
    if (speech[index]) hits++;
    else alarms++;
    const next = order[i + 1];
    if (next !== undefined && scores[next] === scores[index]) return;
    points.push({ threshold: scores[index] ?? 0, truePositives: hits / positives, falsePositives: alarms / negatives });
  });
  return points;
}

/** The area under it: how often a segment of speech scores above one of silence, ties counting half. */
export function areaUnder(roc: readonly RocPoint[]): number {
  let area = 0;
  for (let i = 1; i < roc.length; i++) {
    const [a, b] = [roc[i - 1], roc[i]];
    if (a && b) area += (b.falsePositives - a.falsePositives) * (a.truePositives + b.truePositives) * 0.5;
  }
  return area;
}

export const aucOf = (calls: readonly Judged[]): number => areaUnder(rocOf(calls));

/** No more points than a plot can show; the ends stay. */
export function thinned(roc: readonly RocPoint[], most: number): RocPoint[] {
  const step = Math.max(1, (roc.length - 1) / (most - 1));
  return Array.from({ length: Math.min(most, roc.length) }, (_, i) => roc[Math.round(i * step)]).filter((point) => point !== undefined);
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

export interface Timing {
  /** From the first block of an utterance that the background does not cover to the end of the first that is taken for speech. */
  readonly onsetMs: Percentiles;
  /** From the end of an utterance to the start of 50 ms without speech. */
  readonly offsetMs: Percentiles;
  /** Utterances, and those that were never noticed; these count as late as the utterance is long. */
  readonly utterances: number;
  readonly missed: number;
}

export interface Shares {
  /** Of the blocks in which somebody speaks, those taken for speech. */
  readonly heard: number;
  /** Of those in which nobody does. */
  readonly falseAlarms: number;
}

/** Block by block, at a threshold; the edges of utterances are not judged. */
export function sharesOf(calls: readonly Judged[], threshold: number): Shares {
  const count = { speech: 0, heard: 0, silence: 0, alarms: 0 };
  for (const { blocks, probabilities } of calls) {
    blocks.forEach((block, i) => {
      const taken = Number((probabilities[i] ?? 0) >= threshold);
      if (block === truth.speech) {
        count.speech++;
        count.heard += taken;
      } else if (block === truth.silence) {
        count.silence++;
        count.alarms += taken;
      }
    });
  }
  return { heard: count.heard / count.speech, falseAlarms: count.alarms / count.silence };
}

const quietBlocks = 5;
const blockMs = 10;

/** The utterances of a call that can be heard: their first block that the background does not cover, and their last block. */
export function spokenIn({ blocks, masked }: Omit<Judged, 'probabilities'>): { readonly first: number; readonly last: number }[] {
  const spoken = runsOf(
    blocks.map((block) => (block === truth.silence ? 0 : 1)),
    1,
  ).map(({ from, to }) => {
    const audible = blocks.findIndex((block, i) => i >= from && i < to && block === truth.speech && masked?.[i] !== 1);
    return { first: audible, last: blocks.subarray(0, to).lastIndexOf(truth.speech) };
  });
  return spoken.filter(({ first }) => first >= 0);
}

/** How soon a detector notices that somebody begins and ceases to speak, at a threshold. */
export function timingOf(calls: readonly Judged[], threshold: number): Timing {
  const onsets: number[] = [];
  const offsets: number[] = [];
  let missed = 0;
  for (const call of calls) {
    const { blocks, probabilities } = call;
    const heard = (i: number): boolean => (probabilities[i] ?? 0) >= threshold;
    for (const { first, last } of spokenIn(call)) {
      let onset = first;
      while (onset <= last && !heard(onset)) onset++;
      if (onset > last) missed++;
      onsets.push((onset - first + 1) * blockMs);
      let quiet = 0;
      let offset = last + 1;
      while (offset < blocks.length && blocks[offset] !== truth.speech && quiet < quietBlocks) quiet = heard(offset++) ? 0 : quiet + 1;
      // The next utterance began before it was quiet: nothing is known.
      if (quiet === quietBlocks) offsets.push((offset - quietBlocks - last - 1) * blockMs);
      else if (blocks[offset] === truth.speech) offsets.push((offset - last - 1) * blockMs);
    }
  }
  return { onsetMs: percentilesOf(onsets), offsetMs: percentilesOf(offsets), utterances: onsets.length, missed };
}

export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}
