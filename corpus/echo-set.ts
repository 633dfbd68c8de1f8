import { composeSide, type Sources } from './call.js';
import { anyTones, breath, handling, lineClicks, music, noiseBurst, synthesisedMusic } from './disturbance.js';
import { anyEchoPath, echoOf } from './echo-path.js';
import { Biquad, filtered } from './filters.js';
import { coded, overTheLine } from './line.js';
import { babble, coloured, crackle, machine, pink, white, wind } from './noise.js';
import { Random } from './random.js';
import { addTo } from './sound.js';
import { spokenAt, type Utterance } from './utterances.js';

const backgrounds = [white, white, white, white, pink, pink, coloured, coloured, machine, machine, wind, crackle, babble];
const disturbances = [anyTones, synthesisedMusic, music, breath, handling, lineClicks, noiseBurst];

/** Both ends of a call whose caller's line returns what the agent says. */
export interface EchoCall {
  /** What the agent's side hands to the line, int16 at 8 kHz, whole blocks. */
  readonly farEnd: Int16Array;
  /** What the line sends meanwhile. */
  readonly nearEnd: Int16Array;
  /** Of the caller's speech, one of `truth` a block. */
  readonly blocks: Uint8Array;
}

export interface EchoSetPlan {
  readonly count: number;
  readonly seed: number;
  readonly callMs: number;
}

/** Calls to learn from what is the caller and what the agent's echo. */
export function* echoCalls(sources: Sources, speakers: readonly (readonly Utterance[])[], { count, seed, callMs }: EchoSetPlan): Generator<EchoCall> {
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    const agent = random.pick(speakers);
    const caller = random.pick(speakers);
    const companding = random.pick(['mu-law', 'A-law', 'none'] as const);
    const speechDbfs = random.between(-34, -12);
    const far = composeSide(
      {
        durationMs: callMs,
        said: saidBy(agent, 8, random.between(0.85, 1.18), random),
        speechDbfs: random.between(-28, -14),
        background: undefined,
        backgroundFrom: 0,
        gated: false,
        disturbances: [music],
        disturbed: 0.02,
      },
      sources,
      random.fork(),
    );
    const near = composeSide(
      {
        durationMs: callMs,
        said: random.happens(0.4) ? [] : inColour(saidBy(caller, 6, random.between(0.74, 1.25), random), random.fork()),
        speechDbfs,
        background: { noise: random.pick(backgrounds), snrDb: random.happens(0.6) ? random.between(2, 28) : random.between(30, 50) },
        backgroundFrom: 0,
        gated: false,
        disturbances,
        disturbed: 0.15,
      },
      sources,
      random.fork(),
    );
    const heard = near.sound;
    const farEnd = coded(far.sound, 'none');
    if (!random.happens(0.25)) addTo(heard, echoOf(asSound(coded(far.sound, companding)), anyEchoPath(random.fork())), 0);
    yield { farEnd, nearEnd: overTheLine(heard, companding, random.fork()), blocks: near.blocks };
  }
}

const asSound = (samples: Int16Array): Float32Array => Float32Array.from(samples, (sample) => sample / 32768);

const saidBy = (all: readonly Utterance[], count: number, speed: number, random: Random): Utterance[] =>
  Array.from({ length: count }, () => spokenAt(random.pick(all), speed));

/** The same voice through another telephone: duller, brighter, or as it was. */
function inColour(said: readonly Utterance[], random: Random): Utterance[] {
  const sections = Array.from({ length: random.pick([0, 1, 2]) }, () =>
    Biquad.peak(random.betweenByRatio(250, 3200), random.between(0.3, 1), random.between(-9, 9)),
  );
  return said.map((utterance) => ({ ...utterance, sound: filtered(utterance.sound, ...sections) }));
}
