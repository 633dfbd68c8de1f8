import type { Socket } from 'node:net';
import { Allowance } from '../../base/allowance.js';
import type { Clock } from '../../base/clock.js';
import type { LineCounters, LineEndReason, LineHost, LineNotice, LineSession, RefusalReason } from '../transport.js';
import { EncodedAudioDetector } from './encoded-audio-detector.js';
import { audioKind, audioRateHz, FrameDecoder, headerBytes, kinds, uuidBytes, uuidToText, writeHeader } from './frame.js';

const uuidDeadlineMs = 2000;
/** Frames that may wait for a peer that does not read; further ones are dropped. */
const maxFramesInFlight = 5;
const blockedLimitMs = 5000;
/** No line sends more than 100 messages or 400 kB a second; one whose peer stood still may catch up on a minute at once. */
const messagesPerSecond = 500;
const messagesAtOnce = 6000;
const bytesPerSecond = 1_000_000;
const bytesAtOnce = 24_000_000;
/** Nobody presses keys faster. */
const digitsPerSecond = 25;
const digitsAtOnce = 100;
/** How long a peer may take to close after we have hung up. */
const closeDeadlineMs = 2000;

/** What a connection asks of its server. */
export interface ConnectionHost extends Pick<LineHost, 'lineArrived' | 'lineDigit' | 'lineNotice' | 'lineEnded' | 'lineRefused'> {
  /** The connection has said who it is, or is gone. */
  identified(connection: AudioSocketConnection, callId: string): void;
  closed(connection: AudioSocketConnection): void;
}

/**
 * One AudioSocket connection: reads whatever comes, always, and writes one frame with one write when it is due.
 * Asterisk tears the call down for a frame whose rest comes 5 ms late, and spins on a half header: so neither is
 * ever left behind.
 */
export class AudioSocketConnection {
  readonly remoteAddress: string;
  readonly #socket: Socket;
  readonly #host: ConnectionHost;
  readonly #clock: Clock;
  readonly #decoder = new FrameDecoder((kind, bytes, start, count) => this.#takeFrame(kind, bytes, start, count));
  readonly #encodedAudio = new EncodedAudioDetector();
  readonly #noticed = new Set<LineNotice>();
  readonly #messages = new Allowance(messagesPerSecond, messagesAtOnce);
  readonly #bytes = new Allowance(bytesPerSecond, bytesAtOnce);
  readonly #digits = new Allowance(digitsPerSecond, digitsAtOnce);

  #pieceAtMs = 0;
  #callId: string | undefined;
  #session: LineSession | undefined;
  #done = false;
  #cancelDeadline: () => void;

  #slots: Uint8Array[] = [];
  #nextSlot = 0;
  #inFlight = 0;
  #blockedSinceMs: number | undefined;
  #framesIn = 0;
  #framesOut = 0;
  #framesDropped = 0;
  #lastRateHz = 0;

