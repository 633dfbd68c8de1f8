import { nowMs } from '../deadline.js';
import { type Codec, digitPayloadType } from './codec.js';
import { formatRtp } from './rtp-packet.js';

const digits = '0123456789*#ABCD';
const digitMs = 120;
const digitPauseMs = 80;
/** RFC 4733 wants the end of an event told three times. */
const endPackets = 3;

/** When a sound was really sent, in milliseconds of this process. */
export interface Played {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Playing {
  readonly samples: Int16Array;
  at: number;
  fromMs: number | undefined;
  readonly done: (played: Played) => void;
}

interface Digit {
  readonly event: number;
  readonly timestamp: number;
  packets: number;
  readonly done: () => void;
}

/** Sends a packet each `ptimeMs` on an absolute clock: what is to be played, digits, or silence. */
export class RtpSender {
  readonly #transmit: (packet: Buffer) => void;
  readonly #codec: Codec;
  readonly #ptimeMs: number;
  readonly #samplesPerPacket: number;
  readonly #source: number;
  readonly #queue: Playing[] = [];
  readonly #digits: { event: number; done: () => void }[] = [];
  #digit: Digit | undefined;
  #pausePackets = 0;
  #timer: NodeJS.Timeout | undefined;
  #startedMs = 0;
  /** Packet times that have passed. */
  #packets = 0;
  #sequence = 0;
  readonly #lateness: { readonly atMs: number; readonly lateMs: number }[] = [];
  #muted = false;

  constructor(transmit: (packet: Buffer) => void, codec: Codec, ptimeMs: number, source: number) {
    this.#transmit = transmit;
    this.#codec = codec;
    this.#ptimeMs = ptimeMs;
    this.#samplesPerPacket = (codec.rateHz * ptimeMs) / 1000;
    this.#source = source;
  }

  /** How late a packet was at most between two moments: the instrument's own unsteadiness. */
  worstLateMs(fromMs: number, toMs: number): number {
    return this.#lateness.reduce((worst, { atMs, lateMs }) => (atMs >= fromMs && atMs <= toMs + lateMs ? Math.max(worst, lateMs) : worst), 0);
  }

  start(): void {
    this.#startedMs = nowMs();
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { fromMs, done } of this.#queue.splice(0)) done({ fromMs: fromMs ?? nowMs(), toMs: nowMs() });
  }

  /** While muted what is played goes nowhere: nothing is sent, as by a phone with silence suppression. */
  mute(muted: boolean): void {
    this.#muted = muted;
  }

  /** Plays after what is being played; resolves when its last packet has been sent, or the call is over. */
  play(samples: Int16Array): Promise<Played> {
    return new Promise((done) => this.#queue.push({ samples, at: 0, fromMs: undefined, done }));
  }

  /** Presses the keys one after the other; resolves when the last is released. */
  async press(keys: string): Promise<void> {
    await Promise.all(
      [...keys].map(
        (key) =>
          new Promise<void>((done) => {
            const event = digits.indexOf(key);
            if (event < 0) throw new Error(`Expected a key of ${digits} but received ${key}`);
            this.#digits.push({ event, done });
          }),
      ),
    );
  }

  #wait(): void {
    const dueMs = this.#startedMs + this.#packets * this.#ptimeMs;
    this.#timer = setTimeout(() => this.#sendDue(), Math.max(0, dueMs - nowMs()));
  }

  #sendDue(): void {
    const atMs = nowMs();
    const lateMs = atMs - (this.#startedMs + this.#packets * this.#ptimeMs);
    this.#lateness.push({ atMs, lateMs });
    for (let due = Math.floor(Math.max(0, lateMs) / this.#ptimeMs) + 1; due > 0; due--) this.#sendNext();
    if (this.#timer) this.#wait();
  }

  #sendNext(): void {
    const timestamp = this.#packets * this.#samplesPerPacket;
    this.#packets += 1;
    if (this.#sendDigit(timestamp)) return;
    const samples = this.#nextSamples();
    if (!this.#muted) this.#send(this.#codec.payloadType, this.#sequence === 0, timestamp, this.#codec.encode(samples));
  }

  #send(payloadType: number, marker: boolean, timestamp: number, payload: Buffer): void {
    this.#transmit(formatRtp({ payloadType, marker, sequence: this.#sequence, timestamp, source: this.#source, payload }));
    this.#sequence += 1;
  }

  #nextSamples(): Int16Array {
    const block = new Int16Array(this.#samplesPerPacket);
    for (let filled = 0; filled < block.length; ) {
      const playing = this.#queue[0];
      if (!playing) break;
      playing.fromMs ??= nowMs();
      const piece = playing.samples.subarray(playing.at, playing.at + block.length - filled);
      block.set(piece, filled);
      filled += piece.length;
      playing.at += piece.length;
      if (playing.at < playing.samples.length) break;
      this.#queue.shift();
      playing.done({ fromMs: playing.fromMs, toMs: nowMs() });
    }
    return block;
  }

  /** False when no key is down, so that audio goes out. */
  #sendDigit(timestamp: number): boolean {
    if (!this.#digit) {
      if (this.#pausePackets > 0) {
        this.#pausePackets -= 1;
        return false;
      }
      const next = this.#digits.shift();
      if (!next) return false;
      this.#digit = { ...next, timestamp, packets: 0 };
    }
    const digit = this.#digit;
    digit.packets += 1;
    const lastPacket = Math.ceil(digitMs / this.#ptimeMs);
    const ending = digit.packets >= lastPacket;
    const payload = Buffer.alloc(4);
    payload[0] = digit.event;
    payload[1] = (ending ? 0x80 : 0) | 10;
    payload.writeUInt16BE(Math.min(digit.packets, lastPacket) * this.#samplesPerPacket, 2);
    this.#send(digitPayloadType, digit.packets === 1, digit.timestamp, payload);
    if (digit.packets === lastPacket + endPackets - 1) {
      this.#digit = undefined;
      this.#pausePackets = Math.ceil(digitPauseMs / this.#ptimeMs);
      digit.done();
    }
    return true;
  }
}
