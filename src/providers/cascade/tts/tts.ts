/** Text to speech. Shared by all calls. */
export interface TextToSpeech {
  /** Speaks one sentence; pieces come as they are made. Ends early, without an error, when aborted. */
  speak(text: string, signal: AbortSignal): AsyncIterable<SpeechPiece>;
  /** Synthesises what will surely be said, so that speak() finds it at once. */
  prepare(texts: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface SpeechPiece {
  /** int16, little endian, mono. */
  readonly pcm: Uint8Array;
  readonly rateHz: number;
}
