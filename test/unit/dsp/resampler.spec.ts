import { Resampler, type ResamplerOptions } from 'talkpath/dsp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { levelDbfs, toneLevelDbfs } from '../../support/audio-measure.js';
import { joined, noise, silence, tone } from '../../support/sound.js';
import { strongestHz } from '../../support/spectrum.js';
import { blocksOf, cut } from '../../support/stream-cuts.js';

const liveRatesHz = [8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000, 192000];
const pairs = [8000, 12000, 16000, 24000, 32000, 44100, 48000].flatMap((inputRateHz, _, rates) =>
  rates.map((outputRateHz) => ({ inputRateHz, outputRateHz })),
);
const name = ({ inputRateHz, outputRateHz, quality = 'live' }: ResamplerOptions): string => `${inputRateHz} to ${outputRateHz} Hz, ${quality}`;

function whole(options: ResamplerOptions, pieces: readonly Int16Array[]): Int16Array {
  const resampler = new Resampler(options);
  const parts = [...pieces.map((piece) => resampler.process(piece)), resampler.flush()];
  resampler.close();
  return joined(...parts);
}

test('each 20 ms give 20 ms at once, between any two rates of the live path', () => {
  for (const inputRateHz of liveRatesHz) {
    for (const outputRateHz of liveRatesHz) {
      const resampler = new Resampler({ inputRateHz, outputRateHz });
      for (let frame = 0; frame < 3; frame++) {
        assert.is(resampler.outputSamples(inputRateHz / 50), outputRateHz / 50);
        assert.is(resampler.process(new Int16Array(inputRateHz / 50)).length, outputRateHz / 50, name(resampler));
      }
    }
  }
});

test('however a stream is cut, its output is the same to the bit', () => {
  for (const quality of ['live', 'recording'] as const) {
    for (const pair of [
      { inputRateHz: 8000, outputRateHz: 16000 },
      { inputRateHz: 44100, outputRateHz: 8000 },
      { inputRateHz: 24000, outputRateHz: 22050 },
    ]) {
      const stream = noise(600, pair.inputRateHz, -12);
      const expected = whole({ ...pair, quality }, [stream]);
      for (const [longest, seed] of [
        [3, 1],
        [500, 2],
        [5000, 3],
      ] as const) {
        assert.equal(whole({ ...pair, quality }, cut(stream, longest, seed)), expected, `${name({ ...pair, quality })}, up to ${longest}`);
      }
    }
  }
});

test('a tone keeps its frequency and its level', () => {
  for (const quality of ['live', 'recording'] as const) {
    for (const pair of pairs) {
      const heard = whole({ ...pair, quality }, blocksOf(tone(1000, 600, pair.inputRateHz, -10), pair.inputRateHz / 50));
      const middle = heard.subarray(pair.outputRateHz * 0.1, pair.outputRateHz * 0.5);
      assert.ok(Math.abs(strongestHz(middle, pair.outputRateHz) - 1000) < 1, name({ ...pair, quality }));
      assert.ok(Math.abs(toneLevelDbfs(middle, pair.outputRateHz, 1000) + 10) < 0.05, name({ ...pair, quality }));
    }
  }
});

/** How much later than from its own first sample a tone of `hz` comes, less than its period. */
function lagMs(heard: Int16Array, rateHz: number, hz: number): number {
  let [re, im] = [0, 0];
  const [from, to] = [0.1 * rateHz, 0.4 * rateHz];
  for (let i = from; i < to; i++) {
    re += (heard[i] as number) * Math.sin((2 * Math.PI * hz * i) / rateHz);
    im += (heard[i] as number) * Math.cos((2 * Math.PI * hz * i) / rateHz);
  }
  return (Math.atan2(-im, re) * 1000) / (2 * Math.PI * hz);
}

test('a sound comes as much later as delaySamples and latencyMs say', () => {
  for (const pair of pairs) {
    const resampler = new Resampler(pair);
    const heardLater = lagMs(resampler.process(tone(300, 500, pair.inputRateHz, -10)), pair.outputRateHz, 300);
    assert.ok(Math.abs(heardLater - resampler.latencyMs) < 0.02, `${name(pair)}: ${heardLater} ms, said ${resampler.latencyMs}`);
    assert.ok(Math.abs(resampler.latencyMs - (resampler.delaySamples * 1000) / pair.outputRateHz) < 1e-9);
    assert.ok(resampler.latencyMs <= 3);
  }
});

test('what is above the lower band is not heard', () => {
  const alias = whole({ inputRateHz: 16000, outputRateHz: 8000 }, [tone(5000, 600, 16000, -6)]);
  assert.ok(levelDbfs(alias.subarray(800, 4000)) < -90, `${levelDbfs(alias.subarray(800, 4000))} dBFS`);
});

test('a recording keeps its length and its place in time', () => {
  for (const [inputRateHz, outputRateHz, count] of [
    [8000, 16000, 8001],
    [44100, 8000, 44100],
    [11025, 24000, 3001],
  ] as const) {
    const options = { inputRateHz, outputRateHz, quality: 'recording' } as const;
    assert.is(new Resampler(options).delaySamples, 0);
    const heard = whole(options, cut(tone(400, (count * 1000) / inputRateHz, inputRateHz, -10).subarray(0, count), 777, 5));
    assert.is(heard.length, Math.round((count * outputRateHz) / inputRateHz));
    const reference = tone(400, (heard.length * 1000) / outputRateHz, outputRateHz, -10);
    const slip = heard.slice(1000, 5000).map((sample, i) => sample - (reference[i + 1000] ?? 0));
    assert.ok(levelDbfs(slip) < -60, `${name(options)}: ${levelDbfs(slip)} dBFS`);
  }
});

