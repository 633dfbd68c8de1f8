/**
 * AudioSocket on the wire: kind (1 byte), length (2 bytes, big endian), payload. Audio is int16, little endian,
 * mono. Source: Asterisk 22, res_audiosocket.h, and its behaviour on the wire.
 */
export const headerBytes = 3;
export const uuidBytes = 16;
export const maxPayloadBytes = 0xffff;

export const kinds = {
  hangUp: 0x00,
  uuid: 0x01,
  dtmf: 0x03,
  error: 0xff,
} as const;

const rateOfKind: ReadonlyMap<number, number> = new Map([
  [0x10, 8000],
  [0x11, 12000],
  [0x12, 16000],
  [0x13, 24000],
  [0x14, 32000],
  [0x15, 44100],
  [0x16, 48000],
  [0x17, 96000],
  [0x18, 192000],
]);

/** Sample rate of an audio kind, undefined for any other kind. */
export const audioRateHz = (kind: number): number | undefined => rateOfKind.get(kind);

/** The audio kind of a sample rate that AudioSocket knows. */
export function audioKind(rateHz: number): number {
  for (const [kind, rate] of rateOfKind) if (rate === rateHz) return kind;
  throw new RangeError(`Expected a rate that AudioSocket has a kind for but received ${rateHz}`);
}

/** Writes a header at the start of `frame`. */
export function writeHeader(frame: Uint8Array, kind: number, payloadBytes: number): void {
  frame[0] = kind;
  frame[1] = payloadBytes >> 8;
  frame[2] = payloadBytes & 0xff;
}

/** One whole message. */
export function encodeFrame(kind: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerBytes + payload.byteLength);
  writeHeader(frame, kind, payload.byteLength);
  frame.set(payload, headerBytes);
  return frame;
}

/** The call id of a UUID payload: lower-case, with dashes. */
export function uuidToText(payload: Uint8Array): string {
  const hex = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** 16 bytes of a UUID in text, undefined if it is none. */
export function uuidFromText(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text.replaceAll('-', ''), 'hex'));
}

/** Takes one message: `payload` is bytes[start, start + count), valid until the function returns. */
export type FrameHandler = (kind: number, bytes: Uint8Array, start: number, count: number) => void;

/**
 * Cuts a byte stream into messages, whatever the pieces it comes in. A message within one piece is handed on where
 * it lies; only one that is split is copied, into a buffer that never grows past one message.
 */
export class FrameDecoder {
  readonly #onFrame: FrameHandler;
  #partial = new Uint8Array(headerBytes + 2048);
  #partialBytes = 0;
  #stopped = false;

  constructor(onFrame: FrameHandler) {
    this.#onFrame = onFrame;
  }

  /** No message is handed on any more. */
  stop(): void {
    this.#stopped = true;
  }

  push(piece: Uint8Array): void {
    if (this.#stopped) return;
    let at = this.#partialBytes > 0 ? this.#finishPartial(piece) : 0;
    while (!this.#stopped && piece.byteLength - at >= headerBytes) {
      const count = payloadBytes(piece, at);
      if (piece.byteLength - at < headerBytes + count) break;
      this.#onFrame(piece[at] ?? 0, piece, at + headerBytes, count);
      at += headerBytes + count;
    }
    if (!this.#stopped && at < piece.byteLength) this.#keep(piece, at, piece.byteLength);
  }

  /** Completes the split message from the head of `piece`; returns how much of it that took. */
  #finishPartial(piece: Uint8Array): number {
    let at = 0;
    if (this.#partialBytes < headerBytes) {
      at = Math.min(headerBytes - this.#partialBytes, piece.byteLength);
      this.#keep(piece, 0, at);
      if (this.#partialBytes < headerBytes) return at;
    }
    const whole = headerBytes + payloadBytes(this.#partial, 0);
    const taken = Math.min(whole - this.#partialBytes, piece.byteLength - at);
    this.#keep(piece, at, at + taken);
    if (this.#partialBytes === whole) {
      this.#partialBytes = 0;
      this.#onFrame(this.#partial[0] ?? 0, this.#partial, headerBytes, whole - headerBytes);
    }
    return at + taken;
  }

  #keep(piece: Uint8Array, from: number, to: number): void {
    const needed = this.#partialBytes + (to - from);
    if (needed > this.#partial.byteLength) {
      const larger = new Uint8Array(needed <= 16384 ? 16384 : headerBytes + maxPayloadBytes);
      larger.set(this.#partial.subarray(0, this.#partialBytes));
      this.#partial = larger;
    }
    this.#partial.set(piece.subarray(from, to), this.#partialBytes);
    this.#partialBytes = needed;
  }
}

function payloadBytes(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}
