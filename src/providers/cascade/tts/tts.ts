import type { AudioFormat } from '../../../base/audio-format.js';
import type { TalkpathError } from '../../../base/errors.js';
import type { Usage } from '../../../base/usage.js';

/** Text to speech. Shared by all calls. */
export interface TextToSpeech {
  /** What it can give; none when it gives whatever its voice has, and each piece says what that is. */
  readonly outputs: readonly AudioFormat[];
  /** Opens one call's half. Rejects when it cannot be had. */
  open(options: TtsOptions): TtsSession | Promise<TtsSession>;
  /** Synthesises what will surely be said, so that speak() finds it at once; for voices that cost time and no money. */
  prepare?(texts: readonly string[]): Promise<void>;
  /** Asks whether a session could be had; rejects if not. */
  probe?(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface TtsOptions {
  /** Of `outputs`, or what the call would like best. */
  readonly output: AudioFormat;
  readonly language: string | undefined;
  /** Aborted when the call ends. */
  readonly signal: AbortSignal;
  readonly on: (event: TtsEvent) => void;
}

export type TtsEvent =
  | { readonly type: 'usage'; readonly usage: Usage }
  /** The session is of no use any more. */
  | { readonly type: 'failed'; readonly error: TalkpathError };

export interface TtsSession {
  /**
   * Speaks one sentence; pieces come as they are made. Sentences of one `turn` belong together. Ends early, without an
   * error, when aborted: then the rest of the turn is over too.
   */
  speak(text: string, turn: number, signal: AbortSignal): AsyncIterable<SpeechPiece>;
  close(): void;
}

export interface SpeechPiece {
  readonly audio: Uint8Array;
  readonly format: AudioFormat;
}
