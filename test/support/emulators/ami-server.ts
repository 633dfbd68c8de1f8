import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { headersOf } from './ami-actions.js';
import { AmiServerSession } from './ami-session.js';
import type { EmulatedChannel } from './asterisk-channel.js';

/** What an emulated manager does instead of what it should. */
export type AmiFault =
  /** No connection is accepted. */
  | 'refuse'
  /** Connections are accepted, and nothing is said. */
  | 'hang'
  /** Lets in, and answers nothing from then on. */
  | 'mute'
  /** What answers is something else. */
  | 'not-a-manager'
  /** Something without line ends, without end. */
  | 'long-line'
  /** Events as fast as they go. */
  | 'flood'
  /** Every byte on its own. */
  | 'drip'
  /** The connection is lost at the first action after the log-in. */
  | 'lose';

export interface AmiServerOptions {
  /** Rights of the user to write, as in manager.conf. */
  readonly write?: readonly string[];
  /** The places that its dialplan has, as "CONTEXT,EXTENSION,PRIORITY"; undefined when it cannot tell. */
  readonly dialplan?: readonly string[];
}

/**
 * Asterisk's manager interface with channels that a test makes: strict about order, fields and rights, as manager.c
 * is, and stricter where that would do harm. Source: Asterisk 22 on the wire.
 */
export class AmiServer {
  readonly user = 'talkpath';
  readonly secret = 'secret-of-the-manager';
  readonly write: readonly string[];
  readonly dialplan: readonly string[] | undefined;
  readonly violations: string[] = [];
  readonly channels: EmulatedChannel[] = [];
  /** What was done to channels: "redirect 17.1 human,100,1". */
  readonly done: string[] = [];
  fault: AmiFault | undefined;
  logIns = 0;
  readonly #server: Server;
  readonly #sessions = new Map<Socket, AmiServerSession>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor({ write = ['call'], dialplan }: AmiServerOptions = {}) {
    this.write = write;
    this.dialplan = dialplan;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get openConnections(): number {
    return this.#sessions.size;
  }

  /** A channel takes a step of its dialplan; from now on it is there. */
  newexten(channel: EmulatedChannel): void {
    this.channels.push(channel);
    const lines = [
      'Event: Newexten',
      'Privilege: dialplan,all',
      ...headersOf(channel),
      `Application: ${channel.application}`,
      `AppData: ${channel.data}`,
    ];
    for (const session of this.#sessions.values()) session.tell(lines);
  }

  /** Loses every connection, as an Asterisk that crashes does. */
  dropAll(): void {
    for (const socket of this.#sessions.keys()) socket.resetAndDestroy();
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      this.#timers.add(timer);
    });
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sessions.keys()) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    socket.on('error', () => {});
    if (this.fault === 'refuse') {
      socket.resetAndDestroy();
      return;
    }
    this.#sessions.set(socket, new AmiServerSession(socket, this));
    socket.once('close', () => this.#sessions.delete(socket));
  }
}
