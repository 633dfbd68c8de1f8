import type { TalkpathError } from '../../../base/errors.js';
import type { SttEvent, SttOptions, SttSession } from './stt.js';
import type { Takes } from './takes.js';

/** What all sessions have in common that stream a call's audio to a service: they end once, and are silent from then on. */
export abstract class LiveSession implements SttSession {
  protected readonly takes: Takes;
  readonly #signal: AbortSignal;
  readonly #on: (event: SttEvent) => void;
  readonly #aborted = (): void => this.close();
  #state: 'open' | 'closed' | TalkpathError = 'open';

  protected constructor({ signal, on }: SttOptions, takes: Takes) {
    this.takes = takes;
    this.#signal = signal;
    this.#on = on;
    signal.addEventListener('abort', this.#aborted);
  }

  push(audio: Uint8Array, speaking: boolean): void {
    if (this.isOpen && audio.byteLength > 0) this.send(audio, speaking);
  }

  async take(): Promise<string> {
    if (this.#state === 'closed') return '';
    if (this.#state !== 'open') throw this.#state;
    return this.takeWords();
  }

  close(): void {
    if (this.#state === 'closed') return;
    const wasOpen = this.isOpen;
    this.#state = 'closed';
    this.takes.close();
    if (wasOpen) this.#end();
  }

  protected get isOpen(): boolean {
    return this.#state === 'open';
  }

  protected readonly emit = (event: SttEvent): void => {
    if (this.isOpen) this.#on(event);
  };

  /** The service can be had no more. */
  protected fail(error: TalkpathError): void {
    if (!this.isOpen) return;
    this.#state = error;
    this.#end();
    this.takes.fail(error);
    this.#on({ type: 'failed', error });
  }

  protected abstract send(audio: Uint8Array, speaking: boolean): void;

  protected abstract takeWords(): Promise<string>;

  /** Gives back sockets and timers. */
  protected abstract release(): void;

  #end(): void {
    this.#signal.removeEventListener('abort', this.#aborted);
    this.release();
  }
}
