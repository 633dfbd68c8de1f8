import { type Judged, type Percentiles, percentilesOf, spokenIn } from './score.js';
import { truth } from './utterances.js';

export interface TrackerSettings {
  /** Speech within the last 1.5 times this makes a start. */
  readonly onsetMs: number;
  /** Without speech for so long, it has ended. */
  readonly hangoverMs: number;
}

const blockMs = 10;

/** Stretches of speech as the engine's SpeechTracker makes them of single blocks, in blocks from the call's start. */
export function stretchesOf(speech: ArrayLike<boolean>, { onsetMs, hangoverMs }: TrackerSettings): { readonly from: number; readonly to: number }[] {
  const onset = Math.max(1, Math.floor(onsetMs / blockMs));
  const window = onset + Math.floor(onset / 2);
  const hangover = Math.max(1, Math.floor(hangoverMs / blockMs));
  const stretches: { from: number; to: number }[] = [];
  let recent: boolean[] = [];
  let startedAt = -1;
  let since = 0;
  for (let i = 0; i < speech.length; i++) {
    recent = [...recent.slice(-(Math.max(window, 3) - 1)), speech[i] === true];
    const among = (count: number): number => recent.slice(-count).filter(Boolean).length;
    if (startedAt < 0) {
      if (among(window) < onset) continue;
      startedAt = i;
      since = 0;
      continue;
    }
    since = speech[i] && among(3) >= 2 ? 0 : since + 1;
    if (since < hangover) continue;
    stretches.push({ from: startedAt, to: i });
    startedAt = -1;
    recent = [];
  }
  if (startedAt >= 0) stretches.push({ from: startedAt, to: speech.length });
  return stretches;
}

export interface BargeIns {
  /** From an utterance's first block to the tick at which the agent is paused. */
  readonly stopMs: Percentiles;
  /** Utterances that never paused the agent, as a share. */
  readonly missed: number;
  /** Starts where nobody speaks, an hour of that. */
  readonly falsePerHour: number;
  /** From an utterance's end to "speech ended". */
  readonly endMs: Percentiles;
}

/** What a conversation gets of it: the agent paused for a caller, the agent paused for nothing. */
export function bargeInsOf(calls: readonly Judged[], threshold: number, settings: TrackerSettings): BargeIns {
  const stops: number[] = [];
  const ends: number[] = [];
  let [missed, utterances, falseStarts, silentBlocks] = [0, 0, 0, 0];
  for (const call of calls) {
    const { blocks, probabilities } = call;
    const stretches = stretchesOf(
      Array.from(probabilities, (probability) => probability >= threshold),
      settings,
    );
    silentBlocks += blocks.filter((block) => block === truth.silence).length;
    // A start counts as false when no speech lies between it and 300 ms before it.
    falseStarts += stretches.filter(({ from }) => !blocks.subarray(Math.max(0, from - 30), from + 1).some((block) => block !== truth.silence)).length;
    for (const { first, last } of spokenIn(call)) {
      // Still in an earlier stretch: nothing of the agent to stop.
      if (stretches.some((stretch) => stretch.from < first && stretch.to > first)) continue;
      utterances++;
      const start = stretches.find((stretch) => stretch.from >= first && stretch.from <= last + 10);
      if (!start) missed++;
      else stops.push((start.from - first + 1) * blockMs);
      if (start && start.to < blocks.length && !blocks.subarray(last + 1, start.to).includes(truth.speech)) ends.push((start.to - last) * blockMs);
    }
  }
  return {
    stopMs: percentilesOf(stops),
    missed: missed / Math.max(1, utterances),
    falsePerHour: falseStarts / (silentBlocks / 360_000),
    endMs: percentilesOf(ends),
  };
}
