import { type AudioFormat, audioMs } from '../../base/audio-format.js';

/** Which of the caller's audio goes to the service, and whether there is speech in it that is not yet part of the conversation. */
export interface CallerAudio {
  /** What is to be sent now: the piece, nothing, or pieces that were held back and then the piece. */
  take(audio: Uint8Array, speaking: boolean): readonly Uint8Array[];
  /** The service has heard speech begin. */
  speechStarted(): void;
  /** What was sent is part of the conversation now. */
  committed(): void;
  /** Speech was sent since the last commit, and as much audio as the service wants for one. */
  readonly isWorthCommitting: boolean;
}

/** The service refuses to commit less. */
const leastCommitMs = 100;
/** A longer silence tells the model nothing, is paid for all the same, and has to be heard before it answers. */
const longestSilenceMs = 1000;

/** For a service that finds the caller's turns itself: everything is sent. */
export class StreamedAudio implements CallerAudio {
  readonly #format: AudioFormat;
  #isSpeaking = false;
  #hasSpeech = false;
  #sentMs = 0;

  constructor(format: AudioFormat) {
    this.#format = format;
  }

  take(audio: Uint8Array, speaking: boolean): readonly Uint8Array[] {
    // The hang-over of speech that is committed already is no new speech.
    if (speaking && !this.#isSpeaking) this.#hasSpeech = true;
    this.#isSpeaking = speaking;
    this.#sentMs += audioMs(audio, this.#format);
    return [audio];
  }

  speechStarted(): void {
    this.#hasSpeech = true;
  }

  committed(): void {
    this.#hasSpeech = false;
    this.#sentMs = 0;
  }

  get isWorthCommitting(): boolean {
    return this.#hasSpeech && this.#sentMs >= leastCommitMs;
  }
}

/**
 * For a service that keeps all it gets until it is told that a turn is over: speech with the pauses in it, from a
 * little before it was detected. The silence in which the agent speaks would be a part of the caller's turn otherwise.
 */
export class GatedAudio implements CallerAudio {
  readonly #format: AudioFormat;
  readonly #prefixMs: number;
  #held: Uint8Array[] = [];
  #heldMs = 0;
  #hasSpeech = false;
  #sentMs = 0;
  #silentMs = Number.POSITIVE_INFINITY;

  constructor(format: AudioFormat, prefixMs: number) {
    this.#format = format;
    this.#prefixMs = prefixMs;
  }

  take(audio: Uint8Array, speaking: boolean): readonly Uint8Array[] {
    const ms = audioMs(audio, this.#format);
    this.#silentMs = speaking ? 0 : this.#silentMs + ms;
    this.#hasSpeech ||= speaking;
    if (this.#silentMs > longestSilenceMs) {
      this.#hold(audio, ms);
      return [];
    }
    const sent = [...this.#held, audio];
    this.#sentMs += this.#heldMs + ms;
    this.#held = [];
    this.#heldMs = 0;
    return sent;
  }

  speechStarted(): void {}

  committed(): void {
    this.#hasSpeech = false;
    this.#sentMs = 0;
    if (this.#silentMs > 0) this.#silentMs = Number.POSITIVE_INFINITY;
  }

  get isWorthCommitting(): boolean {
    return this.#hasSpeech && this.#sentMs >= leastCommitMs;
  }

  #hold(audio: Uint8Array, ms: number): void {
    this.#held.push(audio);
    this.#heldMs += ms;
    for (let first = this.#held[0]; first; first = this.#held[0]) {
      const firstMs = audioMs(first, this.#format);
      if (this.#heldMs - firstMs < this.#prefixMs) break;
      this.#held.shift();
      this.#heldMs -= firstMs;
    }
  }
}
