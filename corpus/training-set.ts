import { type ComposedCall, composeCall, type Sources } from './call.js';
import { alteredMusic, anyTones, breath, handling, lineClicks, modem, music, noiseBurst, synthesisedMusic } from './disturbance.js';
import { babble, coloured, crackle, machine, pink, white, wind } from './noise.js';
import { Random } from './random.js';
import { spokenAt, type Utterance } from './utterances.js';

const backgrounds = [white, pink, coloured, coloured, coloured, machine, machine, wind, crackle, babble, babble, babble];
const disturbances = [anyTones, anyTones, modem, synthesisedMusic, music, music, music, breath, handling, lineClicks, noiseBurst, noiseBurst];

/** Calls to learn from: other people, other languages, other music and mostly other noises than those of the test set. */
export function* trainingCalls(sources: Sources, speakers: readonly (readonly Utterance[])[], count: number, seed: number): Generator<ComposedCall> {
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    const speed = random.between(0.74, 1.28);
    const all = random.pick(speakers);
    const said = random.happens(0.12) ? [] : Array.from({ length: 6 }, () => spokenAt(random.pick(all), speed));
    yield composeCall(
      {
        durationMs: 20_000,
        said,
        speechDbfs: random.between(-42, -12),
        background: random.happens(0.15) ? undefined : { noise: random.pick(backgrounds), snrDb: random.between(0, 30) },
        backgroundFrom: random.happens(0.35) ? random.between(0, 0.8) : 0,
        gated: random.happens(0.1),
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
        said: random.happens(0.7) ? [] : Array.from({ length: 6 }, () => spokenAt(random.pick(all), random.between(0.74, 1.28))),
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
