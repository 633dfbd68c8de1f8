import type { SpokenLine } from './call.js';

/** What can speak a line before any call: the local text-to-speech. */
export interface Voice {
  speak(text: string, signal: AbortSignal): AsyncIterable<{ readonly pcm: Uint8Array; readonly rateHz: number }>;
}

/** The lines that are said when a provider fails: synthesised at start, so that nothing can be late about them. */
export class FallbackLines {
  readonly #texts: { readonly fallback_line: string; readonly farewell_line: string };
  #fallback: SpokenLine | undefined;
  #farewell: SpokenLine | undefined;

  constructor(texts: { readonly fallback_line: string; readonly farewell_line: string }) {
    this.#texts = texts;
  }

  /** Begins to synthesise; the lines are there when they are there. Without a voice there are none. */
  prepare(voice: Voice | undefined): void {
    if (!voice) return;
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

async function synthesise(voice: Voice, text: string): Promise<SpokenLine | undefined> {
  const pieces: Uint8Array[] = [];
  let rateHz = 0;
  try {
    for await (const piece of voice.speak(text, new AbortController().signal)) {
      pieces.push(piece.pcm);
      rateHz = piece.rateHz;
    }
  } catch {
    return undefined;
  }
  return rateHz === 0 ? undefined : { text, pcm: Buffer.concat(pieces), rateHz };
}