test('a recording is never withheld for longer than latencyMs', () => {
  for (const [inputRateHz, outputRateHz] of [
    [24_000, 8000],
    [8000, 44_100],
    [8000, 34_689],
    [1000, 8000],
    [23_694, 1231],
    [384_000, 1000],
  ] as const) {
    const resampler = new Resampler({ inputRateHz, outputRateHz, quality: 'recording' });
    const millisecond = new Int16Array(Math.floor(inputRateHz / 1000));
    let given = 0;
    let longestMs = 0;
    for (let taken = millisecond.length; taken <= inputRateHz * 20; taken += millisecond.length) {
      given += resampler.process(millisecond).length;
      longestMs = Math.max(longestMs, (taken * 1000) / inputRateHz - (given * 1000) / outputRateHz);
    }
    const said = `${inputRateHz} to ${outputRateHz} Hz: ${longestMs} ms, said ${resampler.latencyMs}`;
    assert.ok(longestMs <= resampler.latencyMs + 0.2, said);
    assert.ok(resampler.latencyMs < longestMs * 1.07, said);
  }
});

test("a caller's own array is filled, and gets what a new one would have got", () => {
  const pair = { inputRateHz: 8000, outputRateHz: 16000 };
  const [fresh, into] = [new Resampler(pair), new Resampler(pair)];
  const exact = new Int16Array(320);
  const long = new Int16Array(400).fill(7);
  for (const frame of blocksOf(noise(200, 8000, -12), 160)) {
    const expected = fresh.process(frame);
    assert.is(into.process(frame, exact), exact);
    assert.equal(exact, expected);
  }
  const view = into.process(new Int16Array(160), long);
  assert.is(view.buffer, long.buffer);
  assert.is(view.length, 320);
  assert.equal(long.subarray(320), new Int16Array(80).fill(7));
});

test('an output array that is too short is refused, and the stream goes on as if nothing had been', () => {
  for (const quality of ['live', 'recording'] as const) {
    const options = { inputRateHz: 8000, outputRateHz: 16000, quality };
    const [undisturbed, disturbed] = [new Resampler(options), new Resampler(options)];
    const [first = silence(0, 1), second = silence(0, 1)] = blocksOf(noise(400, 8000, -12), 1600);
    undisturbed.process(first);
    disturbed.process(first);
    assert.throws(() => disturbed.process(second, new Int16Array(3)), /Expected room for \d+ in output but received Int16Array of 3/);
    assert.equal(disturbed.process(second), undisturbed.process(second));
  }
});

test('an output array in the memory of the input is refused', () => {
  const samples = new Int16Array(640);
  const resampler = new Resampler({ inputRateHz: 8000, outputRateHz: 16000 });
  assert.throws(() => resampler.process(samples.subarray(0, 160), samples.subarray(159, 479)), /memory of its own for output/);
  assert.is(resampler.process(samples.subarray(0, 160), samples.subarray(160, 480)).length, 320);
});

test('outputSamples() counts further than 32 bits do', () => {
  const rates = { inputRateHz: 8000, outputRateHz: 16000 };
  assert.is(new Resampler(rates).outputSamples(2 ** 32 + 10), 2 ** 33 + 20);
  assert.ok(new Resampler({ ...rates, quality: 'recording' }).outputSamples(2 ** 32 + 10) >= 2 ** 33 + 20);
});

test('flush() lets the sound fade out, and then another stream begins', () => {
  for (const quality of ['live', 'recording'] as const) {
    const options = { inputRateHz: 8000, outputRateHz: 16000, quality };
    const stream = tone(700, 100, 8000, -6).subarray(0, 500);
    const resampler = new Resampler(options);
    const first = joined(resampler.process(stream), resampler.flush());
    const second = joined(resampler.process(stream), resampler.flush());
    assert.equal(second, first, quality);
    if (quality === 'live') assert.ok(levelDbfs(first.slice(-16)) < -80, `${levelDbfs(first.slice(-16))}`);
  }
});

test('nothing in gives nothing out', () => {
  for (const quality of ['live', 'recording'] as const) {
    const resampler = new Resampler({ inputRateHz: 8000, outputRateHz: 24000, quality });
    assert.is(resampler.process(new Int16Array(0)).length, 0);
    assert.is(resampler.flush().length, 0);
    resampler.process(new Int16Array(80));
    assert.ok(resampler.flush().length > 0);
    assert.is(resampler.flush().length, 0);
    resampler.process(new Int16Array(80));
    assert.is(resampler.process(new Int16Array(0)).length, 0);
  }
});

test('samples beyond the range are cut off, not wrapped around', () => {
  const square = new Int16Array(1600).map((_, i) => (i % 16 < 8 ? 32767 : -32768));
  const heard = whole({ inputRateHz: 16000, outputRateHz: 48000 }, [square]);
  const middle = heard.subarray(600, 4200);
  // After the rising edge of each period the wave stays above zero for all of its half.
  let wrapped = 0;
  for (let i = 1; i < middle.length; i++) if (Math.abs((middle[i] as number) - (middle[i - 1] as number)) > 45000) wrapped += 1;
  assert.is(wrapped, 0);
  assert.ok(middle.includes(32767) && middle.includes(-32768));
});

test('samples in shared memory are taken too', () => {
  const shared = new Int16Array(new SharedArrayBuffer(320));
  shared.set(tone(1000, 20, 8000, -6));
  const pair = { inputRateHz: 8000, outputRateHz: 16000 };
  assert.equal(new Resampler(pair).process(shared), new Resampler(pair).process(new Int16Array(shared)));
});

test.run();
