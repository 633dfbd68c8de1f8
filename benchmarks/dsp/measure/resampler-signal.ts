import { joined, randomNumbers, type Sine, sines } from './signal.js';

export interface RatePair {
  readonly inputRateHz: number;
  readonly outputRateHz: number;
}

/** What one stretch of the test signal is for. */
export type Purpose = 'impulse' | 'passband' | 'distortion' | 'alias' | 'image';

export interface Stretch {
  readonly purpose: Purpose;
  readonly startSeconds: number;
  readonly seconds: number;
  /** Of the tone under test. */
  readonly hz: number;
}

export interface TestSignal {
  readonly samples: Int16Array;
  readonly stretches: readonly Stretch[];
}

export const lowerNyquistHz = ({ inputRateHz, outputRateHz }: RatePair): number => Math.min(inputRateHz, outputRateHz) / 2;

/** The passband's tones, all at once. */
export const passbandHz: readonly number[] = Array.from({ length: 32 }, (_, i) => 300 + 100 * i);
export const passbandPeakDbfs = -30.5;
export const tonePeakDbfs = -1.5;
export const impulsePeak = 24000;
const carrierPeakDbfs = -20;
const aliasStepHz = 233;

/**
 * Everything that a resampler is asked about, in one stream: impulses that fall on all phases of the filter, the
 * passband's tones at once, single tones, and tones that have no place in the output. Those come with a quiet tone in
 * the passband: without it rounding to int16 would turn a weak alias into digital silence and hide it.
 */
export function resamplerTestSignal(pair: RatePair): TestSignal {
  const { inputRateHz, outputRateHz } = pair;
  const nyquistHz = lowerNyquistHz(pair);
  const parts: Int16Array[] = [];
  const stretches: Stretch[] = [];
  let samples = 0;
  const add = (purpose: Purpose, hz: number, part: Int16Array): void => {
    stretches.push({ purpose, hz, startSeconds: samples / inputRateHz, seconds: part.length / inputRateHz });
    parts.push(part);
    samples += part.length;
  };
  const tone = (purpose: Purpose, hz: number, seconds: number, tones: readonly Sine[]): void =>
    add(purpose, hz, sines(tones, inputRateHz, Math.round(seconds * inputRateHz)));

  for (let i = 0; i < 12; i++) {
    const silence = new Int16Array(Math.round(inputRateHz * 0.25) + i);
    silence[Math.round(inputRateHz * 0.125) + i] = impulsePeak;
    add('impulse', 0, silence);
  }
  const random = randomNumbers(7);
  tone(
    'passband',
    0,
    1,
    passbandHz.map((hz) => ({ hz, dbfs: passbandPeakDbfs, phase: 2 * Math.PI * random() })),
  );
  for (let hz = 317.3; hz <= 0.85 * nyquistHz; hz += (0.85 * nyquistHz - 317.3) / 7.001) {
    tone('distortion', hz, 0.5, [{ hz, dbfs: -1 }]);
  }
  const carrier = (hz: number): Sine => ({ hz: Math.abs(foldedHz(hz, outputRateHz) - 440) < 100 ? 700 : 440, dbfs: carrierPeakDbfs });
  for (let hz = 1.025 * nyquistHz; hz < inputRateHz / 2 - 40; hz += aliasStepHz) {
    tone('alias', hz, 0.4, [{ hz, dbfs: tonePeakDbfs }, carrier(hz)]);
  }
  if (outputRateHz > inputRateHz) {
    for (let hz = 217; hz <= 0.85 * nyquistHz; hz += aliasStepHz) tone('image', hz, 0.4, [{ hz, dbfs: tonePeakDbfs }]);
  }
  // Pushes out what a resampler still holds back.
  parts.push(new Int16Array(Math.round(inputRateHz * 0.5)));
  return { samples: joined(parts), stretches };
}

/** Where a tone lands at a rate that has no place for it. */
export function foldedHz(hz: number, rateHz: number): number {
  const rest = hz % rateHz;
  return rest > rateHz / 2 ? rateHz - rest : rest;
}
