import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gainFor, toPcm, trimmed } from '#talkpath/inference/speech-level.js';
import { joined, silence, tone } from '../../support/sound.js';

const rateHz = 24000;
const asFloats = (samples: Int16Array): Float32Array => Float32Array.from(samples, (sample) => sample / 32768);
const samplesOf = (pcm: Uint8Array<ArrayBuffer>): Int16Array => new Int16Array(pcm.buffer);
const dbfsOf = (samples: Int16Array): number => 20 * Math.log10(Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length) / 32768);

test('a voice is brought to -20 dBFS, whatever its own level and its pauses', () => {
  for (const dbfs of [-35, -14]) {
    const words = tone(440, 400, rateHz, dbfs);
    const gain = gainFor(asFloats(joined(words, silence(800, rateHz), words)), rateHz);
    const level = dbfsOf(samplesOf(toPcm(asFloats(words), gain)));
    assert.ok(Math.abs(level + 20) < 0.5, `${level} dBFS`);
  }
});

test('nothing clips: the gain gives way', () => {
  const pcm = samplesOf(toPcm(asFloats(tone(440, 100, rateHz, -10)), 100));
  const peak = pcm.reduce((largest, sample) => Math.max(largest, Math.abs(sample)), 0);
  assert.ok(peak > 0.95 * 32767 && peak <= 0.98 * 32767 + 1, `${peak}`);
});

test('silence has no level to raise', () => {
  assert.is(gainFor(new Float32Array(2400), rateHz), 1);
  assert.equal([...samplesOf(toPcm(new Float32Array(4), 1))], [0, 0, 0, 0]);
});

test('the silence around speech goes, and the pause asked for follows', () => {
  const speech = asFloats(joined(silence(300, rateHz), tone(440, 500, rateHz), silence(450, rateHz)));
  const bare = trimmed(speech, rateHz, 0).length / 24;
  assert.ok(bare >= 500 && bare <= 545, `${bare} ms`);
  const paused = trimmed(speech, rateHz, 120);
  assert.is(paused.length / 24, bare + 120);
  assert.ok(paused.subarray(-120 * 24).every((sample) => sample === 0));
});

test('speech begins and ends without a step', () => {
  const cut = trimmed(asFloats(tone(440, 500, rateHz)), rateHz, 0);
  assert.is(cut[0], 0);
  assert.is(Math.abs(cut.at(-1) ?? 1), 0);
});

test('of silence nothing is left', () => {
  assert.is(trimmed(new Float32Array(24000), rateHz, 200).length, 0);
});

test.run();
