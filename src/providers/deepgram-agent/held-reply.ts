import { type AudioFormat, audioBytes } from '../../base/audio-format.js';
import type { FunctionCall } from './protocol.js';

export type HeldPart =
  | { readonly type: 'audio'; readonly audio: Uint8Array }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly call: FunctionCall };

/** Nobody waits longer for a reply to be asked for. */
const mostHeldMs = 60_000;

/**
 * What came before its turn was asked for: the caller's words, and a reply to them. Of a reply that is longer than a
 * minute the rest is lost.
 */
export class HeldReply {
  readonly #mostBytes: number;
  #words: string[] = [];
  #parts: HeldPart[] = [];
  #bytes = 0;
  /** All of it is here. */
  isWhole = false;
  /** All of it is here, and it is nothing. */
  isEmpty = false;

  constructor(format: AudioFormat) {
    this.#mostBytes = audioBytes(mostHeldMs, format);
  }

  addWords(text: string): void {
    if (text !== '') this.#words.push(text);
  }

  add(part: HeldPart): void {
    if (part.type === 'audio') {
      if (this.#bytes + part.audio.byteLength > this.#mostBytes) return;
      this.#bytes += part.audio.byteLength;
    }
    this.#parts.push(part);
  }

  withdraw(id: string): void {
    this.#parts = this.#parts.filter((part) => part.type !== 'call' || part.call.id !== id);
  }

  takeWords(): string[] {
    const words = this.#words;
    this.#words = [];
    return words;
  }

  takeParts(): HeldPart[] {
    const parts = this.#parts;
    this.drop();
    return parts;
  }

  /** Forgets the reply; the caller's words were said all the same. */
  drop(): void {
    this.#parts = [];
    this.#bytes = 0;
    this.isWhole = false;
    this.isEmpty = false;
  }
}
