import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { nowMs, within } from '../deadline.js';
import type { Codec } from './codec.js';
import { FaultyNetwork, type NetworkFaults } from './network.js';
import { parseRtp } from './rtp-packet.js';
import { RtpRecording } from './rtp-recording.js';
import { type Played, RtpSender } from './rtp-sender.js';
import { parseSdp, sdpOffer } from './sdp.js';
import { header, responseTo, type SipMessage } from './sip-message.js';

export interface PhoneCallOptions {
  readonly codec: Codec;
  readonly ptimeMs: number;
  readonly network: NetworkFaults;
  readonly caller: string;
  readonly extension: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly localPort: number;
  readonly remotePort: number;
  readonly send: (message: SipMessage) => void;
}

export interface CallEnd {
  readonly by: 'us' | 'them';
  readonly atMs: number;
  /** SIP status when the call was never answered. */
  readonly status?: number;
}

const host = '127.0.0.1';
const firstRetryMs = 500;
const answerDeadlineMs = 5000;

/** One call of a phone. */
export class PhoneCall {
  readonly id = randomBytes(8).toString('hex');
  /** When the far side answered, in milliseconds of this process; rejects when it refused. */
  readonly answered: Promise<number>;
  readonly ended: Promise<CallEnd>;
  readonly heard: RtpRecording;
  readonly #options: PhoneCallOptions;
  readonly #media: Socket;
  readonly #network: FaultyNetwork;
  readonly #sender: RtpSender;
  readonly #localTag = randomBytes(4).toString('hex');
  readonly #inviteBranch = `z9hG4bK${randomBytes(6).toString('hex')}`;
  #state: 'calling' | 'up' | 'ending' | 'over' = 'calling';
  #to: string;
  #target: string;
  #sequence = 1;
  #retry: NodeJS.Timeout | undefined;
  #remotePort = 0;
  #resolveAnswered: (atMs: number) => void = () => undefined;
  #rejectAnswered: (error: Error) => void = () => undefined;
  #resolveEnded: (end: CallEnd) => void = () => undefined;

