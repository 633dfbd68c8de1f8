import { readFileSync } from 'node:fs';
import { readWav, type WavAudio } from '#talkpath/caller/wav.js';

/** The rate of everything that is composed. */
export const rateHz = 8000;
/** What the engine decides about at a time: 10 ms. */
export const blockSamples = rateHz / 100;

/** Samples at `rateHz`, full scale being 1. */
export type Sound = Float32Array;

export const samplesIn = (ms: number): number => Math.round((ms * rateHz) / 1000);

export const gainOf = (db: number): number => 10 ** (db / 20);

/** RMS in dB of full scale, -120 for silence. */
export function levelDbfs(sound: Sound): number {
  let energy = 0;
  for (const sample of sound) energy += sample * sample;
  return Math.max(-120, 10 * Math.log10(energy / Math.max(sound.length, 1) + 1e-30));
}

export const scaled = (sound: Sound, gain: number): Sound => sound.map((sample) => sample * gain);

/** Brought to an RMS level; silence stays silence. */
export const atLevel = (sound: Sound, dbfs: number): Sound => (levelDbfs(sound) <= -120 ? sound : scaled(sound, gainOf(dbfs - levelDbfs(sound))));

/** Adds `part` to `whole` from sample `at` on; what does not fit is left out. */
export function addTo(whole: Sound, part: Sound, at: number, gain = 1): void {
  const count = Math.min(part.length, whole.length - at);
  for (let i = 0; i < count; i++) whole[at + i] = (whole[at + i] ?? 0) + gain * (part[i] ?? 0);
}

/** Goes on in a circle from a place of `from`. */
export function looped(from: Sound, start: number, count: number): Sound {
  const sound = new Float32Array(count);
  for (let i = 0; i < count; i++) sound[i] = from[(start + i) % from.length] ?? 0;
  return sound;
}

/** Played at `speed` times its own, which moves pitch and formants with it: a larger or a smaller person. */
export function atSpeed(sound: Sound, speed: number): Sound {
  const changed = new Float32Array(Math.floor((sound.length - 2) / speed));
  for (let i = 0; i < changed.length; i++) {
    const at = Math.floor(i * speed);
    const part = i * speed - at;
    changed[i] = (sound[at] ?? 0) * (1 - part) + (sound[at + 1] ?? 0) * part;
  }
  return changed;
}

/** Reads 16-bit PCM, a WAV file's first channel or, where the name ends in .raw, bare samples at `rawRateHz`. */
export function readSound(path: string, rawRateHz = rateHz): Sound {
  const isRaw = path.endsWith('.raw');
  const audio = isRaw ? { pcm: readFileSync(path), rateHz: rawRateHz, channels: 1 } : readWav(path);
  return toCorpusRate(firstChannel(audio), audio.rateHz);
}

function firstChannel({ pcm, channels }: WavAudio): Sound {
  const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const sound = new Float32Array(Math.floor(bytes.length / 2 / channels));
  for (let i = 0; i < sound.length; i++) sound[i] = bytes.readInt16LE(2 * i * channels) / 32768;
  return sound;
}

/** By windowed sinc (Blackman, 24 zero crossings a side), cut into phases. */
export function toCorpusRate(sound: Sound, fromHz: number): Sound {
  if (fromHz === rateHz) return sound;
  const common = greatestCommonDivisor(fromHz, rateHz);
  const [up, down] = [rateHz / common, fromHz / common];
  const phases = Array.from({ length: up }, (_, phase) => sincPhase(((phase * down) % up) / up, Math.min(1, up / down)));
  const output = new Float32Array(Math.floor((sound.length * up) / down));
  for (let i = 0; i < output.length; i++) {
    const { first, weights } = phases[i % up] as Phase;
    const from = Math.floor((i * down) / up) + first;
    let sum = 0;
    for (let k = Math.max(0, -from); k < weights.length && from + k < sound.length; k++) sum += (sound[from + k] ?? 0) * (weights[k] ?? 0);
    output[i] = sum;
  }
  return output;
}

interface Phase {
  /** Input samples from the newest one before the output to the first that counts: negative. */
  readonly first: number;
  readonly weights: Float64Array;
}

function sincPhase(part: number, ratio: number): Phase {
  const cutoff = 0.95 * ratio;
  const reach = 24 / cutoff;
  const first = Math.ceil(part - reach);
  const weights = Float64Array.from({ length: Math.floor(part + reach) - first + 1 }, (_, k) => {
    const x = first + k - part;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
    return cutoff * sinc * (0.42 + 0.5 * Math.cos((Math.PI * x) / reach) + 0.08 * Math.cos((2 * Math.PI * x) / reach));
  });
  return { first, weights };
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
