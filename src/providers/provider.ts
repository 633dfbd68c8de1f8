import type { ErrorCode } from '../base/errors.js';

/** The AI side of talkpath: whatever hears the caller and speaks for the agent. */
export interface Provider {
  readonly name: string;
  readonly abilities: ProviderAbilities;
  /** Opens the provider's half of one call. Rejects, or is aborted, when it cannot be had. */
  connect(options: ConnectOptions): Promise<ProviderSession>;
}

/** What a provider takes and gives. */
export interface ProviderAbilities {
  /** Rates of the caller's audio (int16, little endian, mono) that sendAudio() can take. */
  readonly inputRatesHz: readonly number[];
  /**
   * Who decides whose turn it is: `ours` the conversation machine, `own` the provider (it tells by events), `none`
   * there are no turns, everything is one stream.
   */
  readonly turnTaking: 'ours' | 'own' | 'none';
  /** Its audio comes as steadily as the caller's, not in bursts: it needs no cushion before it is played. */
  readonly steady?: true;
}

export interface ConnectOptions {
  /** Aborted when the call ends. */
  readonly signal: AbortSignal;
  /** Of `abilities.inputRatesHz`: what sendAudio() will get. */
  readonly inputRateHz: number;
  readonly on: (event: ProviderEvent) => void;
  readonly call: CallContext;
}

/** What a provider may know of the call. */
export interface CallContext {
  readonly callId: string;
  /** Said first; undefined leaves the greeting to the provider, empty means none. */
  readonly greeting: string | undefined;
  readonly prompt: string | undefined;
  readonly caller: { readonly number?: string | undefined; readonly name?: string | undefined };
  readonly variables: Readonly<Record<string, string>>;
}

export interface ProviderSession {
  /**
   * Takes the caller's audio as it comes, silence included. `speaking` is the engine's voice detection: true from a
   * little after speech began until the hang-over after it ended.
   */
  sendAudio(pcm: Uint8Array, speaking: boolean): void;
  /** Asks for the reply of `turn`. Answered by reply-audio and reply-ended events, or failed. */
  requestReply(turn: number, cause: ReplyCause, last: boolean): void;
  /** The reply of `turn` is over for the caller. No event of that turn counts any more. */
  cancelReply(turn: number, heard: Heard): void;
  close(): void;
}

/** How much of a reply reached the caller. */
export interface Heard {
  readonly ms: number;
  readonly text: string;
}

/** What a reply answers: the start of the call, the caller's words, or the caller's silence. */
export type ReplyCause = 'greeting' | 'caller' | 'no-input';

export type ProviderEvent =
  /** Audio of a turn, int16, little endian, mono, in pieces of any size. */
  | { readonly type: 'reply-audio'; readonly turn: number; readonly pcm: Uint8Array; readonly rateHz: number }
  | { readonly type: 'reply-ended'; readonly turn: number }
  /** Words of a turn. An agent's text comes before the audio that speaks it. */
  | { readonly type: 'transcript'; readonly turn: number; readonly who: 'caller' | 'agent'; readonly text: string; readonly final: boolean }
  /** Of a provider with turn-taking of its own. */
  | { readonly type: 'speech-started' }
  | { readonly type: 'speech-ended' }
  /** Something to be done in the world; `hang_up` and `transfer` happen when the turn's reply has been heard. */
  | { readonly type: 'tool-call'; readonly turn: number; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }
  /** Times that the provider measured in this turn, for the record: milliseconds by stage. */
  | { readonly type: 'timing'; readonly turn: number; readonly stage: string; readonly ms: number }
  /** The turn's reply will not come, or (without a turn) the whole session is lost. */
  | { readonly type: 'failed'; readonly turn?: number; readonly code: ErrorCode; readonly message: string; readonly retryable: boolean };
