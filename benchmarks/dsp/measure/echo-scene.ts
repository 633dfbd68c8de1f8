import { g711 } from '#talkpath/dsp.js';
import { levelDbfs } from './level.js';
import { randomNumbers } from './signal.js';

/** A call over a line that sends the agent's voice back: 8 kHz, µ-law on both ways. */
export interface EchoScene {
  readonly rateHz: number;
  /** What the agent says. */
  readonly farEnd: Int16Array;
  /** What the caller says, as the line delivers it when nobody else speaks. */
  readonly nearEndAlone: Int16Array;
  /** What the line delivers: echo and caller. */
  readonly line: Int16Array;
  /** The same without the caller. */
  readonly echoAlone: Int16Array;
  /** In seconds: the agent alone, both, the caller alone. */
  readonly single: readonly [number, number];
  readonly double: readonly [number, number];
  readonly near: readonly [number, number];
}

export interface EchoPath {
  readonly delayMs: number;
  /** How much weaker the echo is than what caused it. */
  readonly returnLossDb: number;
  readonly seed: number;
}

const rateHz = 8000;
const hybridSamples = 64;
const hybridDecaySamples = 10;
const singleSeconds = 14;
const doubleSeconds = 7;
const nearSeconds = 5;
const speechDbfs = -22;

/** A hybrid's response: 8 ms that die away, with the return loss asked for. */
function hybrid({ returnLossDb, seed }: EchoPath): Float64Array {
  const random = randomNumbers(seed);
  const response = Float64Array.from({ length: hybridSamples }, (_, i) => (2 * random() - 1) * Math.exp(-i / hybridDecaySamples));
  const energy = response.reduce((sum, tap) => sum + tap * tap, 0);
  const gain = 10 ** (-returnLossDb / 20) / Math.sqrt(energy);
  return response.map((tap) => tap * gain);
}

const overTheLine = (samples: Int16Array): Int16Array => g711.decodeMulaw(g711.encodeMulaw(samples));

/** `agent` and `caller` are speech at 8 kHz; they are repeated where they are too short. */
export function echoScene(agent: Int16Array, caller: Int16Array, path: EchoPath): EchoScene {
  const count = (singleSeconds + doubleSeconds + nearSeconds) * rateHz;
  const talkEnd = (singleSeconds + doubleSeconds) * rateHz;
  const callerStart = singleSeconds * rateHz;
  const loudAgent = atSpeechLevel(agent);
  const loudCaller = atSpeechLevel(caller);
  const farEnd = Int16Array.from({ length: count }, (_, i) => (i < talkEnd ? (loudAgent[i % loudAgent.length] as number) : 0));
  const nearEnd = Int16Array.from({ length: count }, (_, i) => (i < callerStart ? 0 : (loudCaller[(i - callerStart) % loudCaller.length] as number)));
  const echo = echoOf(overTheLine(farEnd), path);
  const line = nearEnd.map((sample, i) => Math.max(-32768, Math.min(32767, sample + Math.round(echo[i] as number))));
  // The echo of the agent's last words is over before the caller is alone.
  const tail = path.delayMs / 1000 + 0.1;
  return {
    rateHz,
    farEnd,
    nearEndAlone: overTheLine(nearEnd),
    line: overTheLine(line),
    echoAlone: overTheLine(Int16Array.from(echo, (sample) => Math.round(sample))),
    single: [0, singleSeconds],
    double: [singleSeconds, singleSeconds + doubleSeconds],
    near: [singleSeconds + doubleSeconds + tail, count / rateHz],
  };
}

function echoOf(samples: Int16Array, path: EchoPath): Float64Array {
  const response = hybrid(path);
  const delay = Math.round((path.delayMs * rateHz) / 1000);
  const echo = new Float64Array(samples.length);
  for (let i = delay; i < samples.length; i++) {
    let sum = 0;
    for (let tap = 0; tap < hybridSamples && i - delay - tap >= 0; tap++) sum += (response[tap] as number) * (samples[i - delay - tap] as number);
    echo[i] = sum;
  }
  return echo;
}

/** Brought to -22 dBFS where somebody speaks. */
function atSpeechLevel(samples: Int16Array): Int16Array {
  const block = rateHz / 50;
  const spoken: number[] = [];
  for (let at = 0; at + block <= samples.length; at += block) {
    const part = samples.subarray(at, at + block);
    if (levelDbfs(part) > -45) spoken.push(...part);
  }
  const gain = 10 ** ((speechDbfs - levelDbfs(spoken)) / 20);
  return samples.map((sample) => Math.max(-32768, Math.min(32767, Math.round(sample * gain))));
}
