import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Fault } from './fault.js';

/** Lets connections through to a port of this machine, or does to them what a network would. */
export class TcpGate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(port: () => number, fault: () => Fault | undefined) {
    this.#server = createServer((socket) => {
      this.#keep(socket);
      if (fault()?.type === 'refuse') socket.resetAndDestroy();
      // Read all the same: else nobody notices that the client has left.
      if (fault()?.type === 'hang') socket.resume();
      if (fault()?.type === 'refuse' || fault()?.type === 'hang') return;
      const onward = connect(port(), '127.0.0.1');
      onward.on('error', () => socket.destroy());
      onward.on('close', () => socket.destroy());
      socket.on('close', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  dropAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.dropAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
