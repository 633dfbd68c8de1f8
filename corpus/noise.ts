import { Biquad, filtered } from './filters.js';
import type { Random } from './random.js';
import { addTo, atLevel, gainOf, looped, rateHz, type Sound, samplesIn, scaled } from './sound.js';
import type { Utterance } from './utterances.js';

/** What a background is made from, beside chance. */
export interface NoiseSources {
  readonly utterances: readonly Utterance[];
  /** Recorded noise, to be played in a circle. */
  readonly recorded: readonly Sound[];
}

/** Makes `count` samples of a background; its level is set later. */
export type Noise = (count: number, random: Random, sources: NoiseSources) => Sound;

export const white: Noise = (count, random) => Float32Array.from({ length: count }, () => random.normal());

/** -3 dB an octave. After: Paul Kellet's filter. */
export const pink: Noise = (count, random) => {
  let [b0, b1, b2] = [0, 0, 0];
  return white(count, random, none).map((x) => {
    b0 = 0.99765 * b0 + x * 0.099046;
    b1 = 0.963 * b1 + x * 0.2965164;
    b2 = 0.57 * b2 + x * 1.0526913;
    return b0 + b1 + b2 + x * 0.1848;
  });
};

/** -6 dB an octave above 20 Hz. */
export const brown: Noise = (count, random) => {
  let y = 0;
  return white(count, random, none).map((x) => {
    y = 0.985 * y + x;
    return y;
  });
};

/** Six to ten people at once, none of whom is the caller. */
export const babble: Noise = (count, random, { utterances }) => talkers(count, Math.floor(random.between(6, 10)), random, utterances);

/** A motor of some 2000 turns a minute, its firing and the road. */
export const car: Noise = (count, random) => {
  const road = atLevel(filtered(brown(count, random, none), Biquad.lowPass(random.between(400, 800))), -20);
  const tyres = atLevel(filtered(white(count, random, none), Biquad.bandPass(900, 0.5)), -32);
  const firing = harmonics(count, random.between(55, 80), 8, 0.01, random);
  addTo(road, tyres, 0);
  addTo(road, atLevel(firing, -24), 0);
  return road;
};

/** The mains and its odd harmonics, on a little hiss. */
export const hum: Noise = (count, random) => {
  const mains = random.pick([50, 60]);
  const sound = atLevel(white(count, random, none), -38);
  for (const [harmonic, db] of [
    [1, -26],
    [2, -30],
    [3, -22],
    [5, -26],
    [7, -32],
    [9, -34],
  ] as const) {
    const phase = random.between(0, 6.28);
    for (let i = 0; i < count; i++)
      sound[i] = (sound[i] ?? 0) + Math.SQRT2 * gainOf(db) * Math.sin(phase + (2 * Math.PI * mains * harmonic * i) / rateHz);
  }
  return sound;
};

/** A room of people, cups and cutlery. */
export const cafeteria: Noise = (count, random, { utterances }) => {
  const sound = atLevel(talkers(count, 9, random, utterances), -22);
  addTo(sound, atLevel(filtered(pink(count, random, none), Biquad.lowPass(1500)), -30), 0);
  for (let at = 0; at < count; at += samplesIn(random.between(150, 1400))) {
    const clink = ringing(random.between(1800, 3600), random.between(15, 90), random);
    addTo(sound, clink, at, gainOf(random.between(-30, -12)));
  }
  return sound;
};

/** A piece of a real recording, over and over. */
export const recorded: Noise = (count, random, sources) => {
  const from = random.pick(sources.recorded);
  return looped(from, Math.floor(random.between(0, from.length)), count);
};

/** Noise of any slope, with up to two resonances and a level that sways: what a training set needs many of. */
export const coloured: Noise = (count, random) => {
  const base = random.pick([white, pink, brown])(count, random, none);
  const sections = Array.from({ length: Math.floor(random.between(0, 3)) }, () =>
    Biquad.peak(random.betweenByRatio(100, 3500), random.between(0.5, 6), random.between(-15, 20)),
  );
  return swaying(filtered(base, ...sections), random.between(0, 6), random.betweenByRatio(0.2, 4), random);
};

