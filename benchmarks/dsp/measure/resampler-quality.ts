import { amplitudeAt, db, distortionAndNoiseDb } from './level.js';
import {
  foldedHz,
  impulsePeak,
  lowerNyquistHz,
  passbandHz,
  passbandPeakDbfs,
  type RatePair,
  type Stretch,
  type TestSignal,
  tonePeakDbfs,
} from './resampler-signal.js';

/** What became of a signal that was streamed frame by frame. */
export interface Conversion {
  readonly output: Int16Array;
  /** Samples that came out for each 20 ms that went in. */
  readonly samplesPerFrame: readonly number[];
}

export interface ResamplerFigures {
  /** From a sample that goes in to the same in what comes out, the stream's own count: the centre of its energy. */
  readonly signalDelayMs: number;
  /** The same of the frequency between 300 and 3400 Hz that comes latest: a filter of linear phase has them all at once. */
  readonly latestMs: number;
  /** Audio that had gone in but for which nothing had come out, at worst, beyond the frame itself. */
  readonly withheldMs: number;
  /** What a listener waits: both together. */
  readonly lagMs: number;
  /** Samples for a frame: [fewest, most]. */
  readonly frameSamples: readonly [number, number];
  readonly rippleDb: number;
  readonly gainAt3400Db: number;
  /** Worst of the tones at -1 dBFS, int16 in and out. */
  readonly distortionAndNoiseDb: number;
  /** Loudest that a tone from 102.5 % of the lower Nyquist frequency leaves; undefined where there is none. */
  readonly aliasNearDb?: number;
  /** The same from 115 %: 4.6 kHz when 8 kHz is the lower rate. */
  readonly aliasDb?: number;
  /** Loudest mirror image of a tone of the passband. */
  readonly imageDb?: number;
}

const settlingFrames = 25;
const settlingSeconds = 0.1;

/** Looks for everything that `signal` asks in what it became. */
export function resamplerFigures(pair: RatePair, signal: TestSignal, { output, samplesPerFrame }: Conversion): ResamplerFigures {
  const { inputRateHz, outputRateHz } = pair;
  const responses = impulseResponses(pair, signal, output);
  const signalDelayMs = mean(responses.map(({ samples, from, at }) => ((from + energyCentre(samples)) / outputRateHz - at) * 1000));
  const of = (purpose: Stretch['purpose']): Stretch[] => signal.stretches.filter((stretch) => stretch.purpose === purpose);
  const cut = ({ startSeconds, seconds }: Stretch): Int16Array => {
    const from = startSeconds + signalDelayMs / 1000 + settlingSeconds;
    return output.slice(Math.round(from * outputRateHz), Math.round((from + seconds - 1.5 * settlingSeconds) * outputRateHz));
  };
  const worst = (values: readonly number[]): number => tenths(Math.max(...values));

  const passband = of('passband').map(cut)[0] ?? new Int16Array();
  const gainsDb = passbandHz.map((hz) => db(amplitudeAt(passband, hz, outputRateHz) / 32767) - passbandPeakDbfs);
  const steady = samplesPerFrame.slice(settlingFrames);
  const withheldMs = mostWithheld(pair, samplesPerFrame);
  const aliases = of('alias').map((stretch) => ({
    hz: stretch.hz,
    db: db(amplitudeAt(cut(stretch), foldedHz(stretch.hz, outputRateHz), outputRateHz) / 32767) - tonePeakDbfs,
  }));
  const far = aliases.filter(({ hz }) => hz >= 1.15 * lowerNyquistHz(pair));
  const images = of('image').flatMap((stretch) => {
    const samples = cut(stretch);
    return imagesHz(stretch.hz, inputRateHz, outputRateHz).map((hz) => db(amplitudeAt(samples, hz, outputRateHz) / 32767) - tonePeakDbfs);
  });
  return {
    signalDelayMs: hundredths(signalDelayMs),
    latestMs: hundredths(Math.max(...latenessHz.map((hz) => mean(responses.map((response) => delayAt(hz, response, outputRateHz)))))),
    withheldMs: hundredths(withheldMs),
    lagMs: hundredths(signalDelayMs + withheldMs),
    frameSamples: [Math.min(...steady), Math.max(...steady)],
    rippleDb: Number(Math.max(...gainsDb.map(Math.abs)).toFixed(3)),
    gainAt3400Db: hundredths(gainsDb.at(-1) ?? Number.NaN),
    distortionAndNoiseDb: worst(of('distortion').map((stretch) => distortionAndNoiseDb(cut(stretch), stretch.hz, outputRateHz))),
    ...(aliases.length > 0 && { aliasNearDb: worst(aliases.map((alias) => alias.db)) }),
    ...(far.length > 0 && { aliasDb: worst(far.map((alias) => alias.db)) }),
    ...(images.length > 0 && { imageDb: worst(images) }),
  };
}

