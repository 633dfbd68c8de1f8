import { Resampler, VoiceDetector } from 'talkpath/dsp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { levelDbfs } from '../../support/audio-measure.js';
import { atLevel, noise, resampled } from '../../support/sound.js';
import { Speech } from '../../support/speech.js';
import { blocksOf } from '../../support/stream-cuts.js';

const test = suite('voice detector');
const ratesHz = [8000, 12000, 16000, 24000, 32000, 44100, 48000];
const recordings = await Speech.fetched();
const speechTest = recordings ? test : test.skip;

/** Share of blocks called speech, and the mean probability. */
function opinion(detector: VoiceDetector, samples: Int16Array, counts: (block: Int16Array) => boolean): { share: number; probability: number } {
  let [blocks, speech, probability] = [0, 0, 0];
  for (const block of blocksOf(samples, detector.blockSamples)) {
    const decision = detector.process(block);
    assert.ok(decision.probability >= 0 && decision.probability <= 1);
    if (!counts(block)) continue;
    blocks += 1;
    speech += decision.speech ? 1 : 0;
    probability += decision.probability;
  }
  return { share: speech / blocks, probability: probability / blocks };
}

speechTest('a person is told from silence and from steady noise, at every rate', () => {
  if (!recordings) return;
  const person = recordings.read('readerShort');
  for (const sampleRateHz of ratesHz) {
    const words = atLevel(resampled(person, sampleRateHz), -22);
    const heard = opinion(new VoiceDetector({ sampleRateHz }), words, (block) => levelDbfs(block) > -30);
    const nothing = opinion(new VoiceDetector({ sampleRateHz }), new Int16Array(2 * sampleRateHz), () => true);
    const hiss = opinion(new VoiceDetector({ sampleRateHz }), noise(3000, sampleRateHz, -45), () => true);
    assert.ok(heard.share > 0.9, `${sampleRateHz} Hz: ${heard.share} of the words`);
    assert.is(nothing.share, 0);
    assert.ok(hiss.share < 0.2, `${sampleRateHz} Hz: ${hiss.share} of the noise`);
    assert.ok(heard.probability > hiss.probability + 0.3 && heard.probability > nothing.probability + 0.3, `${sampleRateHz} Hz`);
  }
});

speechTest('the higher the mode, the less is taken for speech', () => {
  if (!recordings) return;
  const { samples, rateHz } = recordings.read('truck');
  const shares = [0, 1, 2, 3].map((mode) => opinion(new VoiceDetector({ sampleRateHz: rateHz, mode }), samples, () => true).share);
  assert.ok((shares[0] as number) > (shares[3] as number), `${shares}`);
  assert.equal(
    shares,
    [...shares].sort((a, b) => b - a),
  );
});

speechTest('other rates are heard as at 8 kHz, later by the latencyMs of a resampler to it', () => {
  if (!recordings) return;
  const person = recordings.read('readerShort');
  for (const sampleRateHz of ratesHz) {
    const detector = new VoiceDetector({ sampleRateHz });
    const reference = new VoiceDetector({ sampleRateHz: 8000 });
    const resampler = new Resampler({ inputRateHz: sampleRateHz, outputRateHz: 8000 });
    assert.is(detector.latencyMs, resampler.latencyMs, `${sampleRateHz} Hz`);
    for (const block of blocksOf(atLevel(resampled(person, sampleRateHz), -22), detector.blockSamples)) {
      const [heard, expected] = [detector.process(block), reference.process(resampler.process(block))].map(({ probability }) => probability);
      assert.ok(Math.abs((heard as number) - (expected as number)) < 0.1, `${sampleRateHz} Hz: ${heard}, at 8 kHz ${expected}`);
    }
  }
});

test('a decision is a value of its own, which the next block does not change', () => {
  const detector = new VoiceDetector({ sampleRateHz: 16000 });
  const first = detector.process(new Int16Array(160));
  const copy = { ...first };
  for (const block of blocksOf(noise(500, 16000, -10), 160)) detector.process(block);
  assert.equal(first, copy);
});

test.run();
