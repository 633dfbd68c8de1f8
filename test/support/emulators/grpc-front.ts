import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Fault } from './fault.js';

/** A port before a gRPC server, where connections can be refused, left hanging, counted and lost. */
export class GrpcFront {
  fault: () => Fault | undefined = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(portBehind: () => number) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => this.#sockets.delete(socket));
      const fault = this.fault();
      if (fault?.type === 'refuse') socket.resetAndDestroy();
      else if (fault?.type === 'hang') socket.resume();
      else {
        const behind = connect({ port: portBehind(), host: '127.0.0.1', noDelay: true });
        behind.on('error', () => socket.destroy());
        behind.once('close', () => socket.destroy());
        socket.once('close', () => behind.destroy());
        socket.pipe(behind).pipe(socket);
      }
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  dropAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  stopReading(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  readOn(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.dropAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
