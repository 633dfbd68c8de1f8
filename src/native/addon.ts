import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { messageOf, TalkpathError } from '../base/errors.js';

/** The addon's own shape; validated options in, plain numbers out. bindings/ says what each means. */
interface Addon {
  startEngine(options: EngineOptions): void;
  stopEngine(): void;
  engineSnapshot(): EngineSnapshot | undefined;
  openSession(options: SessionOptions): number;
  closeSession(sessionId: number): void;
  convertRate(pcm: Uint8Array, inputRateHz: number, outputRateHz: number): Uint8Array;
  setDoorbell(ring: (() => void) | null): void;
  LineEnd: new (sessionId: number) => NativeLineEnd;
  AgentEnd: new (sessionId: number, agentRateHz: number, startDepthMs: number) => NativeAgentEnd;
}

export interface NativeLineEnd {
  push(bytes: Uint8Array, offset: number, byteCount: number, rateHz: number): number;
  drain(bytes: Uint8Array, offset: number): number;
  snapshot(): SessionSnapshot | undefined;
  release(): void;
}

export interface NativeAgentEnd {
  drain(bytes: Uint8Array): number;
  nextEvent(fields: Float64Array): boolean;
  push(turn: number, bytes: Uint8Array, offset: number, byteCount: number, rateHz: number, endsReply: boolean): number;
  command(type: number, turn: number): boolean;
  snapshot(): SessionSnapshot | undefined;
  release(): void;
}

export interface EngineOptions {
  /** Tick threads, 1 to 64. */
  readonly workers: number;
  /** Ask for SCHED_FIFO; starting fails when the system refuses. */
  readonly realtime: boolean;
}

export interface SessionOptions {
  /** Rate of the frames to the line: 8000, 16000 or 24000. */
  readonly lineRateHz: number;
  readonly highPassHz: number;
  /** 0 off, 1 to 3 for 6, 12 and 18 dB. */
  readonly noiseSuppression: number;
  /** 0 never, 1 always, 2 when an echo is found. */
  readonly echoCancellation: number;
  readonly echoMaxDelayMs: number;
  /** 0 hears most, 3 believes least. */
  readonly voiceMode: number;
  readonly speechOnsetMs: number;
  readonly speechHangoverMs: number;
}

/** Why the line heard nothing although it should have, in the addon's order. */
export const gapCauses = ['provider-late', 'control-stalled', 'engine-late', 'line-back-pressure', 'set-up'] as const;
export type GapCause = (typeof gapCauses)[number];

/** Counters of one session since its start. */
export interface SessionSnapshot {
  readonly lineSamplesIn: number;
  readonly lineSamplesDropped: number;
  readonly lineMsMissing: number;
  readonly lineMsSurplus: number;
  readonly agentSamplesDropped: number;
  readonly eventsLost: number;
  readonly framesOut: number;
  readonly framesAudible: number;
  readonly playoutDepthMs: number;
  readonly concealedMs: number;
  /** In the order of `gapCauses`. */
  readonly gaps: readonly { readonly episodes: number; readonly ms: number }[];
}

export interface TickHistogram {
  /** One more than there are bounds. */
  readonly counts: readonly number[];
  readonly sumSeconds: number;
  readonly maxSeconds: number;
}

export interface EngineSnapshot {
  readonly sessions: number;
  readonly sessionsCreated: number;
  /** One a worker. */
  readonly tickLateness: readonly TickHistogram[];
  readonly tickDuration: readonly TickHistogram[];
  readonly bucketBoundsSeconds: readonly number[];
}

function load(): Addon {
  const require = createRequire(import.meta.url);
  const packageFolder = fileURLToPath(new URL('../../', import.meta.url));
  try {
    return require('node-gyp-build')(packageFolder) as Addon;
  } catch (error) {
    throw new TalkpathError('TP_ERR_ADDON_LOAD', `The native engine could not be loaded: ${messageOf(error)}`, { cause: error });
  }
}

/** The native engine, one a process, seen from this Node thread. */
export const addon = load();
