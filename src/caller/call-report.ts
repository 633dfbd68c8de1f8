import { frameMs } from '../base/audio-format.js';
import { type SpeechInterval, SpeechIntervals } from './speech-intervals.js';
import type { CallerEnd, SyntheticCaller } from './synthetic-caller.js';

const punctualAmong = 10;

export interface FrameTiming {
  readonly received: number;
  /** Frames that the length of the call asks for but that never came. */
  readonly missing: number;
  /** Between one frame's arrival and the next one's. */
  readonly gapMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

export interface CallReport {
  readonly callId: string;
  readonly answered: boolean;
  readonly end: CallerEnd;
  readonly durationMs: number;
  readonly frames: FrameTiming;
  readonly callerSpeech: readonly SpeechInterval[];
  readonly agentSpeech: readonly SpeechInterval[];
  /** From the end of each stretch of the caller's speech to the agent's next, as heard on the line. */
  readonly replyLatenciesMs: readonly number[];
}

/** What the caller's end of the line saw of the call: timing, turns and answers. */
export function reportCall(caller: SyntheticCaller, callId: string, end: CallerEnd): CallReport {
  const callerSpeech = new SpeechIntervals();
  caller.said.forEach((pcm, i) => callerSpeech.take(pcm, i * frameMs));
  return {
    callId,
    answered: caller.heard.length > 0,
    end,
    durationMs: Math.round(caller.sinceStartMs()),
    frames: frameTiming(caller.heard.map((frame) => frame.atMs)),
    callerSpeech: callerSpeech.intervals,
    agentSpeech: caller.agentSpeech.intervals,
    replyLatenciesMs: replyLatencies(callerSpeech.intervals, caller.agentSpeech.intervals),
  };
}

export function frameTiming(arrivalsMs: readonly number[]): FrameTiming {
  const gaps = arrivalsMs.slice(1).map((atMs, i) => atMs - (arrivalsMs[i] ?? 0));
  return {
    received: arrivalsMs.length,
    missing: missingFrames(arrivalsMs),
    gapMs: { p50: quantile(gaps, 0.5), p99: quantile(gaps, 0.99), max: quantile(gaps, 1) },
  };
}

/** A frame that is late comes some time; one that is missing delays all that follow, the most punctual of them too. */
function missingFrames(arrivalsMs: readonly number[]): number {
  const delays = arrivalsMs.map((atMs, i) => atMs - i * frameMs);
  const some = Math.min(punctualAmong, Math.floor(delays.length / 2));
  if (some === 0) return 0;
  return Math.max(0, Math.round((Math.min(...delays.slice(-some)) - Math.min(...delays.slice(0, some))) / frameMs));
}

/** The value below which the share `q` of all values lies, to 0.01; 0 of no values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? sorted[0] ?? 0).toFixed(2));
}

/** A stretch of the caller's that the agent answers before the caller goes on. */
function replyLatencies(caller: readonly SpeechInterval[], agent: readonly SpeechInterval[]): number[] {
  return caller.flatMap(({ endMs }, i) => {
    const untilMs = caller[i + 1]?.startMs ?? Number.POSITIVE_INFINITY;
    const answer = agent.find(({ startMs }) => startMs >= endMs && startMs < untilMs);
    return answer ? [Math.round(answer.startMs - endMs)] : [];
  });
}
