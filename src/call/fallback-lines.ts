import { type Speaker, speakWhole } from '../base/spoken-audio.js';
import type { SpokenLine } from './call.js';

/** The lines that are said when a provider fails: synthesised as soon as there is a voice, so that nothing can be late about them. */
export class FallbackLines {
  readonly #texts: { readonly fallback_line: string; readonly farewell_line: string };
  #first: Promise<void> | undefined;
  #fallback: SpokenLine | undefined;
  #farewell: SpokenLine | undefined;

  constructor(texts: { readonly fallback_line: string; readonly farewell_line: string }) {
    this.#texts = texts;
  }

  /** Begins to synthesise, once there is a voice: with the first, which is quick, and then with each that is better. */
  prepare(voices: readonly Speaker[]): void {
    const [first, ...better] = voices;
    if (!first || this.#first) return;
    this.#first = this.#speak(first);
    void better.reduce((spoken, voice) => spoken.then(() => this.#speak(voice)), this.#first);
  }

  /** Resolves when there is nothing (more) to wait for. */
  async ready(): Promise<void> {
    await this.#first;
  }

  /** `last`: the call is ended after it. */
  get(last: boolean): SpokenLine | undefined {
    return last ? this.#farewell : this.#fallback;
  }

  /** A voice that fails leaves what is there. */
  async #speak(voice: Speaker): Promise<void> {
    const [fallback, farewell] = await Promise.all([synthesise(voice, this.#texts.fallback_line), synthesise(voice, this.#texts.farewell_line)]);
    this.#fallback = fallback ?? this.#fallback;
    this.#farewell = farewell ?? this.#farewell;
  }
}

/** Undefined when the voice fails. */
async function synthesise(voice: Speaker, text: string): Promise<SpokenLine | undefined> {
  const audio = await speakWhole(voice, text).catch(() => undefined);
  return audio && { text, ...audio };
}