/** Mirror images of a tone around the multiples of the input rate. */
function imagesHz(hz: number, inputRateHz: number, outputRateHz: number): number[] {
  const all: number[] = [];
  for (let multiple = inputRateHz; multiple - hz < outputRateHz / 2; multiple += inputRateHz) all.push(multiple - hz, multiple + hz);
  return all.filter((image) => image < outputRateHz / 2);
}

interface ImpulseResponse {
  readonly samples: Int16Array;
  /** Where they lie in the output, in samples, and where the impulse was in the input, in seconds. */
  readonly from: number;
  readonly at: number;
}

/** What impulses on all phases of the filter became. */
function impulseResponses({ inputRateHz, outputRateHz }: RatePair, { samples, stretches }: TestSignal, output: Int16Array): ImpulseResponse[] {
  const responses = stretches
    .filter(({ purpose }) => purpose === 'impulse')
    .map(({ startSeconds, seconds }) => {
      const at = samples.indexOf(impulsePeak, Math.round(startSeconds * inputRateHz)) / inputRateHz;
      const from = Math.round(startSeconds * outputRateHz);
      return { samples: output.subarray(from, from + Math.round(seconds * outputRateHz)), from, at };
    })
    // A resampler without a filter skips the impulses that fall between its output's samples.
    .filter((response) => response.samples.some((sample) => Math.abs(sample) >= impulsePeak / 100));
  if (responses.length === 0) throw new Error('No impulse came through');
  return responses;
}

const latenessHz = Array.from({ length: 32 }, (_, i) => 300 + 100 * i);

/** Group delay at a frequency in milliseconds: how the phase falls from a little below it to a little above. */
function delayAt(hz: number, { samples, from, at }: ImpulseResponse, rateHz: number): number {
  const stepHz = 10;
  const centre = Math.round(energyCentre(samples));
  const first = Math.max(0, centre - energyReach);
  const phaseAt = (f: number): number => {
    let [re, im] = [0, 0];
    for (let i = first; i < Math.min(samples.length, centre + energyReach + 1); i++) {
      const angle = (2 * Math.PI * f * (i - centre)) / rateHz;
      re += (samples[i] as number) * Math.cos(angle);
      im -= (samples[i] as number) * Math.sin(angle);
    }
    return Math.atan2(im, re);
  };
  let fall = phaseAt(hz - stepHz) - phaseAt(hz + stepHz);
  fall -= 2 * Math.PI * Math.round(fall / (2 * Math.PI));
  return ((from + centre) / rateHz - at + fall / (2 * Math.PI * 2 * stepHz)) * 1000;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const energyReach = 400;

/** The mean place of the energy around the loudest sample, in samples; rounding noise far off does not count. */
export function energyCentre(samples: Int16Array): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) if (Math.abs(samples[i] as number) > Math.abs(samples[peak] as number)) peak = i;
  let sum = 0;
  let weighted = 0;
  for (let i = Math.max(0, peak - energyReach); i < Math.min(samples.length, peak + energyReach + 1); i++) {
    const energy = (samples[i] as number) ** 2;
    sum += energy;
    weighted += energy * i;
  }
  return weighted / sum;
}

/** The most audio that had gone in without coming out, once the stream has settled. */
export function mostWithheld({ inputRateHz, outputRateHz }: RatePair, samplesPerFrame: readonly number[]): number {
  const frameSamples = inputRateHz / 50;
  let out = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const [frame, count] of samplesPerFrame.entries()) {
    out += count;
    if (frame >= settlingFrames) most = Math.max(most, ((frame + 1) * frameSamples) / inputRateHz - out / outputRateHz);
  }
  return most * 1000;
}

const tenths = (value: number): number => Number(value.toFixed(1));
const hundredths = (value: number): number => Number(value.toFixed(2));
