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
  convertedSamples(count: number, inputRateHz: number, outputRateHz: number): number;
  convertRate(samples: Int16Array, inputRateHz: number, outputRateHz: number, output: Int16Array): number;
  encodeMulaw(samples: Int16Array, codes: Uint8Array): void;
  decodeMulaw(codes: Uint8Array, samples: Int16Array): void;
  encodeAlaw(samples: Int16Array, codes: Uint8Array): void;
  /** Whether two arrays of samples or bytes overlap in memory, whatever buffers they belong to. */
  sharesMemory(one: Int16Array | Uint8Array, other: Int16Array | Uint8Array): boolean;
  decodeAlaw(codes: Uint8Array, samples: Int16Array): void;
  Resampler: new (inputRateHz: number, outputRateHz: number) => NativeResampler;
  RecordingResampler: new (inputRateHz: number, outputRateHz: number) => NativeResampler;
  EchoCanceller: new (sampleRateHz: number, maxDelayMs: number, noiseSuppression: number, always: boolean) => NativeEchoCanceller;
  NoiseSuppressor: new (sampleRateHz: number, level: number) => NativeNoiseSuppressor;
  VoiceDetector: new (sampleRateHz: number, mode: number) => NativeVoiceDetector;
  setDoorbell(ring: (() => void) | null, steady?: boolean): void;
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

/** What a stage has. After close() it does nothing any more. */
interface NativeStage {
  delaySeconds(): number;
  close(): void;
}

/** The live one and the one for recordings. */
export interface NativeResampler extends NativeStage {
  outputSamples(inputSamples: number): number;
  /** -n when `output` has no room for n; then nothing is taken. */
  process(input: Int16Array, output: Int16Array): number;
  flushSamples(): number;
  flush(output: Int16Array): number;
  latencySeconds(): number;
}

export interface NativeEchoCanceller {
  process(nearEnd: Int16Array, farEnd: Int16Array, output: Int16Array): void;
  /** Six fields, as bindings/echo_canceller_object.h tells. */
  state(fields: Float32Array): void;
  delaySeconds(removes: boolean): number;
  close(): void;
}

export interface NativeNoiseSuppressor extends NativeStage {
  process(block: Int16Array, output: Int16Array): void;
}

export interface NativeVoiceDetector extends NativeStage {
  process(block: Int16Array, decision: Float32Array): void;
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
  /** Noise while the agent is silent, -70 to -40; 0 is none. */
  readonly comfortNoiseDbfs: number;
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
  /** Queued of the agent's audio. */
  readonly playoutDepthMs: number;
  /** Queued before a reply starts: a frame and the jitter that the agent has shown. */
  readonly playoutStartMs: number;
  readonly concealedMs: number;
  readonly concealmentEvents: number;
  /** Of a live agent's silence: left out to be less late, put in to have its jitter covered. */
  readonly trimmedMs: number;
  readonly stretchedMs: number;
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
    throw new TalkpathError(
      'TP_ERR_ADDON_LOAD',
      `The native engine could not be loaded: ${messageOf(error).trim()}. npm rebuild talkpath compiles it`,
      {
        cause: error,
      },
    );
  }
}

/** The native engine, one a process, seen from this Node thread. */
export const addon = load();
