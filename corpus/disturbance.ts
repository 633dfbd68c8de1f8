import { Biquad, filtered } from './filters.js';
import { coloured, crackle, harmonics, machine, pink, ringing, swaying, white, wind } from './noise.js';
import type { Random } from './random.js';
import { addTo, atLevel, atSpeed, gainOf, looped, rateHz, type Sound, samplesIn, scaled } from './sound.js';

/** What is heard on a line between the words and is no speech, near -20 dBFS. Of up to `mostMs`. */
export type Disturbance = (mostMs: number, random: Random, sources: { readonly music: readonly Sound[] }) => Sound;

const none = { utterances: [], recorded: [] };

const sine = (hz: number, ms: number, dbfs: number): Sound =>
  Float32Array.from({ length: samplesIn(ms) }, (_, i) => Math.SQRT2 * gainOf(dbfs) * Math.sin((2 * Math.PI * hz * i) / rateHz));

function together(...sounds: readonly Sound[]): Sound {
  const sum = new Float32Array(Math.max(...sounds.map((sound) => sound.length)));
  for (const sound of sounds) addTo(sum, sound, 0);
  return sum;
}

/** On and off in a rhythm, given in milliseconds, until `ms` are full. */
function inCadence(hz: readonly number[], cadence: readonly number[], ms: number): Sound {
  const sound = new Float32Array(samplesIn(ms));
  let at = 0;
  for (let part = 0; at < sound.length; part++) {
    const length = cadence[part % cadence.length] ?? ms;
    if (part % 2 === 0) addTo(sound, together(...hz.map((tone) => sine(tone, length, -23))), at);
    at += samplesIn(length);
  }
  return sound;
}

/** Digits as a telephone sends them, 80 to 200 ms each. */
export const dtmf: Disturbance = (mostMs, random) => {
  const sound = new Float32Array(samplesIn(mostMs));
  for (let at = 0; at < sound.length; ) {
    const ms = random.between(80, 200);
    addTo(sound, together(sine(random.pick([697, 770, 852, 941]), ms, -23), sine(random.pick([1209, 1336, 1477, 1633]), ms, -21)), at);
    at += samplesIn(ms + random.between(60, 250));
  }
  return sound;
};

/** Ring-back, busy and reorder of North America, Britain and the continent. */
export const callProgress: Disturbance = (mostMs, random) => {
  const [hz, cadence] = random.pick<readonly [readonly number[], readonly number[]]>([
    [
      [440, 480],
      [2000, 4000],
    ],
    [
      [400, 450],
      [400, 200, 400, 2000],
    ],
    [[425], [1000, 4000]],
    [
      [480, 620],
      [500, 500],
    ],
    [
      [480, 620],
      [250, 250],
    ],
    [[425], [240, 240]],
    [
      [350, 440],
      [mostMs, 0],
    ],
  ]);
  return inCadence(hz, cadence, mostMs);
};

/** The three rising tones before "the number you have dialled". */
export const specialInformation: Disturbance = () => {
  const sound = new Float32Array(samplesIn(1000));
  [950, 1400, 1800].forEach((hz, i) => addTo(sound, sine(hz, 330, -20), samplesIn(333 * i)));
  return sound;
};

/** A fax calls (1100 Hz), answers (2100 Hz) or sends: V.21, 300 bits a second. */
export const fax: Disturbance = (mostMs, random) => {
  const kind = random.pick(['calls', 'answers', 'sends']);
  if (kind === 'calls') return inCadence([1100], [500, 3000], mostMs);
  return kind === 'answers' ? sine(2100, mostMs, -20) : shiftKeyed(1850, 1650, 300, mostMs, random);
};

/** Two tones that take turns by chance. */
function shiftKeyed(highHz: number, lowHz: number, baud: number, ms: number, random: Random): Sound {
  let [phase, hz] = [0, highHz];
  const symbol = rateHz / baud;
  return Float32Array.from({ length: samplesIn(ms) }, (_, i) => {
    if (Math.floor(i / symbol) !== Math.floor((i - 1) / symbol)) hz = random.pick([highHz, lowHz]);
    phase += (2 * Math.PI * hz) / rateHz;
    return 0.14 * Math.sin(phase);
  });
}

/** A piece of music, faded in. */
export const music: Disturbance = (mostMs, random, sources) => {
  const from = random.pick(sources.music);
  const sound = looped(from, Math.floor(random.between(0, from.length - samplesIn(mostMs))), samplesIn(mostMs));
  for (let i = 0; i < samplesIn(30); i++) sound[i] = ((sound[i] ?? 0) * i) / samplesIn(30);
  return sound;
};

/** The same, faster or slower, brighter or darker. */
export const alteredMusic: Disturbance = (mostMs, random, sources) => {
  const speed = random.between(0.7, 1.4);
  const piece = atSpeed(music(mostMs * speed, random, sources), speed);
  return filtered(piece, Biquad.peak(random.betweenByRatio(200, 3000), 0.7, random.between(-12, 12)));
};

/** In through the nose, out through the mouth. */
export const breath: Disturbance = (_, random) => {
  const ms = random.between(250, 900);
  const shaped = filtered(
    white(samplesIn(ms), random, none),
    Biquad.bandPass(random.between(500, 1800), 0.6),
    Biquad.lowPass(random.between(1800, 3500)),
  );
  const peak = random.between(0.3, 0.7);
  return atLevel(
    shaped.map((sample, i) => sample * Math.sin(Math.PI * (i / shaped.length) ** (Math.log(0.5) / Math.log(peak))) ** 2),
    -26,
  );
};

