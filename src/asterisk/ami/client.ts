import type { Clock } from '../../base/clock.js';
import { AsteriskError, asAsteriskError } from '../asterisk-error.js';
import { AmiConnection, type AmiConnectionOptions } from './connection.js';
import type { AmiMessage } from './message.js';

export interface AmiClientOptions extends Omit<AmiConnectionOptions, 'onLost'> {
  readonly clock: Clock;
  /** It stands from now on, or does not for that reason; told once, not for each attempt. */
  readonly onState: (lost: AsteriskError | undefined) => void;
  /** Between 0 and 1; Math.random but for tests. */
  readonly random?: () => number;
}

const firstDelayMs = 500;
const longestDelayMs = 30_000;
const pingEveryMs = 15_000;

/** The connection to Asterisk's manager that is made anew when it is lost. Nothing ever waits for it. Thread: control. */
export class AmiClient {
  readonly #options: AmiClientOptions;
  readonly #random: () => number;
  #connection: AmiConnection | undefined;
  #cancelTimer: () => void = () => {};
  #attempts = 0;
  #openedMs = 0;
  #toldCode: string | undefined = 'nothing yet';
  readonly #abort = new AbortController();

  constructor(options: AmiClientOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
  }

  /** Begins to connect, and goes on for as long as it takes. */
  start(): void {
    void this.#connect();
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /** Rejects at once when there is no connection. */
  ask(action: string, fields: Readonly<Record<string, string>> = {}): Promise<AmiMessage> {
    return this.#connection?.ask(action, fields) ?? Promise.reject(notConnected());
  }

  list(action: string, fields: Readonly<Record<string, string>> = {}): Promise<AmiMessage[]> {
    return this.#connection?.list(action, fields) ?? Promise.reject(notConnected());
  }

  close(): void {
    this.#abort.abort();
    this.#cancelTimer();
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #connect(): Promise<void> {
    try {
      const connection = await AmiConnection.open({ ...this.#options, onLost: (error) => this.#lose(error) }, this.#abort.signal);
      if (this.#abort.signal.aborted) return connection.close();
      this.#connection = connection;
      this.#openedMs = this.#options.clock.nowMs();
      this.#tell(undefined);
      this.#pingLater(connection);
    } catch (error) {
      this.#lose(asAsteriskError('The manager of Asterisk', error));
    }
  }

  #lose(error: AsteriskError): void {
    if (this.#abort.signal.aborted) return;
    // One that held for a while starts from the beginning.
    if (this.#connection && this.#options.clock.nowMs() - this.#openedMs > longestDelayMs) this.#attempts = 0;
    this.#connection = undefined;
    this.#cancelTimer();
    this.#tell(error);
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(this.#attempts, 16));
    this.#attempts += 1;
    this.#cancelTimer = this.#options.clock.after(delayMs * (0.5 + this.#random() / 2), () => void this.#connect());
  }

  /** A peer whose machine is gone says nothing of it. */
  #pingLater(connection: AmiConnection): void {
    this.#cancelTimer = this.#options.clock.after(pingEveryMs, () => {
      connection.ask('Ping').then(
        () => this.#connection === connection && this.#pingLater(connection),
        (error) => {
          if (this.#connection !== connection) return;
          connection.close();
          this.#lose(asAsteriskError('The manager of Asterisk', error));
        },
      );
    });
  }

  #tell(lost: AsteriskError | undefined): void {
    if (this.#toldCode === lost?.code) return;
    this.#toldCode = lost?.code;
    this.#options.onState(lost);
  }
}

function notConnected(): AsteriskError {
  return new AsteriskError('TP_ERR_ASTERISK_CONNECT', 'There is no connection to the manager of Asterisk now');
}
