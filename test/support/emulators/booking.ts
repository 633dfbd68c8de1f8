import type { IncomingMessage, ServerResponse } from 'node:http';
import { EmulatedService, Refusal } from './service.js';

/** What the service does with a request, beside or instead of booking and answering. */
export type BookingBehaviour =
  | { readonly type: 'answer'; readonly body?: string | Uint8Array; readonly contentType?: string; readonly afterMs?: number }
  /** The status, before anything was booked or after. */
  | { readonly type: 'status'; readonly status: number; readonly isBooked: boolean; readonly headers?: Readonly<Record<string, string>> }
  | { readonly type: 'close'; readonly isBooked: boolean }
  | { readonly type: 'hang'; readonly isBooked: boolean }
  /** Books, and answers in no protocol at all. */
  | { readonly type: 'garbage' }
  /** Books, and is gone in the middle of its answer. */
  | { readonly type: 'cut' }
  /** Books, and the answer does not end. */
  | { readonly type: 'flood' };

export interface BookingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly key: string;
}

const authorization = 'Bearer booking-secret';
const mostBodyBytes = 65_536;

/** An appointment book behind a webhook: POST and PUT book, GET looks up. It counts what was booked, by Idempotency-Key. */
export class BookingService extends EmulatedService {
  readonly received: BookingRequest[] = [];
  /** The key of each booking, in order; twice the same is what must not be. */
  readonly booked: string[] = [];
  /** For the next requests, one each; then the service is well. */
  readonly next: BookingBehaviour[] = [];
  /** Whether it books once for a key, however often it is asked. */
  honoursKeys = true;
  onReceived: (request: BookingRequest) => void = () => {};

  bookingsOf(key: string): number {
    return this.booked.filter((one) => one === key).length;
  }

  protected override accept({ method = '', headers }: IncomingMessage, { pathname, searchParams }: URL): void {
    if (headers.authorization !== authorization) throw new Refusal(401, { error: 'who are you?' });
    if (pathname !== '/bookings') throw new Refusal(404, { error: 'no such place' });
    if (!['POST', 'PUT', 'GET'].includes(method)) throw new Refusal(405, { error: 'not like that' });
    if (!/^[0-9a-f]{64}$/.test(String(headers['idempotency-key']))) throw new Refusal(400, { error: 'no idempotency key' });
    if (method !== 'GET' && searchParams.size > 0) throw new Refusal(400, { error: 'arguments do not belong into the address' });
    if (method !== 'GET' && headers['content-type'] !== 'application/json') throw new Refusal(415, { error: 'no JSON' });
    if (method !== 'GET' && !/^\d+$/.test(headers['content-length'] ?? '')) throw new Refusal(411, { error: 'how long?' });
  }

  protected override takeRequest(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.setEncoding('utf8');
    request.on('error', () => {});
    request.on('data', (text: string) => {
      body += text;
      if (body.length > mostBodyBytes) request.destroy();
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const taken = { method, url, headers, body, key: String(headers['idempotency-key']) };
      const wrong = method === 'GET' ? (body === '' ? undefined : 'a GET has no body') : faultOf(body);
      this.received.push(taken);
      if (wrong === undefined) {
        this.#behave(taken, response, this.next.shift() ?? { type: 'answer' });
      } else {
        this.violated(`${method} ${url}: ${wrong}`);
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: wrong }));
      }
      this.onReceived(taken);
    });
  }

  #behave(request: BookingRequest, response: ServerResponse, behaviour: BookingBehaviour): void {
    const isBooked = 'isBooked' in behaviour ? behaviour.isBooked : true;
    const isNew = !this.honoursKeys || !this.booked.includes(request.key);
    if (isBooked && isNew && request.method !== 'GET') this.booked.push(request.key);
    switch (behaviour.type) {
      case 'answer': {
        const { body = JSON.stringify({ booked: this.booked.length }), contentType = 'application/json', afterMs = 0 } = behaviour;
        this.later(afterMs, () => response.writeHead(200, { 'content-type': contentType }).end(body));
        break;
      }
      case 'status':
        response.writeHead(behaviour.status, behaviour.headers).end('the body of an error may repeat what was asked');
        break;
      case 'close':
        response.socket?.destroy();
        break;
      case 'hang':
        break;
      case 'garbage':
        response.socket?.end('I am no HTTP server\r\n\r\n');
        break;
      case 'cut':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"booked":', () => response.socket?.destroy());
        break;
      case 'flood':
        this.#flood(response.writeHead(200, { 'content-type': 'text/plain' }));
        break;
    }
  }

  #flood(response: ServerResponse): void {
    if (response.destroyed) return;
    response.write('more '.repeat(1000));
    this.later(1, () => this.#flood(response));
  }
}

const shape: Readonly<Record<string, (value: unknown) => boolean>> = {
  call_id: (value) => typeof value === 'string' && value !== '',
  tool: (value) => typeof value === 'string' && value !== '',
  arguments: isObject,
  caller: (value) => isObject(value) && Object.keys(value).every((name) => ['number', 'name'].includes(name)),
  variables: (value) => isObject(value) && Object.values(value).every((text) => typeof text === 'string'),
};

/** What is wrong with a request's body; undefined when nothing is. */
function faultOf(body: string): string | undefined {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return 'the body is no JSON';
  }
  if (!isObject(content)) return 'the body is no object';
  for (const name of ['call_id', 'tool', 'arguments']) if (!Object.hasOwn(content, name)) return `${name} is missing`;
  const [odd] = Object.entries(content).filter(([name, value]) => !Object.hasOwn(shape, name) || !shape[name]?.(value));
  return odd && `${odd[0]} is not what it should be`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
