import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ReadableStream } from 'node:stream/web';
import { errorOfStatus, ProviderError } from './provider-error.js';

/** A connection is kept for longer than a caller thinks: the fetch() of Node keeps it for 4 s, and then shakes hands anew. */
const idleMs = 60_000;

const keepAlive = { keepAlive: true, timeout: idleMs };

/** Of an answer other than success no more is of use. */
const mostErrorBytes = 16 << 10;
/** To take a byte on its own costs as much as hundreds at once: so many a piece, but for the first thousand. */
const bytesOfPiece = 256;
const fewPieces = 1000;

export interface KeptConnectionsOptions {
  /** The service as an operator knows it, for messages. */
  readonly who: string;
  /** A longer answer, and one in far too many pieces, is broken off: TP_ERR_PROVIDER_PROTOCOL. One that tells of an error may be of 16 KiB at most. */
  readonly mostBytes: number;
}

/**
 * Requests to one service over connections that are kept between them. Follows no redirects, which could lead what was
 * said elsewhere, and asks for no compression, which holds small pieces back.
 */
export class KeptConnections {
  readonly #options: KeptConnectionsOptions;
  readonly #http = new HttpAgent(keepAlive);
  readonly #https = new HttpsAgent(keepAlive);
  #isClosed = false;

  constructor(options: KeptConnectionsOptions) {
    this.#options = options;
  }

  /** What an SDK takes as its fetch(); the body, if there is one, is text or a form. Rejects and throws what the socket says. */
  readonly fetch = async (address: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { body = null } = init;
    const url = new URL(address instanceof Request ? address.url : address);
    const sent = body instanceof FormData ? await written(body) : { content: body, headers: {} };
    const { content } = sent;
    if (content !== null && typeof content !== 'string' && !Buffer.isBuffer(content)) throw new TypeError('only text and forms are sent');
    const request = { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), ...sent.headers } };
    const answer = await this.#send(url, request, content);
    const headers = Object.entries(answer.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : []));
    const status = answer.statusCode ?? 0;
    if (status > 599) {
      answer.destroy();
      throw errorOfStatus(this.#options.who, status);
    }
    // Of a Response, these may have no body, and 1xx cannot be.
    if (status < 200 || [204, 205, 304].includes(status)) {
      // Of these, 205 alone may bring something all the same, and without end.
      if (status === 205) answer.destroy();
      else answer.resume();
      return new Response(null, { status: Math.max(200, status), headers });
    }
    const isSuccess = status < 300;
    return new Response(this.#pieces(answer, isSuccess ? this.#options.mostBytes : mostErrorBytes), { status, headers });
  };

  /** Ends every connection, and with it what is under way. */
  close(): void {
    this.#isClosed = true;
    this.#http.destroy();
    this.#https.destroy();
  }

  #send(url: URL, init: RequestInit, body: string | Buffer | null): Promise<IncomingMessage> {
    const { method = 'GET', headers, signal } = init;
    const { request: send, agent } =
      url.protocol === 'https:' ? { request: httpsRequest, agent: this.#https } : { request: httpRequest, agent: this.#http };
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#isClosed) return reject(new ProviderError('TP_ERR_PROVIDER_CONNECT', `${this.#options.who} is not asked any more`));
      let answered: IncomingMessage | undefined;
      const sent = send(url, { agent, method, headers: Object.fromEntries(new Headers(headers)) });
      // Not by the option of that name: it would end the connection in any later use of it, too.
      const abort = (): void => void (answered ? answered.destroy() : sent.destroy(signal?.reason));
      signal?.addEventListener('abort', abort);
      sent.on('close', () => {
        signal?.removeEventListener('abort', abort);
        // Of no effect after an answer or an error.
        reject(new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${this.#options.who} answered something else than a request`));
      });
      sent.on('upgrade', (_answer, socket) => void socket.destroy());
      sent.on('response', (answer) => {
        answered = answer;
        resolve(answer);
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // The service closed a kept connection at the moment at which it was taken up again.
        const isStale = !answered && sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        if (isStale) resolve(this.#send(url, init, body));
        else reject(error);
      });
      sent.end(body ?? undefined);
    });
  }

  /**
   * The pieces of an answer. They are taken from the connection as they come, so that it is free for the next request
   * while they are spoken, and none is lost with a connection that breaks.
   */
  #pieces(answer: IncomingMessage, mostBytes: number): ReadableStream<Uint8Array> {
    const { who } = this.#options;
    let waiting: Buffer[] = [];
    let [bytes, pieces] = [0, 0];
    let isOver = answer.closed;
    let wake = (): void => {};
    const isTooMuch = (): boolean => bytes > mostBytes || (pieces - fewPieces) * bytesOfPiece > mostBytes;
    answer.on('data', (piece: Buffer) => {
      waiting.push(piece);
      bytes += piece.length;
      pieces += 1;
      if (isTooMuch()) answer.destroy();
      wake();
    });
    for (const end of ['end', 'close'])
      answer.on(end, () => {
        isOver = true;
        wake();
      });
    let lost: Error | undefined;
    answer.on('error', (error) => {
      lost = error;
    });
    const outcome = (): Error | undefined => {
      if (isTooMuch())
        return new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent an answer of more than ${mostBytes} bytes, or in far too many pieces`);
      return lost ?? (answer.complete ? undefined : new ProviderError('TP_ERR_PROVIDER_LOST', `${who} broke its answer off`));
    };
    return new ReadableStream(
      {
        async pull(controller) {
          if (waiting.length === 0 && !isOver)
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          const all = Buffer.concat(waiting);
          waiting = [];
          if (all.length > 0) return controller.enqueue(all);
          const failure = outcome();
          if (failure) controller.error(failure);
          else controller.close();
        },
        cancel: () => void answer.destroy(),
      },
      { highWaterMark: 0 },
    );
  }
}

/** A form as it goes over the wire: whole, so that it can be sent once more. */
async function written(form: FormData): Promise<{ readonly content: Buffer; readonly headers: Record<string, string> }> {
  const whole = new Response(form);
  return { content: Buffer.from(await whole.arrayBuffer()), headers: { 'content-type': whole.headers.get('content-type') ?? '' } };
}
