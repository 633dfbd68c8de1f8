import { frameMs } from '../base/audio-format.js';
import { convertRate } from '../native/rate-converter.js';
import type { SyntheticCaller } from './synthetic-caller.js';
import type { WavAudio } from './wav.js';

/**
 * Both sides of a call as one stereo recording: the caller left, as it was sent; the agent right, each frame where it
 * arrived. A frame that comes within 20 ms of its place continues the one before; a real gap stays a gap.
 */
export function stereoRecording(caller: SyntheticCaller, callerRateHz: number): WavAudio {
  const rateHz = Math.max(callerRateHz, caller.heard[0]?.rateHz ?? callerRateHz);
  const near = convertRate(Buffer.concat(caller.said), callerRateHz, rateHz);
  const far = agentTrack(caller, rateHz);
  const frames = Math.max(near.byteLength, far.byteLength) / 2;
  const stereo = Buffer.alloc(frames * 4);
  const left = Buffer.from(near.buffer, near.byteOffset, near.byteLength);
  for (let i = 0; i < left.length / 2; i += 1) stereo.writeInt16LE(left.readInt16LE(i * 2), i * 4);
  for (let i = 0; i < far.length / 2; i += 1) stereo.writeInt16LE(far.readInt16LE(i * 2), i * 4 + 2);
  return { pcm: stereo, rateHz, channels: 2 };
}

/** The agent's frames on a time line of their own rate, converted as a whole. */
export function agentTrack(caller: SyntheticCaller, rateHz: number): Buffer {
  const [first] = caller.heard;
  if (!first) return Buffer.alloc(0);
  const sampleBytes = 2;
  const bytesPerMs = (first.rateHz / 1000) * sampleBytes;
  const lastMs = caller.heard.at(-1)?.atMs ?? 0;
  const track = Buffer.alloc(Math.ceil((lastMs + 2 * frameMs) * bytesPerMs) & ~1);
  let nextMs = first.atMs;
  for (const frame of caller.heard) {
    if (frame.atMs - nextMs > frameMs) nextMs = frame.atMs;
    track.set(frame.pcm.subarray(0, Math.max(0, track.length - at(nextMs))), at(nextMs));
    nextMs += frameMs;
  }
  return Buffer.from(convertRate(track, first.rateHz, rateHz));

  function at(ms: number): number {
    return Math.min(track.length, Math.round((ms * bytesPerMs) / sampleBytes) * sampleBytes);
  }
}
