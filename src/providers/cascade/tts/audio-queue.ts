import { ProviderError } from '../../network/provider-error.js';

/** What may wait to be read: three and a half minutes of 24 kHz, which no sentence has. */
const mostBytes = 10 << 20;

/** The audio of one sentence, from the socket where it arrives to the one loop that reads it. */
export class AudioQueue implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #who: string;
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** @param who the service, for messages */
  constructor(who: string) {
    this.#who = who;
  }

  /** What comes after the end is dropped. */
  push(audio: Uint8Array): void {
    if (this.#end) return;
    this.#pieces.push(audio);
    this.#bytes += audio.length;
    this.#wake?.();
    if (this.#bytes > mostBytes) this.fail(new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${this.#who} sent more audio than a sentence can have`));
  }

  /** No more comes: what is there is read to its end. */
  end(): void {
    this.#finish({});
  }

  /** No more comes: after what is there, the reader is thrown `error`. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    while (this.#pieces.length === 0 && !this.#end) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const value = this.#pieces.shift();
    if (value) {
      this.#bytes -= value.length;
      return { done: false, value };
    }
    if (this.#end && 'error' in this.#end) throw this.#end.error;
    return { done: true, value: undefined };
  }

  #finish(end: { readonly error?: unknown }): void {
    if (this.#end) return;
    this.#end = end;
    this.#wake?.();
  }
}
