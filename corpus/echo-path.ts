import { Biquad, filtered } from './filters.js';
import type { Random } from './random.js';
import { gainOf, levelDbfs, type Sound, samplesIn } from './sound.js';

/** How the far end of a call comes back to it. */
export interface EchoPath {
  readonly response: Sound;
  /** How much weaker. */
  readonly returnLossDb: number;
  /** What the loudspeaker can, of full scale; louder is distorted. */
  readonly clipsAt: number;
  /** How late from each 20 ms on, beyond the response. */
  readonly delayMs: (ms: number) => number;
}

/** A hybrid, or a telephone on a table; the delay of some moves, as when a jitter buffer adapts. */
export function anyEchoPath(random: Random): EchoPath {
  const room = random.happens(0.25);
  return {
    response: anyResponse(random, room ? [20, 50] : [5, 16], room ? [3, 12] : [0.4, 3]),
    returnLossDb: random.happens(0.6) ? random.between(3, 12) : random.between(12, 32),
    clipsAt: room && random.happens(0.5) ? gainOf(random.between(-18, -6)) : 1,
    delayMs: anyDelay(random),
  };
}

/** A rise, then noise that dies away, with resonances and dips. */
function anyResponse(random: Random, lengthsMs: readonly [number, number], decaysMs: readonly [number, number]): Sound {
  const taps = samplesIn(random.between(...lengthsMs));
  const decay = samplesIn(random.betweenByRatio(...decaysMs));
  const peak = Math.floor(random.between(0.02, 0.35) * taps);
  const raw = Float32Array.from({ length: taps }, (_, i) => random.normal() * Math.exp(-Math.abs(i - peak) / (i < peak ? decay / 4 : decay)));
  // Some have a strongest part, some are spread.
  raw[peak] = random.happens(0.7) ? random.between(-4, 4) : random.normal();
  const shaped = filtered(
    raw,
    Biquad.peak(random.betweenByRatio(250, 3000), random.between(0.5, 2), random.between(-10, 10)),
    Biquad.peak(random.betweenByRatio(250, 3000), random.between(0.5, 2), random.between(-10, 10)),
    Biquad.peak(random.betweenByRatio(1500, 3400), random.between(0.5, 1.5), random.between(-12, 12)),
    Biquad.highPass(random.between(100, 350)),
    Biquad.lowPass(random.between(2400, 3700)),
  );
  return shaped;
}

function anyDelay(random: Random): (ms: number) => number {
  const base = random.happens(0.2) ? random.between(0, 60) : random.between(40, 900);
  if (random.happens(0.3)) return () => base;
  const jitter = random.betweenByRatio(4, 60);
  const [soonest, latest] = random.happens(0.7) ? [500, 3000] : [3000, 10_000];
  let [now, until] = [base, random.between(soonest, latest)];
  return (ms) => {
    if (ms >= until) {
      until = ms + random.between(soonest, latest);
      now = Math.max(0, base + random.between(-jitter, jitter));
    }
    return now;
  };
}

const frameMs = 20;

/** What comes back of `farEnd`. */
export function echoOf(farEnd: Sound, path: EchoPath): Sound {
  const { response } = path;
  const returned = new Float32Array(farEnd.length);
  for (let i = 0; i < farEnd.length; i++) {
    const sample = Math.max(-path.clipsAt, Math.min(path.clipsAt, farEnd[i] ?? 0));
    if (sample === 0) continue;
    const count = Math.min(response.length, farEnd.length - i);
    for (let k = 0; k < count; k++) returned[i + k] = (returned[i + k] ?? 0) + sample * (response[k] ?? 0);
  }
  const gain = gainOf(levelDbfs(farEnd) - levelDbfs(returned) - path.returnLossDb);
  const frame = samplesIn(frameMs);
  const echo = new Float32Array(farEnd.length);
  for (let at = 0; at < echo.length; at += frame) {
    const late = samplesIn(path.delayMs((at / frame) * frameMs));
    for (let i = Math.max(at, late); i < Math.min(at + frame, echo.length); i++) echo[i] = gain * (returned[i - late] ?? 0);
  }
  return echo;
}