  constructor(media: Socket, options: PhoneCallOptions) {
    this.#options = options;
    this.#media = media;
    this.#target = `sip:${options.extension}@${host}:${options.remotePort}`;
    this.#to = `<${this.#target}>`;
    this.answered = new Promise((resolve, reject) => {
      this.#resolveAnswered = resolve;
      this.#rejectAnswered = reject;
    });
    this.answered.catch(() => undefined);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.heard = new RtpRecording(options.codec);
    media.on('message', (datagram) => {
      const packet = parseRtp(datagram);
      if (packet) this.heard.take(packet);
    });
    this.#network = new FaultyNetwork((packet) => {
      if (this.#state !== 'over') media.send(packet, this.#remotePort, host);
    }, options.network);
    this.#sender = new RtpSender((packet) => this.#network.send(packet), options.codec, options.ptimeMs, randomBytes(4).readUInt32BE(0));
  }

  /** How late the phone's own packets were at most between two moments. */
  ownWorstLateMs(fromMs: number, toMs: number): number {
    return this.#sender.worstLateMs(fromMs, toMs);
  }

  /** Of what is played and heard. */
  get rateHz(): number {
    return this.#options.codec.rateHz;
  }

  get packetsLost(): number {
    return this.#network.packetsLost;
  }

  invite(): void {
    const { codec, ptimeMs, localPort } = this.#options;
    const sdp = sdpOffer(host, (this.#media.address() as AddressInfo).port, codec, ptimeMs);
    const headers = [
      ['Contact', `<sip:phone@${host}:${localPort}>`],
      ['Content-Type', 'application/sdp'],
      ...Object.entries(this.#options.headers),
    ] as const;
    this.#request({ ...this.#newRequest('INVITE', this.#inviteBranch, 1), body: sdp }, headers);
  }

  /** Plays in real time, after what is being played; resolves when it has been sent. Silence follows. */
  play(samples: Int16Array): Promise<Played> {
    return this.#sender.play(samples);
  }

  /** The same, at once, through a network that does to it what the seed says: to the same packets of it each time. */
  playThrough(networkSeed: number, samples: Int16Array): Promise<Played> {
    this.#network.reseed(networkSeed);
    return this.#sender.play(samples);
  }

  /** Presses keys as RFC 4733 events. */
  press(keys: string): Promise<void> {
    return this.#sender.press(keys);
  }

  /** Sends nothing at all until unmuted; what is played meanwhile is lost. */
  mute(muted: boolean): void {
    this.#sender.mute(muted);
  }

  /** Hangs up, or gives up the call that is not answered yet; resolves when it is over. */
  async hangUp(): Promise<CallEnd> {
    if (this.#state === 'calling') {
      this.#state = 'ending';
      this.#request(this.#newRequest('CANCEL', this.#inviteBranch, 1));
    } else if (this.#state === 'up') {
      this.#state = 'ending';
      this.#sender.stop();
      this.#sequence += 1;
      this.#request(this.#newRequest('BYE', `z9hG4bK${randomBytes(6).toString('hex')}`, this.#sequence));
    }
    return within(answerDeadlineMs, 'the far side agrees to end the call', this.ended);
  }

  /** Takes a message of this call from the phone's socket. */
  take(message: SipMessage): void {
    if (message.status) this.#takeResponse(message, message.status);
    else this.#takeRequest(message);
  }

  #takeResponse(response: SipMessage, status: number): void {
    const method = header(response, 'CSeq').split(' ')[1];
    clearTimeout(this.#retry);
    if (status < 200) return;
    if (method === 'BYE') this.#finish({ by: 'us', atMs: nowMs() });
    if (method !== 'INVITE') return;
    this.#to = header(response, 'To');
    if (status < 300) this.#takeAnswer(response);
    else this.#takeRefusal(status, response.reason ?? '');
  }

  #takeRefusal(status: number, reason: string): void {
    this.#options.send(this.#newRequest('ACK', this.#inviteBranch, 1));
    this.#rejectAnswered(new Error(`the call was refused with ${status} ${reason}`));
    this.#finish({ by: this.#state === 'ending' ? 'us' : 'them', atMs: nowMs(), status });
  }

  /** Acknowledges the answer, as often as it comes, and begins to talk. */
  #takeAnswer(response: SipMessage): void {
    this.#target = /<([^>]+)>/.exec(header(response, 'Contact'))?.[1] ?? this.#target;
    this.#options.send(this.#newRequest('ACK', `z9hG4bK${randomBytes(6).toString('hex')}`, 1));
    if (this.#state !== 'calling') return;
    this.#state = 'up';
    this.#remotePort = parseSdp(response.body).port;
    this.#sender.start();
    this.#resolveAnswered(nowMs());
  }

  #takeRequest(request: SipMessage): void {
    switch (request.method) {
      case 'BYE':
        this.#options.send(responseTo(request, 200, 'OK', this.#localTag));
        this.#finish({ by: 'them', atMs: nowMs() });
        break;
      case 'INVITE':
        this.#options.send(responseTo(request, 488, 'Not Acceptable Here', this.#localTag));
        break;
      case 'ACK':
        break;
      case 'OPTIONS':
        this.#options.send(responseTo(request, 200, 'OK', this.#localTag));
        break;
      default:
        this.#options.send(responseTo(request, 405, 'Method Not Allowed', this.#localTag));
    }
  }

  #newRequest(method: string, branch: string, sequence: number): SipMessage {
    const { localPort, caller } = this.#options;
    return {
      method,
      uri: this.#target,
      headers: [
        ['Via', `SIP/2.0/UDP ${host}:${localPort};branch=${branch}`],
        ['Max-Forwards', '70'],
        ['From', `${caller};tag=${this.#localTag}`],
        ['To', this.#to],
        ['Call-ID', this.id],
        ['CSeq', `${sequence} ${method}`],
      ],
      body: '',
    };
  }

  /** Sends now, and again at growing intervals until something answers. */
  #request(message: SipMessage, headers: readonly (readonly [string, string])[] = [], retryMs = firstRetryMs): void {
    const whole = { ...message, headers: [...message.headers, ...headers] };
    this.#options.send(whole);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#request(whole, [], retryMs * 2), retryMs).unref();
  }

  #finish(end: CallEnd): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearTimeout(this.#retry);
    this.#sender.stop();
    this.#media.close();
    this.#resolveEnded(end);
  }
}
