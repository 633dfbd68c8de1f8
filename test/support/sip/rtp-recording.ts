import { percentile } from '../audio-measure.js';
import { nowMs } from '../deadline.js';
import type { Sound } from '../wav.js';
import { type Codec, digitPayloadType } from './codec.js';
import type { RtpPacket } from './rtp-packet.js';

export interface HeardPacket extends RtpPacket {
  readonly arrivedMs: number;
}

/** How evenly packets came. */
export interface Cadence {
  readonly packets: number;
  /** Time between two arrivals. */
  readonly medianGapMs: number;
  readonly p99GapMs: number;
  readonly longestGapMs: number;
  /** How long after its time, on the best absolute 20 ms clock through all arrivals, the latest packet came. */
  readonly worstLateMs: number;
  readonly p99LateMs: number;
  /** Sequence numbers that never came. */
  readonly missing: number;
  /** Media time that the RTP timestamps leave out between consecutive packets. */
  readonly skippedMs: number;
  /** Packets that came within 5 ms of the one before. */
  readonly bursts: number;
}

const frameMs = 20;
const digitNames = '0123456789*#ABCD';

/** A key that was heard as an RFC 4733 event: from its first packet to the first that tells its end. */
export interface HeardDigit {
  readonly digit: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a phone hears, with the times at which it came. */
export class RtpRecording {
  readonly #codec: Codec;
  readonly #packets: HeardPacket[] = [];
  readonly #digits: HeardDigit[] = [];
  #digit: { readonly timestamp: number; readonly fromMs: number; isOver: boolean } | undefined;
  readonly #waiting: { wanted: (packet: HeardPacket) => boolean; done: (packet: HeardPacket) => void }[] = [];

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  get packets(): readonly HeardPacket[] {
    return this.#packets;
  }

  /** The keys that were heard to their end, in order. */
  get digits(): readonly HeardDigit[] {
    return this.#digits;
  }

  take(packet: RtpPacket, arrivedMs = nowMs()): void {
    if (packet.payloadType === digitPayloadType) {
      this.#takeDigit(packet, arrivedMs);
      return;
    }
    const heard = { ...packet, arrivedMs };
    this.#packets.push(heard);
    for (const waiting of [...this.#waiting]) {
      if (!waiting.wanted(heard)) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      waiting.done(heard);
    }
  }

  /** All packets of an event have its timestamp; its end is told three times. */
  #takeDigit({ payload, timestamp }: RtpPacket, arrivedMs: number): void {
    if (payload.length !== 4) return;
    if (this.#digit?.timestamp !== timestamp) this.#digit = { timestamp, fromMs: arrivedMs, isOver: false };
    if (this.#digit.isOver || (payload.readUInt8(1) & 0x80) === 0) return;
    this.#digit.isOver = true;
    this.#digits.push({ digit: digitNames[payload.readUInt8(0)] ?? '?', fromMs: this.#digit.fromMs, toMs: arrivedMs });
  }

  /** The next packet that `wanted` likes. Never rejects: give it a deadline. */
  next(wanted: (packet: HeardPacket, samples: Int16Array) => boolean = () => true): Promise<HeardPacket> {
    return new Promise((done) => this.#waiting.push({ wanted: (packet) => wanted(packet, this.#codec.decode(packet.payload)), done }));
  }

  /** What was heard between two times: each packet where its timestamp puts it, silence where none came. */
  sound(fromMs = -Infinity, toMs = Infinity): Sound {
    const { rateHz } = this.#codec;
    const samples: { at: number; piece: Int16Array }[] = [];
    let anchor: { at: number; packet: HeardPacket } | undefined;
    let end = 0;
    const chosen = this.#packets.filter(({ arrivedMs }) => arrivedMs >= fromMs && arrivedMs < toMs);
    const firstMs = Number.isFinite(fromMs) ? fromMs : (chosen[0]?.arrivedMs ?? 0);
    for (const packet of chosen) {
      // A new source has a timeline of its own: it starts where its first packet came.
      if (anchor?.packet.source !== packet.source) anchor = { at: Math.round(((packet.arrivedMs - firstMs) * rateHz) / 1000), packet };
      const at = anchor.at + ((packet.timestamp - anchor.packet.timestamp) | 0);
      const piece = this.#codec.decode(packet.payload);
      if (at < 0) continue;
      samples.push({ at, piece });
      end = Math.max(end, at + piece.length);
    }
    const sound = new Int16Array(end);
    for (const { at, piece } of samples) sound.set(piece, at);
    return { rateHz, samples: sound };
  }

  cadence(fromMs = -Infinity, toMs = Infinity): Cadence {
    const packets = this.#packets.filter(({ arrivedMs }) => arrivedMs >= fromMs && arrivedMs < toMs);
    const gaps: number[] = [];
    let [skipped, missing] = [0, 0];
    for (let i = 1; i < packets.length; i++) {
      const [before, packet] = [packets[i - 1] as HeardPacket, packets[i] as HeardPacket];
      gaps.push(packet.arrivedMs - before.arrivedMs);
      if (before.source !== packet.source) continue;
      missing += Math.max(0, ((packet.sequence - before.sequence) & 0xffff) - 1);
      const leftOut = ((packet.timestamp - before.timestamp) | 0) - this.#codec.decode(before.payload).length;
      skipped += Math.max(0, leftOut);
    }
    const phases = packets.map(({ arrivedMs }, i) => arrivedMs - i * frameMs);
    const late = phases.map((phase) => phase - Math.min(...phases));
    return {
      packets: packets.length,
      medianGapMs: percentile(gaps, 0.5),
      p99GapMs: percentile(gaps, 0.99),
      longestGapMs: Math.max(...gaps),
      worstLateMs: Math.max(...late),
      p99LateMs: percentile(late, 0.99),
      missing,
      skippedMs: (skipped * 1000) / this.#codec.rateHz,
      bursts: gaps.filter((gap) => gap < 5).length,
    };
  }
}
