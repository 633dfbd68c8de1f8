import { type Speaker, speakWhole } from '../base/spoken-audio.js';
import type { SpokenLine } from './call.js';

/** The lines that are said when a provider fails: synthesised as soon as there is a voice, so that nothing can be late about them. */
export class FallbackLines {
  readonly #texts: { readonly fallback_line: string; readonly farewell_line: string };
  #prepared: Promise<unknown> | undefined;
  #fallback: SpokenLine | undefined;
  #farewell: SpokenLine | undefined;

  constructor(texts: { readonly fallback_line: string; readonly farewell_line: string }) {
    this.#texts = texts;
  }

  /** Begins to synthesise with the first voice there is; the lines are there when they are there. */
  prepare(voice: Speaker | undefined): void {
    if (!voice || this.#prepared) return;
    const { fallback_line: fallback, farewell_line: farewell } = this.#texts;
    this.#prepared = Promise.all([
      synthesise(voice, fallback).then((line) => {
        this.#fallback = line;
      }),
      synthesise(voice, farewell).then((line) => {
        this.#farewell = line;
      }),
    ]);
  }

  /** Resolves when there is nothing (more) to wait for. */
  async ready(): Promise<void> {
    await this.#prepared;
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
