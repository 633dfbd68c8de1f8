import { type ComposedCall, composeCall, type Sources } from './call.js';
import { alteredMusic, anyTones, breath, handling, lineClicks, modem, music, noiseBurst, openLine, synthesisedMusic } from './disturbance.js';
import { babble, coloured, crackle, machine, pink, white, wind } from './noise.js';
import { Random } from './random.js';
import { blockSamples, looped } from './sound.js';
import { spokenAt, truth, type Utterance } from './utterances.js';

const backgrounds = [white, pink, coloured, coloured, coloured, machine, machine, wind, crackle, babble, babble, babble];
const disturbances = [
  ...[anyTones, anyTones, modem, synthesisedMusic, music, music, music],
  ...[breath, handling, lineClicks, noiseBurst, noiseBurst, openLine, openLine, openLine],
];

/** Calls to learn from: other people, other languages, other music and mostly other noises than those of the test set. */
export function* trainingCalls(sources: Sources, speakers: readonly (readonly Utterance[])[], count: number, seed: number): Generator<ComposedCall> {
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    const speed = random.between(0.74, 1.28);
    const all = random.pick(speakers);
    const said = random.happens(0.12) ? [] : Array.from({ length: 6 }, () => overTheAir(spokenAt(random.pick(all), speed), random.fork()));
    yield composeCall(
      {
        durationMs: 20_000,
        said,
        speechDbfs: random.between(-42, -12),
        background: random.happens(0.15) ? undefined : { noise: random.pick(backgrounds), snrDb: random.between(0, 30) },
        backgroundFrom: random.happens(0.35) ? random.between(0, 0.8) : 0,
        gated: false,
        disturbances,
        disturbed: 0.7,
        companding: random.pick(['mu-law', 'A-law', 'none']),
      },
      sources,
      random.fork(),
    );
  }
}

/** Lines with music in every pause, most of them with nothing else: what is most easily taken for a voice. */
export function* musicalCalls(sources: Sources, speakers: readonly (readonly Utterance[])[], count: number, seed: number): Generator<ComposedCall> {
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    const all = random.pick(speakers);
    yield composeCall(
      {
        durationMs: 20_000,
        said: random.happens(0.7)
          ? []
          : Array.from({ length: 6 }, () => overTheAir(spokenAt(random.pick(all), random.between(0.74, 1.28)), random.fork())),
        speechDbfs: random.between(-35, -12),
        background: random.happens(0.7) ? undefined : { noise: random.pick(backgrounds), snrDb: random.between(10, 30) },
        backgroundFrom: 0,
        gated: false,
        disturbances: [alteredMusic, alteredMusic, alteredMusic, music, synthesisedMusic],
        disturbed: 1,
        companding: random.pick(['mu-law', 'A-law', 'none']),
      },
      sources,
      random.fork(),
    );
  }
}

/**
 * Some come in the middle of a word, break off in one, or with holes of up to 60 ms: a button is pressed late, a packet
 * is lost. Some come without a voice: a recording's own noise is heard shortly before its voice, and is to announce none.
 */
function overTheAir(utterance: Utterance, random: Random): Utterance {
  if (random.happens(0.2)) return withoutVoice(utterance, random);
  const count = utterance.blocks.length;
  const from = random.happens(0.1) ? Math.max(0, utterance.blocks.indexOf(truth.speech, Math.floor(random.between(0.1, 0.4) * count))) : 0;
  const to = random.happens(0.15) ? Math.floor(random.between(0.6, 0.95) * count) : count;
  const sound = utterance.sound.slice(from * blockSamples, to * blockSamples);
  const blocks = utterance.blocks.slice(from, to);
  const holey = random.happens(0.1);
  for (let at = 0; holey && at < blocks.length; at += Math.floor(random.between(10, 80))) {
    const end = at + Math.floor(random.between(1, 7));
    sound.fill(0, at * blockSamples, end * blockSamples);
    blocks.fill(truth.edge, at, end);
  }
  return { ...utterance, sound, blocks };
}

/** What is heard before the voice, again and again; nothing where that is so short that it would have a pitch. */
function withoutVoice(utterance: Utterance, random: Random): Utterance {
  const noise = utterance.sound.subarray(blockSamples, utterance.blocks.findIndex((block) => block !== truth.silence) * blockSamples);
  const blocks = new Uint8Array(Math.floor(random.between(20, 150)));
  return { ...utterance, sound: noise.length >= 4 * blockSamples ? looped(noise, 0, blocks.length * blockSamples) : new Float32Array(0), blocks };
}
