import { connect, type Socket } from 'node:net';
import { frameMs } from '../base/audio-format.js';
import type { Clock } from '../base/clock.js';
import { audioKind, audioRateHz, encodeFrame, FrameDecoder, kinds, uuidFromText } from '../transports/audiosocket/frame.js';
import { SpeechIntervals } from './speech-intervals.js';

export interface CallerOptions {
  readonly host: string;
  readonly port: number;
  readonly callId: string;
  /** Rate of the frames that the caller sends: 8000, 16000 or 24000. */
  readonly rateHz: number;
  readonly clock: Clock;
}

/** A frame of the agent and when it came. */
export interface HeardFrame {
  readonly atMs: number;
  readonly pcm: Uint8Array;
  readonly rateHz: number;
}

export type CallerEnd = 'agent-hung-up' | 'caller-hung-up' | 'connection-lost' | 'refused';

/**
 * Dials an AudioSocket port as Asterisk does: says its UUID, sends one frame every 20 ms on a clock that does not
 * drift, and keeps all that it hears with the time of arrival. It begins on the beat of its own first frame.
 */
export class SyntheticCaller {
  readonly heard: HeardFrame[] = [];
  /** What was sent, frame by frame; frame n left at `startedMs` + 20 n. */
  readonly said: Uint8Array[] = [];
  /** When the agent speaks, by level. */
  readonly agentSpeech = new SpeechIntervals();
  readonly #options: CallerOptions;
  readonly #silence: Uint8Array;
  readonly #decoder = new FrameDecoder((kind, bytes, start, count) => this.#takeFrame(kind, bytes, start, count));
  #socket: Socket | undefined;
  #startedMs = 0;
  #queue: Uint8Array[] = [];
  #cancelBeat: () => void = () => {};
  #end: CallerEnd | undefined;
  #whenEnded: (end: CallerEnd) => void = () => {};
  readonly ended = new Promise<CallerEnd>((resolve) => {
    this.#whenEnded = resolve;
  });

  constructor(options: CallerOptions) {
    this.#options = options;
    this.#silence = new Uint8Array(this.#frameBytes);
  }

  /** Resolves when the call stands; rejects when nobody listens there. */
  dial(): Promise<void> {
    const { host, port, callId, clock } = this.#options;
    const uuid = uuidFromText(callId);
    if (!uuid) return Promise.reject(new RangeError(`Expected a UUID for the call id but received ${JSON.stringify(callId)}`));
    const socket = connect({ host, port, noDelay: true });
    this.#socket = socket;
    socket.on('data', (piece) => this.#decoder.push(piece));
    socket.on('end', () => this.#finish(this.heard.length > 0 ? 'agent-hung-up' : 'refused'));
    socket.on('close', () => this.#finish('connection-lost'));
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        socket.on('error', () => this.#finish(this.heard.length > 0 ? 'connection-lost' : 'refused'));
        socket.write(encodeFrame(kinds.uuid, uuid));
        this.#startedMs = clock.nowMs();
        this.#beat();
        resolve();
      });
    });
  }

  /** Milliseconds since the first frame. */
  sinceStartMs(atMs = this.#options.clock.nowMs()): number {
    return atMs - this.#startedMs;
  }

  /** Speaks: int16, little endian, at the caller's rate, from the next frame on. Returns when it began, since the start. */
  say(pcm: Uint8Array): number {
    const beginsMs = (this.said.length + this.#queue.length) * frameMs;
    for (let at = 0; at < pcm.byteLength; at += this.#frameBytes) {
      const frame = new Uint8Array(this.#frameBytes);
      frame.set(pcm.subarray(at, at + this.#frameBytes));
      this.#queue.push(frame);
    }
    return beginsMs;
  }

  get speaking(): boolean {
    return this.#queue.length > 0;
  }

  press(digit: string): void {
    this.#socket?.write(encodeFrame(kinds.dtmf, Buffer.from(digit, 'latin1')));
  }

  hangUp(): void {
    this.#finish('caller-hung-up');
  }

  get #frameBytes(): number {
    return (this.#options.rateHz / 1000) * frameMs * 2;
  }

  /** Sends every frame that is due, and sleeps until the next one is. */
  #beat(): void {
    const { clock, rateHz } = this.#options;
    while (this.#end === undefined && this.said.length * frameMs <= this.sinceStartMs()) {
      const frame = this.#queue.shift() ?? this.#silence;
      this.said.push(frame);
      this.#socket?.write(encodeFrame(audioKind(rateHz), frame));
    }
    if (this.#end !== undefined) return;
    this.#cancelBeat = clock.after(Math.max(0, this.said.length * frameMs - this.sinceStartMs()), () => this.#beat());
  }

  #takeFrame(kind: number, bytes: Uint8Array, start: number, count: number): void {
    const rateHz = audioRateHz(kind);
    if (rateHz !== undefined) {
      const frame = { atMs: this.sinceStartMs(), pcm: new Uint8Array(bytes.subarray(start, start + count)), rateHz };
      this.heard.push(frame);
      this.agentSpeech.take(frame.pcm, frame.atMs);
    } else if (kind === kinds.hangUp) {
      this.#finish('agent-hung-up');
    }
  }

  #finish(end: CallerEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#cancelBeat();
    this.#socket?.destroy();
    this.#whenEnded(end);
  }
}
