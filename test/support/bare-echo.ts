import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** An AudioSocket server that sends every audio message back as it is: what the test bench itself can do. */
export class BareEcho {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      let pending = Buffer.alloc(0);
      socket.on('data', (piece) => {
        pending = Buffer.concat([pending, piece]);
        while (pending.length >= 3 && pending.length >= 3 + pending.readUInt16BE(1)) {
          const whole = 3 + pending.readUInt16BE(1);
          if ((pending[0] as number) >= 0x10 && (pending[0] as number) <= 0x18) socket.write(pending.subarray(0, whole));
          pending = pending.subarray(whole);
        }
      });
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(): Promise<BareEcho> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BareEcho(server);
  }

  get address(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address ? `127.0.0.1:${address.port}` : '';
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
