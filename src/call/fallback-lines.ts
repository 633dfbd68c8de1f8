import { type Speaker, speakWhole } from '../base/spoken-audio.js';
import type { SpokenLine } from './call.js';

/** The lines that are said when a provider fails: synthesised as soon as there is a voice, so that nothing can be late about them. */
export class FallbackLines {
  readonly #texts: { readonly fallback_line: string; readonly farewell_line: string };
  #isPrepared = false;
  #fallback: SpokenLine | undefined;
  #farewell: SpokenLine | undefined;

  constructor(texts: { readonly fallback_line: string; readonly farewell_line: string }) {
    this.#texts = texts;
  }

  /** Begins to synthesise with the first voice there is; the lines are there when they are there. */
  prepare(voice: Speaker | undefined): void {
    if (!voice || this.#isPrepared) return;
    this.#isPrepared = true;
    void synthesise(voice, this.#texts.fallback_line).then((line) => {
      this.#fallback = line;
    });
    void synthesise(voice, this.#texts.farewell_line).then((line) => {
      this.#farewell = line;
    });
  }

  /** `last`: the call is ended after it. */
  get(last: boolean): SpokenLine | undefined {
    return last ? this.#farewell : this.#fallback;
  }
}

/** Undefined when the voice fails: the line is then left out. */
async function synthesise(voice: Speaker, text: string): Promise<SpokenLine | undefined> {
  const audio = await speakWhole(voice, text).catch(() => undefined);
  return audio && { text, ...audio };
}