  constructor(socket: Socket, host: ConnectionHost, clock: Clock) {
    this.#socket = socket;
    this.#host = host;
    this.#clock = clock;
    this.remoteAddress = socket.remoteAddress ?? '';
    this.#cancelDeadline = clock.after(uuidDeadlineMs, () => this.refuse('no-uuid'));
    socket.on('data', (piece) => this.#takePiece(piece));
    socket.on('end', () => this.#lineGone('caller-hung-up'));
    socket.on('error', () => this.#lineGone('connection-reset'));
    socket.on('close', () => {
      this.#lineGone('connection-reset');
      this.#cancelDeadline();
      host.closed(this);
    });
  }

  get callId(): string | undefined {
    return this.#callId;
  }

  /** Writes the next due frame, if there is one: after a stall of this thread the line catches up without a burst. */
  writeDueFrame(): void {
    const session = this.#session;
    if (!session || this.#done) return;
    const slot = this.#slots[this.#nextSlot] as Uint8Array;
    const payloadBytes = session.drain(slot, headerBytes);
    if (payloadBytes === 0) return;
    if (this.#inFlight >= maxFramesInFlight) {
      this.#framesDropped += 1;
      this.#checkBlocked();
      return;
    }
    this.#blockedSinceMs = undefined;
    this.#nextSlot = (this.#nextSlot + 1) % this.#slots.length;
    this.#inFlight += 1;
    this.#framesOut += 1;
    this.#socket.write(slot, this.#written);
  }

  /** Ends the call from our side: the dialplan goes on behind AudioSocket(). */
  hangUp(reason: LineEndReason): void {
    if (this.#done) return;
    this.writeDueFrame();
    if (this.#done) return;
    this.#finish(reason);
    const goodbye = new Uint8Array(headerBytes);
    writeHeader(goodbye, kinds.hangUp, 0);
    this.#socket.end(goodbye);
    this.#cancelDeadline = this.#clock.after(closeDeadlineMs, () => this.#socket.destroy());
  }

  /** Turns the caller away before there is a call. */
  refuse(reason: RefusalReason): void {
    if (this.#done) return;
    this.#done = true;
    this.#decoder.stop();
    this.#cancelDeadline();
    this.#host.lineRefused(reason, this.remoteAddress);
    this.#socket.destroy();
  }

  /** The connection is of no use any more: FIN, RST, or a peer that breaks the protocol. */
  #lineGone(reason: LineEndReason): void {
    if (this.#done) return;
    this.#finish(reason);
    this.#socket.destroy();
  }

  #finish(reason: LineEndReason): void {
    this.#done = true;
    this.#decoder.stop();
    this.#cancelDeadline();
    if (this.#callId === undefined) return;
    const counters: LineCounters = {
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      framesDropped: this.#framesDropped,
      lastRateHz: this.#lastRateHz,
    };
    this.#session = undefined;
    this.#host.lineEnded(this.#callId, reason, counters);
  }

  #takePiece(piece: Uint8Array): void {
    this.#pieceAtMs = this.#clock.nowMs();
    if (this.#bytes.take(piece.byteLength, this.#pieceAtMs)) this.#decoder.push(piece);
    else this.#lineGone('line-flooded');
  }

  #takeFrame(kind: number, bytes: Uint8Array, start: number, count: number): void {
    const rateHz = audioRateHz(kind);
    if (!this.#messages.take(1, this.#pieceAtMs)) {
      this.#lineGone('line-flooded');
    } else if (this.#session === undefined) {
      if (kind === kinds.uuid) this.#takeUuid(bytes.subarray(start, start + count));
      else this.refuse(rateHz === undefined ? 'no-uuid' : 'audio-before-uuid');
    } else if (rateHz !== undefined) {
      this.#takeAudio(this.#session, rateHz, kind, bytes, start, count);
    } else {
      this.#takeControl(kind, bytes, start, count);
    }
  }

  #takeUuid(payload: Uint8Array): void {
    if (payload.byteLength !== uuidBytes) {
      this.refuse('bad-uuid');
      return;
    }
    const callId = uuidToText(payload);
    const session = this.#host.lineArrived(callId, this.remoteAddress);
    if (typeof session === 'string') {
      this.refuse(session);
      return;
    }
    this.#cancelDeadline();
    this.#callId = callId;
    this.#session = session;
    const payloadBytes = (session.rateHz / 50) * 2;
    this.#slots = Array.from({ length: maxFramesInFlight + 1 }, () => {
      const frame = new Uint8Array(headerBytes + payloadBytes);
      writeHeader(frame, audioKind(session.rateHz), payloadBytes);
      return frame;
    });
    this.#host.identified(this, callId);
  }

  #takeAudio(session: LineSession, rateHz: number, kind: number, bytes: Uint8Array, start: number, count: number): void {
    this.#framesIn += 1;
    this.#lastRateHz = rateHz;
    session.push(bytes, start, count, rateHz);
    if (this.#encodedAudio.takes(kind, count, this.#pieceAtMs)) this.#notice('encoded-audio');
  }

  #takeControl(kind: number, bytes: Uint8Array, start: number, count: number): void {
    const callId = this.#callId as string;
    switch (kind) {
      case kinds.dtmf: {
        const digit = String.fromCharCode(bytes[start] ?? 0);
        if (count !== 1 || !/[0-9A-D*#]/.test(digit)) this.#notice('bad-dtmf');
        else if (this.#digits.take(1, this.#pieceAtMs)) this.#host.lineDigit(callId, digit);
        else this.#notice('dtmf-flood');
        break;
      }
      case kinds.hangUp:
        this.#lineGone('caller-hung-up');
        break;
      case kinds.uuid:
        this.#lineGone('protocol-error');
        break;
      case kinds.error:
        this.#notice('error-frame');
        break;
      default:
        this.#notice('unknown-kind');
    }
  }

  /** Each kind of notice is given once a call. */
  #notice(notice: LineNotice): void {
    if (this.#noticed.has(notice)) return;
    this.#noticed.add(notice);
    this.#host.lineNotice(this.#callId as string, notice);
  }

  readonly #written = (): void => {
    this.#inFlight -= 1;
  };

  #checkBlocked(): void {
    const nowMs = this.#clock.nowMs();
    this.#blockedSinceMs ??= nowMs;
    if (nowMs - this.#blockedSinceMs > blockedLimitMs) this.#lineGone('line-blocked');
  }
}
