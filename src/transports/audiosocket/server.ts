import { createServer, type Server, type Socket } from 'node:net';
import { AllowList } from '../../base/allow-list.js';
import type { Clock } from '../../base/clock.js';
import { messageOf, TalkpathError } from '../../base/errors.js';
import type { Address, LineHost, RefusalReason, Transport } from '../transport.js';
import { AudioSocketConnection } from './connection.js';

export interface AudioSocketSettings {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Networks that may connect, as CIDR or single addresses; empty means anybody who can reach the port. */
  readonly allow: readonly string[];
  readonly maxCalls: number;
  /** Connections that have not said their UUID yet, in all and of one address. */
  readonly maxUnidentified: number;
  readonly maxUnidentifiedPerAddress: number;
}

/** The AudioSocket server: takes connections in, keeps the guards, knows the live calls. Thread: media. */
export class AudioSocketServer implements Transport {
  readonly #settings: AudioSocketSettings;
  readonly #host: LineHost;
  readonly #clock: Clock;
  readonly #allowed: AllowList;
  readonly #server: Server;
  readonly #live = new Map<string, AudioSocketConnection>();
  readonly #unidentified = new Set<AudioSocketConnection>();
  #shuttingDown = false;
  #whenEmpty: (() => void) | undefined;

  constructor(settings: AudioSocketSettings, host: LineHost, clock: Clock) {
    this.#settings = settings;
    this.#host = host;
    this.#clock = clock;
    this.#allowed = new AllowList(settings.allow);
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  listen(): Promise<Address> {
    const { host, port } = this.#settings;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(new TalkpathError('TP_ERR_LISTEN', `audiosocket cannot listen on ${host}:${port}: ${messageOf(error)}`, { cause: error })),
      );
      this.#server.listen({ host, port, backlog: 1024 }, () => {
        // A connection that the system cannot take in is one caller's trouble, not the server's.
        this.#server.on('error', () => this.#host.lineRefused('not-accepted', ''));
        const address = this.#server.address();
        resolve(typeof address === 'object' && address ? { host: address.address, port: address.port } : { host, port });
      });
    });
  }

  writeDueFrames(): void {
    for (const connection of this.#live.values()) connection.writeDueFrame();
  }

  hangUp(callId: string): void {
    this.#live.get(callId)?.hangUp('hung-up');
  }

  async close(graceMs: number): Promise<void> {
    this.#shuttingDown = true;
    this.#server.close();
    for (const connection of [...this.#unidentified]) connection.refuse('shutting-down');
    if (this.#live.size > 0) {
      const empty = new Promise<void>((resolve) => {
        this.#whenEmpty = resolve;
      });
      const cancel = this.#clock.after(graceMs, () => {
        for (const connection of [...this.#live.values()]) connection.hangUp('shut-down');
      });
      await empty;
      cancel();
    }
  }

  #accept(socket: Socket): void {
    const refusal = this.#refusalFor(socket.remoteAddress ?? '');
    if (refusal) {
      this.#host.lineRefused(refusal, socket.remoteAddress ?? '');
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    const connection: AudioSocketConnection = new AudioSocketConnection(
      socket,
      {
        lineArrived: (callId, remote) => this.#arrive(callId, remote),
        lineDigit: (callId, digit) => this.#host.lineDigit(callId, digit),
        lineNotice: (callId, notice) => this.#host.lineNotice(callId, notice),
        lineEnded: (callId, reason, counters) => {
          this.#live.delete(callId);
          this.#host.lineEnded(callId, reason, counters);
          if (this.#live.size === 0) this.#whenEmpty?.();
        },
        lineRefused: (reason, remote) => this.#host.lineRefused(reason, remote),
        identified: (identified, callId) => {
          this.#unidentified.delete(identified);
          this.#live.set(callId, identified);
        },
        closed: (closed) => this.#unidentified.delete(closed),
      },
      this.#clock,
    );
    this.#unidentified.add(connection);
  }

  #refusalFor(remoteAddress: string): RefusalReason | undefined {
    if (this.#shuttingDown) return 'shutting-down';
    if (!this.#allowed.allows(remoteAddress)) return 'not-allowed';
    if (this.#unidentified.size >= this.#settings.maxUnidentified) return 'too-many-connections';
    let sameAddress = 0;
    for (const connection of this.#unidentified) if (connection.remoteAddress === remoteAddress) sameAddress += 1;
    return sameAddress >= this.#settings.maxUnidentifiedPerAddress ? 'too-many-connections' : undefined;
  }

  #arrive(callId: string, remoteAddress: string): ReturnType<LineHost['lineArrived']> {
    if (this.#shuttingDown) return 'shutting-down';
    if (this.#live.has(callId)) return 'already-live';
    if (this.#live.size >= this.#settings.maxCalls) return 'too-many-calls';
    return this.#host.lineArrived(callId, remoteAddress);
  }
}