/** A machine: harmonics of a pitch that wanders, or not, on some noise. */
export const machine: Noise = (count, random) => {
  const tones = harmonics(count, random.betweenByRatio(25, 300), Math.floor(random.between(2, 25)), random.between(0, 0.05), random);
  const sound = atLevel(coloured(count, random, none), random.between(-40, -24));
  addTo(sound, atLevel(swaying(tones, random.between(0, 3), random.betweenByRatio(1, 25), random), -26), 0);
  return sound;
};

/** Gusts of wind on a microphone. */
export const wind: Noise = (count, random) =>
  swaying(
    filtered(brown(count, random, none), Biquad.lowPass(random.between(150, 900))),
    random.between(8, 18),
    random.betweenByRatio(0.3, 2),
    random,
  );

/** Drops, crackle, keys: short knocks at any rate. */
export const crackle: Noise = (count, random) => {
  const sound = atLevel(coloured(count, random, none), -45);
  const [mostHz, mostMs] = [random.betweenByRatio(2, 80), random.betweenByRatio(1, 25)];
  for (let at = 0; at < count; at += samplesIn((2000 * random.next()) / mostHz)) {
    addTo(sound, ringing(random.betweenByRatio(200, 3500), random.between(1, mostMs), random), at, gainOf(random.between(-30, -10)));
  }
  return sound;
};

const none: NoiseSources = { utterances: [], recorded: [] };

function talkers(count: number, people: number, random: Random, utterances: readonly Utterance[]): Sound {
  const sound = new Float32Array(count);
  for (let person = 0; person < people; person++) {
    const gain = gainOf(random.between(-4, 4));
    for (let at = -samplesIn(random.between(0, 2000)); at < count; ) {
      const utterance = random.pick(utterances);
      const said = scaled(utterance.sound, gain * gainOf(-24 - utterance.activeDbfs));
      if (at >= 0) addTo(sound, said, at);
      else addTo(sound, said.subarray(-at), 0);
      at += said.length + samplesIn(random.between(0, 500));
    }
  }
  return sound;
}

/** A tone with harmonics of random strength; its pitch wanders by `wander` of itself. */
export function harmonics(count: number, hz: number, most: number, wander: number, random: Random): Sound {
  const sound = new Float32Array(count);
  const used = Math.min(most, Math.floor((0.45 * rateHz) / hz));
  const parts = Array.from({ length: used }, () => gainOf(random.between(-24, 0)));
  const drift = smoothed(count, random.betweenByRatio(0.3, 4), random);
  let phase = 0;
  for (let i = 0; i < count; i++) {
    phase += (2 * Math.PI * hz * (1 + wander * (drift[i] ?? 0))) / rateHz;
    let sum = 0;
    for (let k = 0; k < used; k++) sum += (parts[k] ?? 0) * Math.sin((k + 1) * phase + k * k);
    sound[i] = sum;
  }
  return sound;
}

/** Up and down by `db` (standard deviation), some `hz` times a second. */
export function swaying(sound: Sound, db: number, hz: number, random: Random): Sound {
  const sway = smoothed(sound.length, hz, random);
  return sound.map((sample, i) => sample * gainOf(db * (sway[i] ?? 0)));
}

/** A curve through random points, `hz` of them a second. */
function smoothed(count: number, hz: number, random: Random): Float32Array {
  const step = rateHz / hz;
  const points = Float32Array.from({ length: Math.ceil(count / step) + 2 }, () => random.normal());
  return Float32Array.from({ length: count }, (_, i) => {
    const at = Math.floor(i / step);
    const part = 0.5 - 0.5 * Math.cos(Math.PI * (i / step - at));
    return (points[at] ?? 0) * (1 - part) + (points[at + 1] ?? 0) * part;
  });
}

/** Something struck: noise and a resonance that die away. */
export function ringing(hz: number, ms: number, random: Random): Sound {
  const phase = random.between(0, 6.28);
  return Float32Array.from({ length: samplesIn(5 * ms) }, (_, i) => {
    const decay = Math.exp(-i / samplesIn(ms));
    return decay * (Math.sin(phase + (2 * Math.PI * hz * i) / rateHz) + 0.7 * random.normal() * decay);
  });
}
