import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type FrameTiming, frameTiming } from '#talkpath/caller/call-report.js';
import { audioKind, audioRateHz, encodeFrame, FrameDecoder, kinds, uuidFromText } from '#talkpath/transports/audiosocket/frame.js';
import { nowMs, within } from './deadline.js';

export interface ClientFrame {
  readonly atMs: number;
  readonly kind: number;
  readonly pcm: Uint8Array;
}

/** How the server let go of the connection. */
export interface Closing {
  readonly how: 'fin' | 'reset';
  readonly atMs: number;
}

const frameMs = 20;

/** The other end of an AudioSocket connection, in the test's hands: it can keep to the protocol, and need not. */
export class AudioSocketClient {
  readonly callId: string;
  /** The server's audio. */
  readonly frames: ClientFrame[] = [];
  /** Sizes of the pieces in which it came. */
  readonly pieceBytes: number[] = [];
  /** Kinds of the server's messages that are no audio. */
  readonly otherKinds: number[] = [];
  readonly closed: Promise<Closing>;
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder((kind, bytes, start, count) => this.#take(kind, new Uint8Array(bytes.subarray(start, start + count))));
  #beat: NodeJS.Timeout | undefined;
  #toSay: Uint8Array[] = [];
  #onFrame: () => void = () => {};

  private constructor(socket: Socket, callId: string) {
    this.#socket = socket;
    this.callId = callId;
    let how: Closing['how'] = 'fin';
    this.closed = new Promise((resolve) => {
      socket.on('error', () => {
        how = 'reset';
      });
      socket.on('end', () => resolve({ how: 'fin', atMs: nowMs() }));
      socket.on('close', () => {
        this.stopTalking();
        resolve({ how, atMs: nowMs() });
      });
    });
    socket.on('data', (piece) => {
      this.pieceBytes.push(piece.length);
      this.#decoder.push(piece);
    });
  }

  /** A connection that has said nothing yet. Rejects when nobody listens there. */
  static async open(address: string, { callId = randomUUID() as string, from = undefined as string | undefined } = {}): Promise<AudioSocketClient> {
    const at = address.lastIndexOf(':');
    const [host, port] = [address.slice(0, at), Number(address.slice(at + 1))];
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true, ...(from === undefined ? {} : { localAddress: from }) });
    const opened = new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    await within(5000, `a connection to ${address}`, opened);
    return new AudioSocketClient(socket, callId);
  }

  /** A call that stands: the UUID is said and the first frame has come. */
  static async call(address: string, options: { callId?: string } = {}): Promise<AudioSocketClient> {
    const client = await AudioSocketClient.open(address, options);
    client.sayUuid();
    await client.hears(1);
    return client;
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  sendFrame(kind: number, payload: Uint8Array): void {
    this.send(encodeFrame(kind, payload));
  }

  sayUuid(callId = this.callId): void {
    this.sendFrame(kinds.uuid, uuidFromText(callId) ?? new Uint8Array(0));
  }

  /** From now on a frame every 20 ms on a clock that does not drift: what say() was given, else silence. */
  talk(rateHz = 8000): void {
    const kind = audioKind(rateHz);
    const silence = new Uint8Array((rateHz / 1000) * frameMs * 2);
    const startMs = nowMs();
    let sent = 0;
    this.#beat = setInterval(() => {
      for (; sent * frameMs <= nowMs() - startMs; sent += 1) this.sendFrame(kind, this.#toSay.shift() ?? silence);
    }, 5);
  }

  /** Queues samples for talk(), at its rate. */
  say(samples: Int16Array, rateHz = 8000): void {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const frameBytes = (rateHz / 1000) * frameMs * 2;
    for (let at = 0; at < bytes.length; at += frameBytes) {
      const frame = new Uint8Array(frameBytes);
      frame.set(bytes.subarray(at, at + frameBytes));
      this.#toSay.push(frame);
    }
  }

  stopTalking(): void {
    clearInterval(this.#beat);
  }

  /** Resolves when so many frames have come. */
  hears(count: number, withinMs = 5000 + count * frameMs): Promise<void> {
    const enough = new Promise<void>((resolve) => {
      this.#onFrame = () => {
        if (this.frames.length >= count) resolve();
      };
      this.#onFrame();
    });
    return within(withinMs, `${count} frames of the server (${this.frames.length} so far)`, enough);
  }

  /** Resolves when that much more time has been heard, in frames. */
  hearsFor(ms: number): Promise<void> {
    return this.hears(this.frames.length + Math.ceil(ms / frameMs));
  }

  /** How regularly the frames came, from this one on. */
  timing(fromFrame = 0): FrameTiming {
    return frameTiming(this.frames.slice(fromFrame).map(({ atMs }) => atMs));
  }

  /** The most frames that came beyond one every 20 ms, in any stretch of time from `fromMs` on. */
  largestBurst(fromMs = 0): number {
    const times = this.frames.map(({ atMs }) => atMs).filter((atMs) => atMs >= fromMs);
    let burst = 0;
    for (const [i, startMs] of times.entries()) {
      for (const [n, atMs] of times.slice(i + 1).entries()) burst = Math.max(burst, n + 1 - (atMs - startMs) / frameMs);
    }
    return burst;
  }

  /** The agent's samples, as they came. */
  heard(fromFrame = 0): Int16Array {
    const bytes = Buffer.concat(this.frames.slice(fromFrame).map(({ pcm }) => pcm));
    return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }

  /** Leaves what comes with the system, until its buffers are full. */
  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  /** Says that nothing more comes (FIN), and still listens. */
  finish(): void {
    this.stopTalking();
    this.#socket.end();
  }

  /** Tears the connection (RST). */
  reset(): void {
    this.stopTalking();
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(kind: number, pcm: Uint8Array): void {
    if (audioRateHz(kind) === undefined) {
      this.otherKinds.push(kind);
      return;
    }
    this.frames.push({ atMs: nowMs(), kind, pcm });
    this.#onFrame();
  }
}
