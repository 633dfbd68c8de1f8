import type { ChannelCredentials } from '@grpc/grpc-js';
import type { Clock } from '../../../../base/clock.js';

/** A peer that does not answer the goodbye. */
const closeMs = 1000;

/**
 * The sockets that grpc-js makes with these credentials. It has no way to give up one on which a service accepts and
 * does not answer, or takes nothing any more, and would keep it for ever.
 */
export class HeldSockets {
  readonly #sockets = new Set<{ destroy(): unknown }>();
  #isOver = false;
  #stopWaiting: () => void = () => {};

  constructor(credentials: ChannelCredentials) {
    const create = credentials._createSecureConnector.bind(credentials);
    credentials._createSecureConnector = (...target) => {
      const connector = create(...target);
      const connect = connector.connect.bind(connector);
      connector.connect = (socket) => {
        this.#sockets.add(socket);
        socket.once('close', () => {
          this.#sockets.delete(socket);
          if (this.#sockets.size === 0) this.#stopWaiting();
        });
        if (this.#isOver) socket.destroy();
        return connect(socket);
      };
      return connector;
    };
  }

  /** Ends those that are still there when a goodbye should have been answered. */
  close(clock: Clock): void {
    if (this.#sockets.size > 0) this.#stopWaiting = clock.after(closeMs, () => this.destroy());
  }

  /** Ends all, and those that are still to come. */
  destroy(): void {
    this.#isOver = true;
    this.#stopWaiting();
    for (const socket of this.#sockets) socket.destroy();
  }
}
