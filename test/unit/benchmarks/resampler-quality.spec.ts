import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { blackmanHarris } from '#benchmarks/dsp/measure/level.js';
import { type Conversion, type ResamplerFigures, resamplerFigures } from '#benchmarks/dsp/measure/resampler-quality.js';
import { foldedHz, type RatePair, resamplerTestSignal } from '#benchmarks/dsp/measure/resampler-signal.js';

type Resample = (samples: Int16Array) => Int16Array;

/** Measures something whose flaws are known, streamed as its output's share of each frame. */
function figuresOf(pair: RatePair, resample: Resample, counts?: readonly number[]): ResamplerFigures {
  const signal = resamplerTestSignal(pair);
  const output = resample(signal.samples);
  const frames = Math.floor(signal.samples.length / (pair.inputRateHz / 50));
  const even = new Array<number>(frames).fill(pair.outputRateHz / 50);
  const conversion: Conversion = { output, samplesPerFrame: counts ? even.map((_, i) => counts[i % counts.length] as number) : even };
  return resamplerFigures(pair, signal, conversion);
}

function near(actual: number | undefined, expected: number, within: number, what: string): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= within, `${what}: expected ${expected} ± ${within} but it is ${actual}`);
}

const same: RatePair = { inputRateHz: 8000, outputRateHz: 8000 };
const halved: RatePair = { inputRateHz: 16000, outputRateHz: 8000 };
const everySecond: Resample = (samples) => samples.filter((_, i) => i % 2 === 0);

test('a copy is flat, clean and in time', () => {
  const figures = figuresOf(same, (samples) => samples);
  near(figures.signalDelayMs, 0, 0.01, 'delay');
  near(figures.latestMs, 0, 0.02, 'delay of the latest frequency');
  near(figures.withheldMs, 0, 0.01, 'withheld');
  near(figures.rippleDb, 0, 0.002, 'ripple');
  near(figures.distortionAndNoiseDb, -97.8, 1, 'what rounding to int16 leaves');
  assert.equal(figures.frameSamples, [160, 160]);
  assert.is(figures.aliasDb, undefined, 'nothing of 8 kHz lies above its own half');
});

test('a delay of some samples is found, and counts as lag', () => {
  const figures = figuresOf(same, (samples) => Int16Array.from(samples, (_, i) => samples[i - 37] ?? 0));
  near(figures.signalDelayMs, 37 / 8, 0.01, 'delay');
  near(figures.lagMs, 37 / 8, 0.01, 'lag');
  near(figures.rippleDb, 0, 0.002, 'ripple');
});

test('a delay that differs by frequency is told at its worst', () => {
  // An all-pass of the first order: (1 - a) / (1 + a) samples late at 0 Hz, and more than that the higher the tone.
  const a = 0.5;
  const figures = figuresOf(same, (samples) => {
    let [before, out] = [0, 0];
    return Int16Array.from(samples, (sample) => {
      out = a * sample + before - a * out;
      before = sample;
      return Math.round(out);
    });
  });
  const delayAt = (hz: number): number => (1 - a * a) / (1 + a * a + 2 * a * Math.cos((2 * Math.PI * hz) / 8000)) / 8;
  near(figures.latestMs, delayAt(3400), 0.01, 'delay at 3.4 kHz');
  near(figures.rippleDb, 0, 0.01, 'ripple');
});

test('output that comes in bursts is withheld for as long as the worst sample waits', () => {
  const figures = figuresOf(same, (samples) => samples, [0, 0, 480]);
  near(figures.withheldMs, 40, 0.01, 'withheld');
  near(figures.lagMs, 40, 0.01, 'lag');
  assert.equal(figures.frameSamples, [0, 480]);
});

test('a resampler that filters nothing lets every alias through', () => {
  const figures = figuresOf(halved, everySecond);
  near(figures.aliasDb, 0, 0.05, 'alias');
  near(figures.aliasNearDb, 0, 0.05, 'alias near the band');
  near(figures.rippleDb, 0, 0.002, 'ripple');
});

test('an alias is told at the level it has, also below the smallest step of int16', () => {
  const meanOfTwo: Resample = (samples) =>
    Int16Array.from({ length: samples.length >> 1 }, (_, i) => Math.round(((samples[2 * i] as number) + (samples[2 * i + 1] as number)) / 2));
  // The mean of two samples is a filter of cos(pi f / 16000); the first tone from 4.6 kHz on is 4799 Hz.
  near(figuresOf(halved, meanOfTwo).aliasDb, 20 * Math.log10(Math.cos((Math.PI * 4799) / 16000)), 0.1, 'the mean of two');

  const taps = 301;
  const filter = Float64Array.from({ length: taps }, (_, i) => {
    const x = i - (taps - 1) / 2;
    return (x === 0 ? 0.525 : Math.sin(Math.PI * 0.525 * x) / (Math.PI * x)) * (blackmanHarris(taps - 1)[i] ?? 0);
  });
  const steep: Resample = (samples) =>
    Int16Array.from({ length: samples.length >> 1 }, (_, i) => {
      const newest = 2 * i;
      let sum = 10 ** (-108 / 20) * (samples[newest] as number);
      for (let tap = 0; tap < taps && tap <= newest; tap++) sum += (filter[tap] as number) * (samples[newest - tap] as number);
      return Math.round(sum);
    });
  const figures = figuresOf(halved, steep);
  // The worst of two dozen tones, each with what rounding adds by chance; without a second tone it would be silence.
  near(figures.aliasDb, -108, 4, 'let in 108 dB down, an eighth of a step');
  near(figures.signalDelayMs, 150 / 16, 0.02, 'delay of half the filter');
});

test('a second harmonic of known size is the distortion', () => {
  const figures = figuresOf(same, (samples) => samples.map((sample) => Math.round(sample + (0.02 * sample * sample) / 32768)));
  near(figures.distortionAndNoiseDb, 20 * Math.log10(0.01 * 10 ** (-1 / 20)), 0.3, 'distortion');
});

test('a gain that is not one is a ripple', () => {
  const figures = figuresOf(same, (samples) => samples.map((sample) => Math.round(sample / 2)));
  near(figures.rippleDb, 6.02, 0.01, 'ripple');
  near(figures.gainAt3400Db, -6.02, 0.01, 'gain at 3.4 kHz');
});

test('repeating each sample leaves the images that theory says', () => {
  const doubled: RatePair = { inputRateHz: 8000, outputRateHz: 16000 };
  const figures = figuresOf(doubled, (samples) => Int16Array.from({ length: 2 * samples.length }, (_, i) => samples[i >> 1] as number));
  // A hold of two samples has the response cos(pi f / 16000): the image of 3.2 kHz at 4.8 kHz is the loudest.
  near(figures.imageDb, 20 * Math.log10(Math.cos((Math.PI * (8000 - 3246)) / 16000)), 0.5, 'image');
});

test('a tone without a place folds into the band', () => {
  assert.is(foldedHz(5000, 8000), 3000);
  assert.is(foldedHz(11000, 8000), 3000);
  assert.is(foldedHz(3000, 8000), 3000);
});

test.run();
