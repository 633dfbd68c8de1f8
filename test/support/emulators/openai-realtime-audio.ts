/** Audio formats of the emulated Realtime API: what a piece of audio sounds like, and how loud it is. */
export interface WireFormat {
  readonly type: 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';
  readonly rate?: 24000;
}

const rateHz = ({ type }: WireFormat): number => (type === 'audio/pcm' ? 24_000 : 8000);
const bytesPerSample = ({ type }: WireFormat): number => (type === 'audio/pcm' ? 2 : 1);

export const bytesPerMs = (format: WireFormat): number => (rateHz(format) * bytesPerSample(format)) / 1000;

const usualToneHz = 300;
const toneAmplitude = 6000;

/** A tone, `ms` of it from `fromMs` on: pieces that follow each other are one tone. */
export function toneOf(format: WireFormat, fromMs: number, ms: number, toneHz = usualToneHz): Buffer {
  const first = Math.round((fromMs * rateHz(format)) / 1000);
  const count = Math.round(((fromMs + ms) * rateHz(format)) / 1000) - first;
  const audio = Buffer.alloc(count * bytesPerSample(format));
  for (let i = 0; i < count; i += 1) {
    const sample = Math.round(toneAmplitude * Math.sin((2 * Math.PI * toneHz * (first + i)) / rateHz(format)));
    if (format.type === 'audio/pcm') audio.writeInt16LE(sample, 2 * i);
    else audio[i] = format.type === 'audio/pcmu' ? mulawOf(sample) : alawOf(sample);
  }
  return audio;
}

/** Root mean square of the samples; full scale is 32768. */
export function levelOf(format: WireFormat, audio: Buffer): number {
  const count = Math.floor(audio.length / bytesPerSample(format));
  let energy = 0;
  for (let i = 0; i < count; i += 1) {
    const code = audio[i] ?? 0;
    const sample = format.type === 'audio/pcm' ? audio.readInt16LE(2 * i) : format.type === 'audio/pcmu' ? ofMulaw(code) : ofAlaw(code);
    energy += sample * sample;
  }
  return Math.sqrt(energy / Math.max(1, count));
}

// G.711: a sign, the number of the segment, and the place in it.

function mulawOf(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(sample)) + 132;
  const segment = Math.floor(Math.log2(magnitude)) - 7;
  const place = (magnitude >> (segment + 3)) & 15;
  return ~((sample < 0 ? 128 : 0) | (segment << 4) | place) & 255;
}

function ofMulaw(code: number): number {
  const bits = ~code & 255;
  const magnitude = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return bits & 128 ? -magnitude : magnitude;
}

function alawOf(sample: number): number {
  const magnitude = Math.min(4095, (sample < 0 ? ~sample : sample) >> 3);
  const segment = magnitude < 32 ? 0 : Math.floor(Math.log2(magnitude)) - 4;
  const place = segment === 0 ? (magnitude >> 1) & 15 : (magnitude >> segment) & 15;
  return ((sample < 0 ? 0 : 128) | (segment << 4) | place) ^ 85;
}

function ofAlaw(code: number): number {
  const bits = code ^ 85;
  const segment = (bits >> 4) & 7;
  const place = ((bits & 15) << 4) + 8;
  const magnitude = segment === 0 ? place : (place + 256) << (segment - 1);
  return bits & 128 ? magnitude : -magnitude;
}
