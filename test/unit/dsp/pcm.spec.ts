import { bytesOf, convertRate, samplesOf } from 'talkpath/dsp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { levelDbfs } from '../../support/audio-measure.js';
import { tone } from '../../support/sound.js';

test('bytes at any offset become samples, low byte first', () => {
  const bytes = Uint8Array.of(99, 0x01, 0x00, 0xff, 0x7f, 0x00, 0x80);
  assert.equal([...samplesOf(bytes.subarray(1))], [1, 32767, -32768]);
});

test('of an odd number of bytes the last is left out', () => {
  assert.equal([...samplesOf(Uint8Array.of(1, 0, 2))], [1]);
  assert.equal([...samplesOf(Uint8Array.of(1))], []);
});

test("a small Buffer gives its own samples, and nothing of Node's pool around it", () => {
  assert.equal([...samplesOf(Buffer.from([5, 0, 6, 0]))], [5, 6]);
});

test('samples are a copy of the bytes, bytes are the memory of the samples', () => {
  const bytes = Uint8Array.of(1, 0);
  const samples = samplesOf(bytes);
  bytes[0] = 2;
  assert.is(samples[0], 1);
  const view = bytesOf(samples.subarray(0, 1));
  view[0] = 3;
  assert.is(samples[0], 3);
  assert.equal([...bytesOf(Int16Array.of(7, 8, 9).subarray(1))], [8, 0, 9, 0]);
});

test('a whole recording is converted without a shift', () => {
  const converted = convertRate(tone(500, 500, 44100, -12), 44100, 16000);
  assert.is(converted.length, 8000);
  const reference = tone(500, 500, 16000, -12);
  const difference = converted.slice(800, 7200).map((sample, i) => sample - (reference[i + 800] ?? 0));
  assert.ok(levelDbfs(difference) < -70, `${levelDbfs(difference)}`);
});

test('a recording that is of the rate already comes back as a copy', () => {
  const samples = Int16Array.of(1, 2, 3);
  const same = convertRate(samples, 8000, 8000);
  assert.equal(same, samples);
  assert.is.not(same.buffer, samples.buffer);
});

test.run();