/** Somebody types while listening. */
export const keyClicks: Disturbance = (mostMs, random) => {
  const sound = new Float32Array(samplesIn(mostMs));
  for (let at = 0; at < sound.length; at += samplesIn(random.between(70, 350))) {
    const press = filtered(white(samplesIn(12), random, none), Biquad.highPass(800)).map((x, i) => x * Math.exp(-i / samplesIn(2)));
    addTo(sound, press, at, gainOf(random.between(-26, -14)));
    addTo(sound, press, at + samplesIn(random.between(40, 90)), gainOf(random.between(-34, -22)));
  }
  return sound;
};

/** The handset is put down, picked up, rubbed. */
export const handling: Disturbance = (mostMs, random) => {
  const sound = atLevel(swaying(filtered(pink(samplesIn(mostMs), random, none), Biquad.lowPass(1200)), 10, 6, random), -40);
  for (let at = 0; at < sound.length; at += samplesIn(random.between(200, 1200))) {
    addTo(sound, ringing(random.between(90, 600), random.between(8, 40), random), at, gainOf(random.between(-24, -6)));
  }
  return sound;
};

/** A noise that is suddenly there and stays. */
export const suddenNoise: Disturbance = (mostMs, random) => atLevel(random.pick([white, pink])(samplesIn(mostMs), random, none), -24);

/** The line itself: a click, or some in a row. */
export const lineClicks: Disturbance = (mostMs, random) => {
  const sound = new Float32Array(samplesIn(mostMs));
  for (let at = 0; at < sound.length; at += samplesIn(random.between(30, 900))) {
    const length = Math.floor(random.between(1, 12));
    for (let i = 0; i < length; i++) if (at + i < sound.length) sound[at + i] = random.between(-0.8, 0.8);
  }
  return sound;
};

/** Tones of any pitch, number and rhythm, gliding or not. */
export const anyTones: Disturbance = (mostMs, random) => {
  const sound = new Float32Array(samplesIn(mostMs));
  const glide = random.happens(0.2) ? random.between(-0.4, 0.4) : 0;
  const cadence = [random.betweenByRatio(30, 2500), random.betweenByRatio(20, 1500)] as const;
  const steady = random.happens(0.5);
  let hz = [random.betweenByRatio(150, 3400), random.betweenByRatio(300, 3400)].slice(0, random.pick([1, 2]));
  for (let at = 0; at < sound.length; at += samplesIn(cadence[0] + cadence[1])) {
    for (const tone of hz) {
      const length = samplesIn(cadence[0]);
      for (let i = 0; i < length && at + i < sound.length; i++) {
        sound[at + i] = (sound[at + i] ?? 0) + 0.1 * Math.sin((2 * Math.PI * tone * i * (1 + (glide * i) / length / 2)) / rateHz);
      }
    }
    if (!steady) hz = hz.map(() => random.betweenByRatio(200, 3400));
  }
  return sound;
};

/** Data in the voice band: two or four tones, 50 to 1200 changes a second. */
export const modem: Disturbance = (mostMs, random) => {
  const low = random.between(400, 2000);
  return shiftKeyed(low + random.between(80, 1200), low, random.betweenByRatio(50, 1200), mostMs, random);
};

/** Chords, a bass and a beat, of instruments that nobody ever built. */
export const synthesisedMusic: Disturbance = (mostMs, random) => {
  const sound = new Float32Array(samplesIn(mostMs));
  const beatMs = random.between(180, 700);
  const [root, drums, decayMs] = [random.betweenByRatio(80, 350), random.next(), random.betweenByRatio(100, 3000)];
  const voices = Math.floor(random.between(1, 5));
  const brightness = Math.floor(random.between(1, 14));
  for (let at = 0; at < sound.length; at += samplesIn(beatMs)) {
    for (let voice = 0; voice < voices; voice++) {
      if (random.happens(0.3)) continue;
      const hz = root * 2 ** (random.pick([0, 2, 4, 5, 7, 9, 12, 16, 19]) / 12);
      const note = harmonics(samplesIn(Math.min(beatMs * random.pick([1, 1, 2, 4]), 3000)), hz, brightness, random.pick([0, 0, 0.004]), random);
      const attack = samplesIn(random.betweenByRatio(2, 60));
      addTo(
        sound,
        note.map((x, i) => x * Math.min(1, i / attack, (note.length - i) / 80) * Math.exp(-i / samplesIn(decayMs))),
        at,
        0.05,
      );
    }
    if (random.happens(drums))
      addTo(sound, ringing(random.pick([70, 180, 2500, 3500]), random.between(5, 60), random), at, gainOf(random.between(-26, -12)));
  }
  return atLevel(sound, -22);
};

/** A burst of any noise: a cough without a voice, a rustle, a door, a passing car. */
export const noiseBurst: Disturbance = (mostMs, random) => {
  const noise = random.pick([coloured, coloured, machine, wind, crackle])(samplesIn(random.betweenByRatio(60, mostMs)), random, none);
  const rise = samplesIn(random.betweenByRatio(1, 300));
  const fall = samplesIn(random.betweenByRatio(5, 500));
  return atLevel(
    scaled(
      noise.map((x, i) => x * Math.min(1, i / rise, (noise.length - i) / fall)),
      1,
    ),
    -24,
  );
};

/** A line that is suddenly open: what noise there is behind it, most often faint. */
export const openLine: Disturbance = (mostMs, random) =>
  atLevel(random.pick([white, pink, coloured, machine])(samplesIn(mostMs), random, none), random.between(-60, -24));
