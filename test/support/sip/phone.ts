import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Codec, pcmu } from './codec.js';
import type { NetworkFaults } from './network.js';
import { PhoneCall } from './phone-call.js';
import { formatSipMessage, header, parseSipMessage, responseTo } from './sip-message.js';

export interface PhoneOptions {
  readonly sipPort: number;
  readonly codec?: Codec;
  readonly ptimeMs?: number;
  /** What the network does to the audio that the phone sends. */
  readonly network?: NetworkFaults;
  /** Whom it says it is, as a From header has it. */
  readonly caller?: string;
}

/** A SIP phone on 127.0.0.1 for tests against a real Asterisk: it dials, plays, presses keys, listens and measures. */
export class Phone {
  readonly #socket: Socket;
  readonly #options: Required<PhoneOptions>;
  readonly #calls = new Map<string, PhoneCall>();

  private constructor(socket: Socket, options: PhoneOptions) {
    this.#socket = socket;
    this.#options = { codec: pcmu, ptimeMs: 20, network: {}, caller: '<sip:phone@127.0.0.1>', ...options };
    socket.on('message', (datagram) => this.#receive(datagram));
  }

  static async open(options: PhoneOptions): Promise<Phone> {
    return new Phone(await boundSocket(), options);
  }

  /** Dials an extension; the call says when it is answered. */
  async ring(extension: string, headers: Readonly<Record<string, string>> = {}): Promise<PhoneCall> {
    const media = await boundSocket();
    const { sipPort, ...options } = this.#options;
    const call = new PhoneCall(media, {
      ...options,
      extension,
      headers,
      localPort: portOf(this.#socket),
      remotePort: sipPort,
      send: (message) => this.#socket.send(formatSipMessage(message), sipPort, '127.0.0.1'),
    });
    this.#calls.set(call.id, call);
    void call.ended.then(() => setTimeout(() => this.#calls.delete(call.id), 1000).unref());
    call.invite();
    return call;
  }

  /** Hangs up what is still up. */
  async close(): Promise<void> {
    await Promise.all([...this.#calls.values()].map((call) => call.hangUp()));
    this.#socket.close();
  }

  #receive(datagram: Buffer): void {
    const message = parseSipMessage(datagram);
    if (!message) return;
    const call = this.#calls.get(header(message, 'Call-ID'));
    if (call) call.take(message);
    else if (message.method && message.method !== 'ACK') this.#answerStranger(message);
  }

  #answerStranger(request: Parameters<typeof responseTo>[0]): void {
    const known = request.method === 'OPTIONS';
    const response = responseTo(request, known ? 200 : 481, known ? 'OK' : 'Call/Transaction Does Not Exist', 'phone');
    this.#socket.send(formatSipMessage(response), this.#options.sipPort, '127.0.0.1');
  }
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

const portOf = (socket: Socket): number => (socket.address() as AddressInfo).port;
