import type { AudioFormat } from '../../../base/audio-format.js';
import type { TalkpathError } from '../../../base/errors.js';
import type { Usage } from '../../../base/usage.js';

/** Speech to text. Shared by all calls. */
export interface SpeechToText {
  readonly inputs: readonly AudioFormat[];
  /** `own`: the service decides that the caller's turn is over, and tells by turn-ended. */
  readonly turnTaking: 'ours' | 'own';
  /** Opens one call's half; resolves when it stands. Rejects when it cannot be had. */
  open(options: SttOptions): SttSession | Promise<SttSession>;
  /** Asks whether a session could be had; rejects if not. */
  probe?(signal: AbortSignal): Promise<void>;
  /** Frees what all sessions share. */
  close(): Promise<void>;
}

export interface SttOptions {
  /** Of `inputs`: what push() will get. */
  readonly input: AudioFormat;
  readonly language: string | undefined;
  /** Aborted when the call ends. */
  readonly signal: AbortSignal;
  readonly on: (event: SttEvent) => void;
}

export type SttEvent =
  /** Words so far of what is being said: an early reply begins by them. */
  | { readonly type: 'partial'; readonly text: string }
  | { readonly type: 'turn-ended' }
  | { readonly type: 'usage'; readonly usage: Usage }
  /** The session is of no use any more. */
  | { readonly type: 'failed'; readonly error: TalkpathError };

export interface SttSession {
  /** Takes the caller's audio as it comes, silence included. `speaking` is the engine's voice detection. */
  push(audio: Uint8Array, speaking: boolean): void;
  /** The words since the last take, empty if there were none. Rejects when the recogniser fails. */
  take(): Promise<string>;
  close(): void;
}
