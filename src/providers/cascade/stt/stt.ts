/** Speech to text, for one call at a time. */
export interface SpeechToText {
  readonly inputRateHz: number;
  open(): SttSession;
  /** Frees what all sessions share. */
  close(): Promise<void>;
}

export interface SttSession {
  /** Takes the caller's audio as it comes (int16, little endian, mono). `speaking` is the engine's voice detection. */
  push(pcm: Uint8Array, speaking: boolean): void;
  /** The words since the last take, empty if there were none. Rejects when the recogniser fails. */
  take(): Promise<string>;
  close(): void;
}
