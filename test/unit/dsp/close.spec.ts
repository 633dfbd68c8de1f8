import { EchoCanceller, NoiseSuppressor, Resampler, VoiceDetector } from 'talkpath/dsp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const block = new Int16Array(160);
const rates = { inputRateHz: 16000, outputRateHz: 8000 };

/** Each class, and all that may be asked of an object. */
const objects = (): [object: { close(): void; [Symbol.dispose](): void }, name: string, uses: (() => unknown)[]][] => {
  const live = new Resampler(rates);
  const recording = new Resampler({ ...rates, quality: 'recording' });
  const canceller = new EchoCanceller({ sampleRateHz: 16000, noiseSuppression: 'low' });
  const suppressor = new NoiseSuppressor({ sampleRateHz: 16000 });
  const detector = new VoiceDetector({ sampleRateHz: 16000 });
  return [
    [
      live,
      'Resampler',
      [() => live.process(block), () => live.process(block, new Int16Array(80)), () => live.flush(), () => live.outputSamples(160)],
    ],
    [recording, 'Resampler', [() => recording.process(block), () => recording.flush(), () => recording.outputSamples(160)]],
    [canceller, 'EchoCanceller', [() => canceller.process(block, block), () => canceller.state]],
    [suppressor, 'NoiseSuppressor', [() => suppressor.process(block)]],
    [detector, 'VoiceDetector', [() => detector.process(block)]],
  ];
};

test('an object that was closed says so, whatever is asked of it', () => {
  for (const [object, name, uses] of objects()) {
    for (const use of uses) use();
    object.close();
    for (const use of uses) {
      assert.throws(
        use,
        (error: Error & { code: string }) => error.code === 'TP_ERR_DSP_CLOSED' && error.message === `${name} was used after close()`,
      );
    }
  }
});

test('closing twice is closing', () => {
  for (const [object] of objects()) {
    object.close();
    object.close();
    object[Symbol.dispose]();
  }
});

test('an object at the end of its block of code is closed', () => {
  for (const [object, , [use = assert.unreachable]] of objects()) {
    use();
    object[Symbol.dispose]();
    assert.throws(use, /was used after close/);
  }
});

test('what an object said of itself stays true after close()', () => {
  for (const quality of ['live', 'recording'] as const) {
    const [open, closed] = [new Resampler({ ...rates, quality }), new Resampler({ ...rates, quality })];
    closed.close();
    assert.equal([closed.latencyMs, closed.delaySamples], [open.latencyMs, open.delaySamples]);
  }
});

test.run();
