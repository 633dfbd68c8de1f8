import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Fault, FaultType } from './fault.js';

/** What a service answers a handshake or request that it will not have. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: object,
  ) {
    super(`status ${status}`);
  }
}

/**
 * What all emulated services have in common: a server on a free port of 127.0.0.1, faults, and a memory of what
 * clients did that the real service would refuse. A service is a subclass that says what it accepts.
 */
export abstract class EmulatedService {
  /** What a client did that the service's protocol does not allow, in words. A test of a right client finds none. */
  readonly violations: string[] = [];
  fault: Fault | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #webSockets = new Set<WebSocket>();
  readonly #upgrades = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor() {
    this.#server = createServer((request, response) => this.#takeRequest(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => this.#sockets.delete(socket));
      if (this.fault?.type === 'refuse') socket.resetAndDestroy();
    });
    this.#server.on('upgrade', (request, socket, head) => this.#takeUpgrade(request, socket as Socket, head));
  }

  /** Throws a Refusal for a handshake that the service would not take: wrong key, path or query. */
  protected abstract accept(request: IncomingMessage, url: URL): void;

  /** A client has connected. */
  protected takeSocket(_socket: WebSocket, _url: URL, _request: IncomingMessage): void {
    throw new Error('this service has no sockets');
  }

  /** A request other than a handshake; accept() has let it in. */
  protected takeRequest(_request: IncomingMessage, _response: ServerResponse, _url: URL): void {
    throw new Refusal(404, { error: 'not found' });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** "http://127.0.0.1:PORT" */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections of any kind that are open now. */
  get openConnections(): number {
    return this.#sockets.size;
  }

  /** Loses every connection, as a service that crashes does. */
  dropAll(): void {
    for (const socket of this.#sockets) {
      // Node cannot reset a socket that is just being shut down: its handle would stay, and the process never end.
      if (socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#webSockets) socket.terminate();
    this.dropAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The fault, if it is of that type. */
  protected faultOf<T extends FaultType>(type: T): Extract<Fault, { type: T }> | undefined {
    return this.fault?.type === type ? (this.fault as Extract<Fault, { type: T }>) : undefined;
  }

  protected violated(what: string): void {
    this.violations.push(what);
  }

  /** Runs `action` later, unless the service has been closed by then. */
  protected later(ms: number, action: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
      clearTimeout(timer);
    };
  }

  #takeUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (this.faultOf('hang')) {
      // Nobody else would notice that the client is gone.
      socket.once('end', () => socket.destroy()).resume();
      return;
    }
    const url = new URL(request.url ?? '/', this.url);
    const refusal = this.#refusalOf(request, url);
    if (refusal) {
      const body = JSON.stringify(refusal.body);
      const headers = [
        `HTTP/1.1 ${refusal.status} Refused`,
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Connection: close',
      ];
      socket.end([...headers, ...this.#retryAfter(), '', body].join('\r\n'));
      return;
    }
    this.#upgrades.handleUpgrade(request, socket, head, (webSocket) => {
      this.#webSockets.add(webSocket);
      webSocket.once('close', () => this.#webSockets.delete(webSocket));
      webSocket.on('error', () => {});
      this.takeSocket(webSocket, url, request);
    });
  }

  #takeRequest(request: IncomingMessage, response: ServerResponse): void {
    // A connection that was kept from before is of no use either.
    if (this.faultOf('refuse')) {
      request.socket.resetAndDestroy();
      return;
    }
    if (this.faultOf('hang')) return;
    const url = new URL(request.url ?? '/', this.url);
    response.on('error', () => {});
    const endless = this.faultOf('endless');
    const redirect = this.faultOf('redirect');
    if (redirect) {
      response.writeHead(307, { location: `${redirect.to}${url.pathname}` }).end();
      return;
    }
    if (endless) {
      response.writeHead(endless.status, { 'content-type': 'application/octet-stream' });
      this.#fill(response);
      return;
    }
    try {
      const refusal = this.#refusalOf(request, url);
      if (refusal) throw refusal;
      this.takeRequest(request, response, url);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const headers = Object.fromEntries(this.#retryAfter().map((header) => header.split(': ') as [string, string]));
      response.writeHead(error.status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(error.body));
    }
  }

  #fill(response: ServerResponse): void {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
    if (!response.destroyed) response.once('drain', () => this.later(1, () => this.#fill(response)));
  }

  #refusalOf(request: IncomingMessage, url: URL): Refusal | undefined {
    const fault = this.faultOf('status');
    if (fault) return new Refusal(fault.status, { error: { message: 'as it was told to', code: 'fault' } });
    try {
      this.accept(request, url);
      return undefined;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.violated(`${request.method} ${url.pathname} was refused with status ${error.status}: ${JSON.stringify(error.body)}`);
      return error;
    }
  }

  #retryAfter(): string[] {
    const seconds = this.faultOf('status')?.retryAfterS;
    return seconds === undefined ? [] : [`Retry-After: ${seconds}`];
  }
}
