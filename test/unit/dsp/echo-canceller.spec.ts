import { EchoCanceller } from 'talkpath/dsp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { delayOf, levelDbfs } from '../../support/audio-measure.js';
import { joined, noise, silence, voiceBandNoise } from '../../support/sound.js';
import { blocksOf } from '../../support/stream-cuts.js';

const ratesHz = [8000, 12000, 16000, 24000, 32000, 44100, 48000];

function through(canceller: EchoCanceller, nearEnd: Int16Array, farEnd: Int16Array): Int16Array {
  const far = blocksOf(farEnd, canceller.blockSamples);
  return joined(...blocksOf(nearEnd, canceller.blockSamples).map((block, i) => canceller.process(block, far[i] as Int16Array)));
}

/** What a line gives back of the far end: later and quieter. */
function echoOf(farEnd: Int16Array, delayMs: number, rateHz: number): Int16Array {
  return joined(silence(delayMs, rateHz), farEnd)
    .subarray(0, farEnd.length)
    .map((sample) => Math.round(sample * 0.25));
}

/** An assertion on whole arrays would write their difference for minutes. */
const same = (a: Int16Array, b: Int16Array): boolean => a.length === b.length && a.every((sample, i) => sample === b[i]);

/** Noise in syllables: 150 ms loud, 100 ms nearly silent. */
const syllables = (ms: number, rateHz: number): Int16Array =>
  voiceBandNoise(ms, rateHz, -20, 3).map((sample, i) => (((i * 1000) / rateHz) % 250 < 150 ? sample : sample >> 6));

test('the echo of what was played is gone, at every rate', () => {
  for (const sampleRateHz of ratesHz) {
    const farEnd = syllables(3000, sampleRateHz);
    const nearEnd = echoOf(farEnd, 90, sampleRateHz);
    const left = through(new EchoCanceller({ sampleRateHz }), nearEnd, farEnd);
    const lastSecond = (samples: Int16Array): number => levelDbfs(samples.subarray(2 * sampleRateHz));
    assert.ok(lastSecond(nearEnd) > -40, 'there is an echo');
    assert.ok(lastSecond(left) < lastSecond(nearEnd) - 20, `${sampleRateHz} Hz: ${lastSecond(nearEnd)} to ${lastSecond(left)} dBFS`);
  }
});

test('an echo that comes late is gone when maxDelayMs covers it', () => {
  const farEnd = syllables(8000, 16000);
  const nearEnd = echoOf(farEnd, 900, 16000);
  const left = through(new EchoCanceller({ sampleRateHz: 16000, maxDelayMs: 1200 }), nearEnd, farEnd);
  const drop = levelDbfs(nearEnd.subarray(6 * 16000)) - levelDbfs(left.subarray(6 * 16000));
  assert.ok(drop > 20, `${drop} dB`);
});

test('who speaks while nothing is played is heard, as late as latencyMs says', () => {
  for (const sampleRateHz of ratesHz) {
    const canceller = new EchoCanceller({ sampleRateHz });
    const voice = syllables(3000, sampleRateHz);
    const heard = through(canceller, voice, new Int16Array(voice.length));
    const { delayMs, likeness } = delayOf(voice.subarray(sampleRateHz, 2 * sampleRateHz), heard.subarray(sampleRateHz), sampleRateHz, 30);
    // Filters of minimum phase delay the upper band a little more than what is stated.
    assert.ok(likeness > 0.8, `${sampleRateHz} Hz: ${likeness}`);
    assert.ok(Math.abs(delayMs - canceller.latencyMs) < 1, `${sampleRateHz} Hz: ${delayMs} ms, said ${canceller.latencyMs}`);
    const loss = levelDbfs(voice.subarray(sampleRateHz)) - levelDbfs(heard.subarray(sampleRateHz));
    assert.ok(Math.abs(loss) < 1, `${sampleRateHz} Hz: ${loss} dB`);
  }
});

