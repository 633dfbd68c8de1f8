import { bytesPerMs, levelOf, type WireFormat } from './openai-realtime-audio.js';

export type Heard = { readonly type: 'started'; readonly audioMs: number } | { readonly type: 'stopped'; readonly audioMs: number };

export interface Hearing {
  /** Of silence, after which speech has stopped. */
  readonly silenceMs: number;
}

const windowMs = 20;
/** -40 dBFS. */
const speechLevel = 327;
/** A click is no speech. */
const onsetMs = 40;

/** Finds speech by its energy, in the time of the audio itself: how fast it comes does not matter. */
export class Ears {
  readonly #format: WireFormat;
  #waiting = Buffer.alloc(0);
  #heardMs = 0;
  #loudMs = 0;
  #quietMs = 0;
  #isSpeech = false;

  constructor(format: WireFormat) {
    this.#format = format;
  }

  /** Without `hearing` nothing is decided, and only speechMs tells of it. */
  hear(audio: Buffer, hearing: Hearing | undefined, speech: (ms: number) => void): Heard[] {
    const heard: Heard[] = [];
    const windowBytes = windowMs * bytesPerMs(this.#format);
    this.#waiting = Buffer.concat([this.#waiting, audio]);
    while (this.#waiting.length >= windowBytes) {
      const isLoud = levelOf(this.#format, this.#waiting.subarray(0, windowBytes)) > speechLevel;
      this.#waiting = this.#waiting.subarray(windowBytes);
      this.#heardMs += windowMs;
      if (isLoud) speech(windowMs);
      const change = hearing && this.#changeWith(isLoud, hearing);
      if (change) heard.push({ type: change, audioMs: this.#heardMs });
    }
    return heard;
  }

  #changeWith(isLoud: boolean, { silenceMs }: Hearing): 'started' | 'stopped' | undefined {
    this.#loudMs = isLoud ? this.#loudMs + windowMs : 0;
    this.#quietMs = isLoud ? 0 : this.#quietMs + windowMs;
    if (!this.#isSpeech && this.#loudMs >= onsetMs) {
      this.#isSpeech = true;
      return 'started';
    }
    if (this.#isSpeech && this.#quietMs >= silenceMs) {
      this.#isSpeech = false;
      return 'stopped';
    }
    return undefined;
  }
}
