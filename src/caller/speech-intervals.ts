import { frameMs } from '../base/audio-format.js';

export interface SpeechInterval {
  readonly startMs: number;
  endMs: number;
}

/** A frame of this level or more is heard as speech. */
export const speechDbfs = -45;
const pauseMs = 400;

/** Finds by level when somebody speaks on a clean line. Pauses shorter than 400 ms belong to the speech. */
export class SpeechIntervals {
  readonly intervals: SpeechInterval[] = [];

  /** Takes a 20 ms frame that begins at `atMs`. */
  take(pcm: Uint8Array, atMs: number): void {
    if (levelDbfs(pcm) < speechDbfs) return;
    const last = this.intervals.at(-1);
    if (last && atMs - last.endMs < pauseMs) last.endMs = atMs + frameMs;
    else this.intervals.push({ startMs: atMs, endMs: atMs + frameMs });
  }

  /** How long it has been silent at `nowMs`; undefined before the first speech. */
  silentForMs(nowMs: number): number | undefined {
    const last = this.intervals.at(-1);
    return last && Math.max(0, nowMs - last.endMs);
  }
}

/** Level of int16 samples in dB below full scale, -100 for silence. */
export function levelDbfs(pcm: Uint8Array): number {
  const samples = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  let sum = 0;
  for (let at = 0; at + 1 < samples.length; at += 2) sum += samples.readInt16LE(at) ** 2;
  const count = Math.max(1, samples.length >> 1);
  return Math.max(-100, 10 * Math.log10(sum / count / 32768 ** 2 + 1e-12));
}
