import { NoiseSuppressor } from 'talkpath/dsp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { delayOf, levelDbfs } from '../../support/audio-measure.js';
import { joined, noise, voiceBandNoise } from '../../support/sound.js';
import { blocksOf } from '../../support/stream-cuts.js';

const ratesHz = [8000, 12000, 16000, 24000, 32000, 44100, 48000];

const through = (suppressor: NoiseSuppressor, samples: Int16Array): Int16Array =>
  joined(...blocksOf(samples, suppressor.blockSamples).map((block) => suppressor.process(block)));

test('steady noise is lowered by the level that was asked for, at every rate', () => {
  for (const sampleRateHz of ratesHz) {
    const steady = noise(5000, sampleRateHz, -40);
    const drops = (['low', 'moderate', 'high'] as const).map(
      (level) => -40 - levelDbfs(through(new NoiseSuppressor({ sampleRateHz, level }), steady).subarray(3 * sampleRateHz)),
    );
    const [low = 0, moderate = 0, high = 0] = drops;
    assert.ok(low > 4 && moderate > low + 3 && high > moderate + 3, `${sampleRateHz} Hz: ${drops.map((drop) => drop.toFixed(1))} dB`);
  }
});

test('words above the noise stay, as late as latencyMs says', () => {
  for (const sampleRateHz of ratesHz) {
    const suppressor = new NoiseSuppressor({ sampleRateHz });
    const words = voiceBandNoise(4000, sampleRateHz, -15, 3).map((sample, i) => (((i * 1000) / sampleRateHz) % 500 < 150 ? sample : sample >> 7));
    const heard = through(suppressor, words);
    const { delayMs, likeness } = delayOf(words.subarray(2 * sampleRateHz, 3 * sampleRateHz), heard.subarray(2 * sampleRateHz), sampleRateHz, 20);
    // Filters of minimum phase delay the upper band a little more than what is stated.
    assert.ok(likeness > 0.8, `${sampleRateHz} Hz: ${likeness}`);
    assert.ok(Math.abs(delayMs - suppressor.latencyMs) < 1, `${sampleRateHz} Hz: ${delayMs} ms, said ${suppressor.latencyMs}`);
  }
});

test("a caller's own array is filled, and may be the block itself", () => {
  const [fresh, inPlace] = [new NoiseSuppressor({ sampleRateHz: 8000 }), new NoiseSuppressor({ sampleRateHz: 8000 })];
  for (const block of blocksOf(noise(300, 8000, -30), 80)) {
    const expected = fresh.process(block);
    const own = block.slice();
    assert.is(inPlace.process(own, own), own);
    assert.equal(own, expected);
  }
});

test.run();
