import { type Speaker, speakWhole } from '../base/spoken-audio.js';

/** What is said without any provider. */
export interface SpokenLine {
  readonly text: string;
  readonly pcm: Uint8Array;
  readonly rateHz: number;
}

/** What talkpath says itself, without any provider. */
export interface OwnTexts {
  /** In the place of a reply that failed. */
  readonly fallback_line: string;
  /** Before the call is ended for failures. */
  readonly farewell_line: string;
  /** While a reply is late, one after the other. */
  readonly bridge_lines: readonly string[];
}

/** The lines that are said without a provider: synthesised as soon as there is a voice, so that nothing can be late about them. */
export class OwnLines {
  readonly #texts: OwnTexts;
  readonly #spoken = new Map<string, SpokenLine>();
  #first: Promise<void> | undefined;

  constructor(texts: OwnTexts) {
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

  /** For a reply that failed; `last`: the call is ended after it. Undefined when there is no voice. */
  fallback(last: boolean): SpokenLine | undefined {
    return this.#spoken.get(last ? this.#texts.farewell_line : this.#texts.fallback_line);
  }

  /** The n-th that a call hears while a reply is late, from 0 on; undefined when there is no voice. */
  bridge(n: number): SpokenLine | undefined {
    const { bridge_lines: lines } = this.#texts;
    return this.#spoken.get(lines[n % Math.max(1, lines.length)] ?? '');
  }

  /** A voice that fails leaves what is there. */
  async #speak(voice: Speaker): Promise<void> {
    const { fallback_line, farewell_line, bridge_lines } = this.#texts;
    const texts = [...new Set([fallback_line, farewell_line, ...bridge_lines])];
    const spoken = await Promise.all(texts.map((text) => speakWhole(voice, text).catch(() => undefined)));
    for (const [i, text] of texts.entries()) {
      const audio = spoken[i];
      if (audio) this.#spoken.set(text, { text, ...audio });
    }
  }
}
