import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Clock } from '../../base/clock.js';
import { AsteriskError, asAsteriskError } from '../asterisk-error.js';
import { type AmiMessage, AmiReader, formatAction } from './message.js';

export interface AmiConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly onEvent: (event: AmiMessage) => void;
  /** It was logged in and is gone without close(); called once. */
  readonly onLost: (error: AsteriskError) => void;
}

/** An action that is not answered yet. */
interface Asked {
  readonly resolve: (messages: AmiMessage[]) => void;
  readonly reject: (error: AsteriskError) => void;
  readonly cancelDeadline: () => void;
  /** Of a list: the events so far. */
  readonly events: AmiMessage[];
}

const who = 'The manager of Asterisk';
const logInMs = 3000;
const answerMs = 2000;
const mostAsked = 200;
/** Events are those of the dialplan alone: they tell which channel runs AudioSocket(). */
const eventMask = 'dialplan';

/** One connection to Asterisk's manager interface. What it throws and rejects with is an AsteriskError. Thread: control. */
export class AmiConnection {
  readonly #options: AmiConnectionOptions;
  readonly #socket: Socket;
  readonly #reader = new AmiReader();
  readonly #asked = new Map<string, Asked>();
  /** Nobody who can write lines into an event is to guess the id of an action. */
  readonly #idPrefix = randomBytes(6).toString('hex');
  #actions = 0;
  #state: 'connecting' | 'logging-in' | 'open' | 'over' = 'connecting';
  #end: AsteriskError | undefined;
  #settleLogIn: (error: AsteriskError | undefined) => void = () => {};

  private constructor(options: AmiConnectionOptions) {
    this.#options = options;
    this.#socket = connect({ host: options.host, port: options.port, noDelay: true });
    this.#socket.on('data', (piece) => this.#take(piece));
    this.#socket.on('error', (error) => this.#finish(asAsteriskError(who, error)));
    this.#socket.on('close', () => this.#finish(new AsteriskError('TP_ERR_ASTERISK_CONNECT', `${who} closed the connection`)));
  }

  /** Connects and logs in; the secret itself is not sent. Rejects after 3 s or when it is aborted, nothing left open. */
  static open(options: AmiConnectionOptions, signal: AbortSignal): Promise<AmiConnection> {
    const connection = new AmiConnection(options);
    return new Promise((resolve, reject) => {
      const aborted = (): void => connection.close();
      const cancelDeadline = options.clock.after(logInMs, () =>
        connection.#finish(new AsteriskError('TP_ERR_ASTERISK_TIMEOUT', `${who} did not let us log in within ${logInMs} ms`)),
      );
      connection.#settleLogIn = (error) => {
        cancelDeadline();
        signal.removeEventListener('abort', aborted);
        if (error) reject(error);
        else resolve(connection);
      };
      signal.addEventListener('abort', aborted);
      if (signal.aborted) aborted();
    });
  }

  /** Resolves with the answer, which may be that it is refused. */
  async ask(action: string, fields: Readonly<Record<string, string>> = {}): Promise<AmiMessage> {
    const [answer] = await this.#send(action, fields);
    return answer as AmiMessage;
  }

  /** Resolves with the answer and the events of its list; of a refused one with the answer alone. */
  list(action: string, fields: Readonly<Record<string, string>> = {}): Promise<AmiMessage[]> {
    return this.#send(action, fields);
  }

  close(): void {
    this.#finish(new AsteriskError('TP_ERR_ASTERISK_CONNECT', `The connection to ${who} was closed`), true);
  }

  async #logIn(): Promise<void> {
    const { user, secret } = this.#options;
    const challenge = (await this.ask('Challenge', { AuthType: 'MD5' })).get('Challenge');
    if (challenge === '') throw new AsteriskError('TP_ERR_ASTERISK_PROTOCOL', `${who} has no challenge for a log-in by MD5`);
    const key = createHash('md5').update(`${challenge}${secret}`).digest('hex');
    const answer = await this.ask('Login', { AuthType: 'MD5', Username: user, Key: key, Events: eventMask });
    if (answer.get('Response') !== 'Success')
      throw new AsteriskError('TP_ERR_ASTERISK_LOGIN', `${who} refuses the user and the secret of asterisk.ami`);
    if (this.#state !== 'logging-in') return;
    this.#state = 'open';
    this.#settleLogIn(undefined);
  }

  #send(action: string, fields: Readonly<Record<string, string>>): Promise<AmiMessage[]> {
    if (this.#end) return Promise.reject(this.#end);
    if (this.#asked.size >= mostAsked)
      return Promise.reject(new AsteriskError('TP_ERR_ASTERISK_TIMEOUT', `${who} has ${mostAsked} actions to answer already`));
    return new Promise((resolve, reject) => {
      this.#actions += 1;
      const id = `${this.#idPrefix}-${this.#actions}`;
      const text = formatAction(action, { ActionID: id, ...fields });
      const cancelDeadline = this.#options.clock.after(answerMs, () => {
        this.#asked.delete(id);
        reject(new AsteriskError('TP_ERR_ASTERISK_TIMEOUT', `${who} did not answer ${action} within ${answerMs} ms`));
      });
      this.#asked.set(id, { resolve, reject, cancelDeadline, events: [] });
      this.#socket.write(text);
    });
  }

  #take(piece: Uint8Array): void {
    if (this.#state === 'over') return;
    try {
      for (const message of this.#reader.push(piece)) this.#takeMessage(message);
    } catch (error) {
      this.#finish(asAsteriskError(who, error));
    }
    if (this.#state !== 'connecting' || !this.#reader.greeted) return;
    this.#state = 'logging-in';
    this.#logIn().catch((error) => this.#finish(asAsteriskError(who, error)));
  }

  #takeMessage(message: AmiMessage): void {
    const id = message.get('ActionID');
    const asked = this.#asked.get(id);
    if (asked) {
      asked.events.push(message);
      const follows = message.get('EventList').toLowerCase() === 'start' || (message.get('Event') !== '' && message.get('EventList') === '');
      if (follows) return;
      this.#asked.delete(id);
      asked.cancelDeadline();
      asked.resolve(asked.events);
    } else if (message.get('Event') !== '') {
      this.#options.onEvent(message);
    }
  }

  #finish(error: AsteriskError, isAsked = false): void {
    if (this.#state === 'over') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'over';
    this.#end = error;
    this.#socket.destroy();
    for (const { reject, cancelDeadline } of this.#asked.values()) {
      cancelDeadline();
      reject(error);
    }
    this.#asked.clear();
    if (!wasOpen) this.#settleLogIn(error);
    else if (!isAsked) this.#options.onLost(error);
  }
}
