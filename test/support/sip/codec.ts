/** How samples travel in RTP. */
export interface Codec {
  readonly name: string;
  readonly payloadType: number;
  readonly rateHz: number;
  encode(samples: Int16Array): Buffer;
  decode(payload: Buffer): Int16Array;
}

export const digitPayloadType = 101;

/** ITU-T G.711, computed from its definition: sign, 3 bits of segment, 4 bits within it. */
function mulawToLinear(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return bits & 0x80 ? -magnitude : magnitude;
}

function alawToLinear(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const base = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? base : (base + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

/** A codec of one byte a sample, encoding to the nearest of its 256 values. */
function companded(name: string, payloadType: number, toLinear: (code: number) => number): Codec {
  const linear = Int16Array.from({ length: 256 }, (_, code) => toLinear(code));
  const byValue = [...linear.entries()].sort(([, a], [, b]) => a - b);
  const nearest = new Uint8Array(65536);
  for (let sample = -32768, at = 0; sample < 32768; sample++) {
    const distance = (index: number): number => Math.abs((byValue[index]?.[1] ?? Number.POSITIVE_INFINITY) - sample);
    while (distance(at + 1) <= distance(at) && at < 255) at += 1;
    nearest[sample + 32768] = byValue[at]?.[0] ?? 0;
  }
  return {
    name,
    payloadType,
    rateHz: 8000,
    encode: (samples) => Buffer.from(Uint8Array.from(samples, (sample) => nearest[sample + 32768] as number)),
    decode: (payload) => Int16Array.from(payload, (code) => linear[code] as number),
  };
}

export const pcmu = companded('PCMU', 0, mulawToLinear);
export const pcma = companded('PCMA', 8, alawToLinear);

/** Linear 16-bit samples in network byte order: the wideband codec that needs no coder. */
export const linear16k: Codec = {
  name: 'L16',
  payloadType: 118,
  rateHz: 16000,
  encode(samples) {
    const payload = Buffer.alloc(samples.length * 2);
    samples.forEach((sample, i) => payload.writeInt16BE(sample, i * 2));
    return payload;
  },
  decode: (payload) => Int16Array.from({ length: payload.length >> 1 }, (_, i) => payload.readInt16BE(i * 2)),
};
