import { bytesOf, convertRate, g711, Resampler, samplesOf } from 'talkpath/dsp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

/** Each has another idea of where its nothing lies; the first has no memory at all. */
const nothings = [new ArrayBuffer(0), new ArrayBuffer(8)] as const;
const samples = (): Int16Array[] => nothings.map((buffer) => new Int16Array(buffer, buffer.byteLength, 0));
const bytes = (): Uint8Array[] => nothings.map((buffer) => new Uint8Array(buffer, buffer.byteLength, 0));

test('no samples become no samples, whatever changes their rate', () => {
  for (const none of samples()) {
    assert.is(convertRate(none, 8000, 16_000).length, 0);
    assert.is(convertRate(none, 8000, 8000).length, 0);
    for (const quality of ['live', 'recording'] as const) {
      const resampler = new Resampler({ inputRateHz: 8000, outputRateHz: 16_000, quality });
      assert.is(resampler.process(none).length, 0);
      assert.is(resampler.process(none, new Int16Array(4)).length, 0);
      assert.is(resampler.flush().length, 0);
    }
    const same = new Resampler({ inputRateHz: 8000, outputRateHz: 8000 });
    assert.is(same.process(none, new Int16Array(0)).length + same.flush().length, 0);
  }
});

test('no samples become no codes and no bytes, and back', () => {
  for (const none of samples()) {
    assert.is(g711.encodeMulaw(none).length + g711.encodeAlaw(none, new Uint8Array(0)).length, 0);
    assert.is(bytesOf(none).length, 0);
  }
  for (const none of bytes()) {
    assert.is(g711.decodeMulaw(none).length + g711.decodeAlaw(none, new Int16Array(0)).length, 0);
    assert.is(samplesOf(none).length, 0);
  }
});

test.run();
