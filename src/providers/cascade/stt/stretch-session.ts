import { blockLevels } from '../../../inference/speech-window.js';
import type { SttSession } from './stt.js';

/** Puts one stretch of speech into words. */
export type Recognise = (pcm: Int16Array<ArrayBuffer>, signal: AbortSignal) => Promise<string>;

/** Kept from before the detector was sure, so that no first sound is lost. */
const preRollMs = 300;
/** A longer stretch is cut: the front is recognised while the caller talks on, and the reply need not wait for all of it. */
const longestStretchMs = 12_000;
const cutSearchMs = 4_000;
const blockMs = 20;
const pauseBlocks = 5;

/** Collects one caller's speech (int16, mono) and has each stretch of it recognised as soon as it ends. */
export class StretchSession implements SttSession {
  readonly #recognise: Recognise;
  readonly #rateHz: number;
  readonly #closed = new AbortController();
  /** What may become part of a stretch: all of the current one, or the pre-roll of the next. */
  #parts: Int16Array[] = [];
  #samples = 0;
  #isSpeaking = false;
  #texts: Promise<string>[] = [];

  constructor(recognise: Recognise, rateHz: number) {
    this.#recognise = recognise;
    this.#rateHz = rateHz;
  }

  push(pcm: Uint8Array, speaking: boolean): void {
    if (this.#closed.signal.aborted) return;
    const part = new Int16Array(pcm.byteLength >> 1);
    new Uint8Array(part.buffer).set(pcm.subarray(0, part.byteLength));
    this.#parts.push(part);
    this.#samples += part.length;
    const hasEnded = this.#isSpeaking && !speaking;
    this.#isSpeaking = speaking;
    if (hasEnded) this.#endStretch();
    else if (!speaking) this.#forgetBeyondPreRoll();
    else while (this.#samples >= this.#samplesIn(longestStretchMs)) this.#cutStretch();
  }

  async take(): Promise<string> {
    if (this.#isSpeaking) this.#endStretch();
    const texts = await Promise.all(this.#texts.splice(0));
    return texts.filter((text) => text !== '').join(' ');
  }

  close(): void {
    this.#closed.abort();
    this.#isSpeaking = false;
    this.#parts = [];
    this.#texts = [];
  }

  #forgetBeyondPreRoll(): void {
    const preRollSamples = this.#samplesIn(preRollMs);
    while (this.#samples - (this.#parts[0]?.length ?? 0) >= preRollSamples) this.#samples -= this.#parts.shift()?.length ?? 0;
  }

  #endStretch(): void {
    const stretch = this.#joined();
    this.#parts = [];
    this.#samples = 0;
    this.#request(stretch);
  }

  /** Cuts where the caller is quietest, in the last seconds. */
  #cutStretch(): void {
    const stretch = this.#joined();
    const searchFrom = this.#samplesIn(longestStretchMs - cutSearchMs);
    const searched = stretch.subarray(searchFrom, this.#samplesIn(longestStretchMs));
    const cutAt = searchFrom + this.#samplesIn(quietestPauseMs(searched, this.#rateHz));
    const rest = stretch.slice(cutAt);
    this.#parts = [rest];
    this.#samples = rest.length;
    this.#request(stretch.slice(0, cutAt));
  }

  #samplesIn(ms: number): number {
    return (ms * this.#rateHz) / 1000;
  }

  #joined(): Int16Array<ArrayBuffer> {
    const whole = new Int16Array(this.#samples);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #request(stretch: Int16Array<ArrayBuffer>): void {
    const text = this.#recognise(stretch, this.#closed.signal);
    // Whoever takes it hears of its failure; nobody may.
    text.catch(() => {});
    this.#texts.push(text);
  }
}

/** The middle of the quietest 100 ms. */
function quietestPauseMs(pcm: Int16Array, rateHz: number): number {
  const levels = blockLevels(pcm, rateHz);
  let quietest = Number.POSITIVE_INFINITY;
  let found = 0;
  for (let i = 0; i + pauseBlocks <= levels.length; i += 1) {
    const level = levels.slice(i, i + pauseBlocks).reduce((sum, value) => sum + value, 0);
    if (level < quietest) {
      quietest = level;
      found = i;
    }
  }
  return (found + pauseBlocks / 2) * blockMs;
}
