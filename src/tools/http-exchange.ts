import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Clock } from '../base/clock.js';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** How a request ended. What it tells of itself holds no address and nothing that anybody said. */
export type Exchange =
  /** `text` is the body of a success; undefined when it is too long, or no text. */
  | { readonly type: 'answer'; readonly status: number; readonly text: string | undefined; readonly retryAfter: string | undefined }
  /** Not one byte of the request has left. */
  | { readonly type: 'unsent'; readonly reason: string }
  /** The request has left, in part or whole, and no answer came of it. */
  | { readonly type: 'lost'; readonly reason: string };

export interface ExchangeLimits {
  readonly timeoutMs: number;
  /** Cuts the exchange off wherever it is. */
  readonly signal: AbortSignal;
}

/** Sends a request once. Never rejects. */
export type Exchanging = (request: HttpRequest, limits: ExchangeLimits) => Promise<Exchange>;

const mostAnswerBytes = 16_384;

/**
 * One request over a connection of its own, so that what was sent is certain: the request leaves only when the
 * connection (and with https the identity of the other side) stands. No redirect is followed.
 */
export function httpExchange(clock: Clock): Exchanging {
  return ({ method, url, headers, body }, { timeoutMs, signal }) =>
    new Promise((resolve) => {
      let isSent = false;
      let hasResponse = false;
      const isSecure = url.protocol === 'https:';
      const request = (isSecure ? overHttps : overHttp)(url, { method, agent: false, headers: { ...headers, 'accept-encoding': 'identity' } });
      const callOff = clock.after(timeoutMs, () => fail(`nothing came within ${timeoutMs} ms`));
      const aborted = (): void => fail('it was called off');
      signal.addEventListener('abort', aborted);

      function finish(exchange: Exchange): void {
        callOff();
        signal.removeEventListener('abort', aborted);
        request.destroy();
        resolve(exchange);
      }

      function fail(reason: string): void {
        finish({ type: isSent ? 'lost' : 'unsent', reason });
      }

      request.on('error', (error) => fail(reasonOf(error)));
      // Once there is a response, it tells for itself that it was broken off.
      request.on('close', () => hasResponse || fail('the connection was closed'));
      request.on('socket', (socket) => {
        socket.once(isSecure ? 'secureConnect' : 'connect', () => {
          isSent = true;
          request.end(body);
        });
      });
      request.on('response', (response) => {
        hasResponse = true;
        takeAnswer(response).then(finish, (error: unknown) => fail(reasonOf(error)));
      });
      if (signal.aborted) aborted();
    });
}

/** Of a success the body too. Rejects when the connection is lost in the middle of it. */
async function takeAnswer(response: IncomingMessage): Promise<Exchange> {
  const status = response.statusCode ?? 0;
  const answer = { type: 'answer', status, retryAfter: response.headers['retry-after'], text: undefined } as const;
  if (status < 200 || status >= 300) return answer;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > mostAnswerBytes) return answer;
    pieces.push(piece);
  }
  return { ...answer, text: isText(response) ? decoded(Buffer.concat(pieces)) : undefined };
}

function isText({ headers }: IncomingMessage): boolean {
  const [type = ''] = (headers['content-type'] ?? '').toLowerCase().split(';');
  return (headers['content-encoding'] ?? 'identity') === 'identity' && /^(|text\/[\w.+-]+|application\/([\w.-]+\+)?json)$/.test(type.trim());
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The kind of an error alone: its words may hold the address. */
function reasonOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'the connection failed';
}
