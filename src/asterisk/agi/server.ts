import { createServer, type Server, type Socket } from 'node:net';
import type { AllowList } from '../../base/allow-list.js';
import type { Clock } from '../../base/clock.js';
import { messageOf, TalkpathError } from '../../base/errors.js';
import { type AgiEnd, AgiFault, AgiSession } from './session.js';

/** Why somebody who connected was not answered. */
export type AgiRefusal = AgiEnd | 'not-allowed' | 'not-accepted' | 'too-many-connections';

export interface AgiServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly maxConnections: number;
  readonly allowed: AllowList;
  readonly clock: Clock;
  /** Answers one dialplan. Rejects with the session's AgiFault. */
  readonly serve: (session: AgiSession) => Promise<void>;
  readonly onRefused: (reason: AgiRefusal) => void;
  /** serve() failed by a fault of ours. */
  readonly onFault: (error: unknown) => void;
}

/** The FastAGI server: takes dialplans' connections in and keeps the guards. Thread: control. */
export class AgiServer {
  readonly #options: AgiServerOptions;
  readonly #server: Server;
  readonly #sessions = new Map<Socket, AgiSession>();

  constructor(options: AgiServerOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  /** Rejects with TP_ERR_LISTEN. */
  listen(): Promise<{ readonly host: string; readonly port: number }> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(new TalkpathError('TP_ERR_LISTEN', `asterisk.agi cannot listen on ${host}:${port}: ${messageOf(error)}`, { cause: error })),
      );
      this.#server.listen({ host, port }, () => {
        // A connection that the system cannot take in is one dialplan's trouble, not the server's.
        this.#server.on('error', () => this.#options.onRefused('not-accepted'));
        const address = this.#server.address();
        resolve(typeof address === 'object' && address ? { host: address.address, port: address.port } : { host, port });
      });
    });
  }

  /** Resolves when nobody is connected any more: who is in the middle of it is cut off. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sessions.values()) session.stop('gone');
    await closed;
  }

  #accept(socket: Socket): void {
    const refusal = this.#refusalFor(socket.remoteAddress ?? '');
    if (refusal) {
      this.#options.onRefused(refusal);
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    const session = new AgiSession(socket, this.#options.clock);
    this.#sessions.set(socket, session);
    socket.once('close', () => this.#sessions.delete(socket));
    this.#options.serve(session).catch((error) => {
      if (error instanceof AgiFault) this.#options.onRefused(error.reason);
      else this.#options.onFault(error);
      session.stop('gone');
    });
  }

  #refusalFor(remoteAddress: string): AgiRefusal | undefined {
    if (!this.#options.allowed.allows(remoteAddress)) return 'not-allowed';
    return this.#sessions.size >= this.#options.maxConnections ? 'too-many-connections' : undefined;
  }
}