test("where there is no echo, mode 'auto' leaves the near end as it is, bit by bit and at once", () => {
  for (const sampleRateHz of [16000, 32000, 48000]) {
    const canceller = new EchoCanceller({ sampleRateHz, mode: 'auto' });
    const voice = syllables(3000, sampleRateHz);
    assert.ok(same(through(canceller, voice, noise(3000, sampleRateHz, -20)), voice), `${sampleRateHz} Hz`);
    const { echoFound, echoDelaySamples, delaySamples } = canceller.state;
    assert.equal({ echoFound, echoDelaySamples, delaySamples }, { echoFound: false, echoDelaySamples: undefined, delaySamples: 0 });
  }
});

test("mode 'auto' finds an echo, says how late it comes, and removes it", () => {
  for (const sampleRateHz of ratesHz) {
    const canceller = new EchoCanceller({ sampleRateHz, mode: 'auto' });
    const before = canceller.state.delaySamples;
    assert.ok(
      before < canceller.delaySamples - 0.007 * sampleRateHz,
      `${sampleRateHz} Hz: ${before} samples before, ${canceller.delaySamples} after`,
    );
    const farEnd = syllables(3000, sampleRateHz);
    const nearEnd = echoOf(farEnd, 90, sampleRateHz);
    const left = through(canceller, nearEnd, farEnd);
    const { echoFound, echoPossible, echoDelaySamples = 0, delaySamples } = canceller.state;
    assert.ok(echoFound && echoPossible);
    assert.ok(Math.abs(echoDelaySamples - 0.09 * sampleRateHz) <= 0.001 * sampleRateHz, `${sampleRateHz} Hz: ${echoDelaySamples} samples`);
    assert.is(delaySamples, canceller.delaySamples);
    assert.is(canceller.latencyMs, (canceller.delaySamples * 1000) / sampleRateHz);
    const drop = levelDbfs(nearEnd.subarray(2 * sampleRateHz)) - levelDbfs(left.subarray(2 * sampleRateHz));
    assert.ok(drop > 20, `${sampleRateHz} Hz: ${drop} dB`);
  }
});

test("mode 'always' is what is taken where none is given", () => {
  const voice = syllables(1000, 16000);
  const given = (mode?: 'always' | 'auto') =>
    through(new EchoCanceller({ sampleRateHz: 16000, ...(mode && { mode }) }), voice, new Int16Array(16000));
  assert.ok(same(given(), given('always')));
  assert.not.ok(same(given(), given('auto')));
});

test('steady noise is lowered as far as was asked', () => {
  const steady = noise(6000, 16000, -40);
  const level = (noiseSuppression: 'off' | 'low' | 'moderate' | 'high'): number =>
    levelDbfs(through(new EchoCanceller({ sampleRateHz: 16000, noiseSuppression }), steady, new Int16Array(steady.length)).subarray(4 * 16000));
  const [off, low, moderate, high] = [level('off'), level('low'), level('moderate'), level('high')];
  assert.ok(Math.abs(off + 40) < 1, `${off}`);
  assert.ok(low < off - 4 && moderate < low - 4 && high < moderate - 3, `${[off, low, moderate, high]}`);
});

test("a caller's own array is filled, and may be the near end itself", () => {
  const farEnd = syllables(500, 16000);
  const nearEnd = echoOf(farEnd, 40, 16000);
  const [fresh, own, inPlace] = [1, 2, 3].map(() => new EchoCanceller({ sampleRateHz: 16000 })) as [EchoCanceller, EchoCanceller, EchoCanceller];
  const output = new Int16Array(160);
  for (const [i, near] of blocksOf(nearEnd, 160).entries()) {
    const far = farEnd.subarray(i * 160, (i + 1) * 160);
    const expected = fresh.process(near, far);
    assert.is(own.process(near, far, output), output);
    assert.equal(output, expected);
    const block = near.slice();
    assert.is(inPlace.process(block, far, block), block);
    assert.equal(block, expected);
  }
});

test.run();
