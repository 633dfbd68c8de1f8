import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { request as requestByTls } from 'node:https';
import type { Clock } from '../../base/clock.js';
import { AsteriskError, asAsteriskError } from '../asterisk-error.js';
import { withinDeadline } from '../deadline.js';

export interface AriClientOptions {
  /** Up to and with /ari. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly clock: Clock;
}

/** One request of Asterisk's REST interface. */
export interface AriRequest {
  readonly method: 'GET' | 'POST';
  /** Below /ari, its parts already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

const answerMs = 2000;
/** Ten thousand channels. */
const longestAnswerBytes = 16 << 20;

/** Asterisk's REST interface. Rejects with an AsteriskError. Thread: control. */
export class AriClient {
  readonly #options: AriClientOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #abort = new AbortController();

  constructor(options: AriClientOptions) {
    this.#options = options;
    const credentials = Buffer.from(`${options.user}:${options.password}`).toString('base64');
    this.#headers = { authorization: `Basic ${credentials}` };
  }

  /** Resolves with what the body says, undefined when there is none. */
  send({ method, path, query = {} }: AriRequest): Promise<unknown> {
    const { url, clock } = this.#options;
    const parameters = new URLSearchParams(query).toString();
    const target = `${url.replace(/\/+$/, '')}${path}${parameters === '' ? '' : `?${parameters}`}`;
    return withinDeadline(clock, answerMs, 'ARI', this.#abort.signal, async (signal) => {
      try {
        const { status, text } = await exchange(new URL(target), { method, headers: this.#headers, signal });
        if (status < 200 || status > 299) throw refusalOf(status, path);
        return text === '' ? undefined : JSON.parse(text);
      } catch (error) {
        if (error instanceof SyntaxError) throw new AsteriskError('TP_ERR_ASTERISK_PROTOCOL', 'ARI sent an answer that is not JSON');
        throw asAsteriskError('ARI', error);
      }
    });
  }

  /** Ends what is asked at the moment. */
  close(): void {
    this.#abort.abort();
  }
}

/** One request over a connection of its own, which is gone afterwards: requests are rare. */
function exchange(url: URL, options: RequestOptions): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestByTls : request;
    const asked = send(url, { ...options, agent: false }, (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), fail);
    });
    const fail = (error: unknown): void => {
      reject(error);
      asked.destroy();
    };
    asked.on('error', fail);
    asked.end();
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response) {
    bytes += piece.byteLength;
    if (bytes > longestAnswerBytes) throw new AsteriskError('TP_ERR_ASTERISK_PROTOCOL', `ARI sent more than ${longestAnswerBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** Its own words may name the channel, and so the caller. */
function refusalOf(status: number, path: string): AsteriskError {
  if (status === 401) return new AsteriskError('TP_ERR_ASTERISK_LOGIN', 'ARI refuses the user and the password of asterisk.ari');
  if (status === 403) return new AsteriskError('TP_ERR_ASTERISK_LOGIN', 'The user of asterisk.ari may only read: read_only = yes in ari.conf');
  if (status === 404 && path.startsWith('/channels/')) return new AsteriskError('TP_ERR_ASTERISK_CHANNEL', 'ARI knows no such channel any more');
  if (status === 404) return new AsteriskError('TP_ERR_ASTERISK_PROTOCOL', 'There is no ARI at the address of asterisk.ari.url');
  if (status === 409)
    return new AsteriskError(
      'TP_ERR_ASTERISK_UNSET',
      'ARI reaches only channels that are in Stasis(), and this call is in the dialplan: set asterisk.ami.host, asterisk.ami.user and asterisk.ami.secret',
    );
  if (status >= 500) return new AsteriskError('TP_ERR_ASTERISK_CONNECT', `ARI answered with HTTP status ${status}`);
  return new AsteriskError('TP_ERR_ASTERISK_REFUSED', `ARI answered with HTTP status ${status}`);
}
