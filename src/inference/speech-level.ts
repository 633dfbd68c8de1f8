const blockMs = 20;
/** Telephony's usual active speech level, with room for peaks. */
const targetDbfs = -20;
const largestPeak = 0.98;
/** Blocks this far below the loudest one are pauses. */
const pauseDb = -25;
/** Sound this far below the loudest block is silence: the softest fricative is louder. */
const silenceDb = -42;
const leadMs = 10;
const fadeMs = 5;

/** The factor that brings a voice's speech to -20 dBFS: the RMS of its blocks, pauses left out. */
export function gainFor(samples: Float32Array, rateHz: number): number {
  const powers = blockPowers(samples, rateHz);
  const floor = Math.max(0, ...powers) * 10 ** (pauseDb / 10);
  const active = powers.filter((power) => power > floor);
  if (active.length === 0) return 1;
  const meanPower = active.reduce((sum, power) => sum + power, 0) / active.length;
  return 10 ** (targetDbfs / 20) / Math.sqrt(meanPower);
}

/** The speech without the silence around it, faded at both ends, and followed by `pauseMs` of silence. */
export function trimmed(samples: Float32Array, rateHz: number, pauseMs: number): Float32Array {
  const perMs = rateHz / 1000;
  const powers = blockPowers(samples, rateHz);
  const floor = Math.max(0, ...powers) * 10 ** (silenceDb / 10);
  const first = powers.findIndex((power) => power > floor);
  if (first < 0) return new Float32Array(0);
  const from = Math.max(0, (first * blockMs - leadMs) * perMs);
  const to = Math.min(samples.length, ((powers.findLastIndex((power) => power > floor) + 1) * blockMs + leadMs) * perMs);
  const speech = new Float32Array(to - from + Math.round(pauseMs * perMs));
  speech.set(samples.subarray(from, to));
  const fadeSamples = fadeMs * perMs;
  for (let i = 0; i < fadeSamples; i += 1) {
    speech[i] = (speech[i] as number) * (i / fadeSamples);
    speech[to - from - 1 - i] = (speech[to - from - 1 - i] as number) * (i / fadeSamples);
  }
  return speech;
}

/** int16, little endian; the gain gives way where it would clip. */
export function toPcm(samples: Float32Array, gain: number): Uint8Array<ArrayBuffer> {
  const peak = samples.reduce((largest, sample) => Math.max(largest, Math.abs(sample)), 0);
  const factor = Math.min(gain, largestPeak / Math.max(peak, Number.MIN_VALUE));
  const pcm = new Uint8Array(samples.length * 2);
  const view = new DataView(pcm.buffer);
  samples.forEach((sample, i) => view.setInt16(2 * i, Math.round(sample * factor * 32767), true));
  return pcm;
}

function blockPowers(samples: Float32Array, rateHz: number): number[] {
  const blockSamples = (rateHz * blockMs) / 1000;
  const powers: number[] = [];
  for (let at = 0; at < samples.length; at += blockSamples) {
    const block = samples.subarray(at, at + blockSamples);
    powers.push(block.reduce((sum, sample) => sum + sample * sample, 0) / blockSamples);
  }
  return powers;
}
