import type { Clock } from '../../../base/clock.js';
import { ProviderError } from '../../network/provider-error.js';
import { openSocket, type ServiceSocket } from '../../network/web-socket.js';

export interface ReopeningSocketOptions {
  /** The service as an operator knows it, for messages. */
  readonly who: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly connectMs: number;
  readonly onOpened?: (socket: ServiceSocket) => void;
  /** A ProviderError that it throws drops the socket. */
  readonly onText: (text: string) => void;
  readonly onBinary?: (bytes: Uint8Array) => void;
  /** The socket that was there is gone, and all that was asked for on it. */
  readonly onLost: (error: ProviderError) => void;
}

/**
 * The socket of one call to a voice, which has nothing to lose between two sentences: when it goes, the sentence at
 * hand is lost, and the next one opens another.
 */
export class ReopeningSocket {
  readonly #options: ReopeningSocketOptions;
  readonly #over = new AbortController();
  #current: Promise<ServiceSocket> | undefined;
  /** Counts sockets: nothing that one says counts once it is not the current one. */
  #generation = 0;

  constructor(options: ReopeningSocketOptions) {
    this.#options = options;
  }

  /** The socket that is there, or a new one. Rejects with a ProviderError. */
  get(): Promise<ServiceSocket> {
    if (this.#current) return this.#current;
    const generation = ++this.#generation;
    const opened = this.#open(generation);
    this.#current = opened;
    opened.catch(() => {
      if (this.#generation === generation) this.#current = undefined;
    });
    return opened;
  }

  /** Gives the socket up for `error`, or without one because another is wanted. */
  drop(error?: ProviderError): void {
    const dropped = this.#current;
    if (!dropped) return;
    this.#generation += 1;
    this.#current = undefined;
    dropped.then(
      (socket) => socket.close(),
      () => {},
    );
    if (error) this.#options.onLost(error);
  }

  /** For good. A socket that stands is told `farewell` first. */
  close(farewell: object): void {
    this.#generation += 1;
    const last = this.#current;
    this.#current = undefined;
    this.#over.abort();
    last?.then(
      (socket) => {
        socket.sendJson(farewell);
        socket.close();
      },
      () => {},
    );
  }

  async #open(generation: number): Promise<ServiceSocket> {
    const { who, url, headers, clock, connectMs, onOpened, onText, onBinary, onLost } = this.#options;
    const isCurrent = (): boolean => this.#generation === generation;
    const socket = await openSocket({
      who,
      url,
      headers,
      clock,
      connectMs,
      signal: this.#over.signal,
      onText: (text) => this.#take(isCurrent, () => onText(text)),
      ...(onBinary && { onBinary: (bytes: Uint8Array) => this.#take(isCurrent, () => onBinary(bytes)) }),
      onLost: (error) => {
        if (!isCurrent()) return;
        this.#current = undefined;
        onLost(error);
      },
    });
    if (!isCurrent()) {
      socket.close();
      throw new ProviderError('TP_ERR_PROVIDER_LOST', `The connection to ${who} was given up before it stood`);
    }
    onOpened?.(socket);
    return socket;
  }

  #take(isCurrent: () => boolean, take: () => void): void {
    if (!isCurrent()) return;
    try {
      take();
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.drop(error);
    }
  }
}
