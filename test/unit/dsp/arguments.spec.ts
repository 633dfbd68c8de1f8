import { bytesOf, convertRate, EchoCanceller, g711, NoiseSuppressor, Resampler, ResamplerStream, samplesOf, VoiceDetector } from 'talkpath/dsp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

type Refusal = readonly [what: () => unknown, error: 'TypeError' | 'RangeError', message: string];

// biome-ignore lint/suspicious/noExplicitAny: what no compiler would let through is given on purpose
const any = (value: unknown): any => value;
const rates = { inputRateHz: 8000, outputRateHz: 16000 };
const resampler = new Resampler(rates);
const canceller = new EchoCanceller({ sampleRateHz: 16000 });
const suppressor = new NoiseSuppressor({ sampleRateHz: 16000 });
const detector = new VoiceDetector({ sampleRateHz: 16000 });
const block = new Int16Array(160);

function transferredAway(): Int16Array {
  const samples = new Int16Array(160);
  structuredClone(samples, { transfer: [samples.buffer] });
  return samples;
}

/** A view of memory that was made smaller beneath it, so that it lies outside. */
function outside(): Int16Array {
  const memory = new (any(ArrayBuffer))(320, { maxByteLength: 320 });
  const samples = new Int16Array(memory, 0, 160);
  memory.resize(100);
  return samples;
}

/** An array that says of itself that it has another length. */
const lying = (count: number, said: number): Int16Array => Object.defineProperty(new Int16Array(count), 'length', { value: said });

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const liveRates = '8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000, 192000';
const blockRates = '8000, 12000, 16000, 24000, 32000, 44100, 48000';

const refusals: Readonly<Record<string, readonly Refusal[]>> = {
  'options that are none': [
    [
      () => new Resampler(any(undefined)),
      'TypeError',
      'Expected an object with inputRateHz, outputRateHz, quality for the options of Resampler but received nothing',
    ],
    [
      () => new EchoCanceller(any(null)),
      'TypeError',
      'Expected an object with sampleRateHz, maxDelayMs, noiseSuppression, mode for the options of EchoCanceller but received null',
    ],
    [
      () => new VoiceDetector(any([16000])),
      'TypeError',
      'Expected an object with sampleRateHz, mode for the options of VoiceDetector but received Array of 1',
    ],
    [
      () => new NoiseSuppressor(any(16000)),
      'TypeError',
      'Expected an object with sampleRateHz, level for the options of NoiseSuppressor but received 16000 of type number',
    ],
    [
      () => new ResamplerStream(any('8000')),
      'TypeError',
      'Expected an object with inputRateHz, outputRateHz, quality for the options of Resampler but received "8000" of type string',
    ],
  ],
  'options that do not exist': [
    [
      () => new Resampler(any({ ...rates, outputRate: 1 })),
      'TypeError',
      'Expected one of inputRateHz, outputRateHz, quality for an option of Resampler but received "outputRate". Did you mean outputRateHz?',
    ],
  ],
  rates: [
    [() => new Resampler(any({ inputRateHz: 8000 })), 'TypeError', `Expected one of ${liveRates} for outputRateHz but received nothing`],
    [
      () => new Resampler({ ...rates, inputRateHz: 8001 }),
      'RangeError',
      `Expected one of ${liveRates} for inputRateHz but received 8001 of type number`,
    ],
    [
      () => new Resampler({ ...rates, inputRateHz: Number.NaN }),
      'RangeError',
      `Expected one of ${liveRates} for inputRateHz but received NaN of type number`,
    ],
    [
      () => new Resampler({ ...rates, inputRateHz: any('8000') }),
      'TypeError',
      `Expected one of ${liveRates} for inputRateHz but received "8000" of type string`,
    ],
    [
      () => new Resampler({ ...rates, inputRateHz: any(8000n) }),
      'TypeError',
      `Expected one of ${liveRates} for inputRateHz but received 8000 of type bigint`,
    ],
    [
      () => new Resampler({ ...rates, inputRateHz: -8000, quality: 'recording' }),
      'RangeError',
      'Expected integer between 1000 and 384000 for inputRateHz but received -8000 of type number',
    ],
    [
      () => new Resampler({ ...rates, outputRateHz: Number.POSITIVE_INFINITY, quality: 'recording' }),
      'RangeError',
      'Expected integer between 1000 and 384000 for outputRateHz but received Infinity of type number',
    ],
    [
      () => new EchoCanceller({ sampleRateHz: 22050 }),
      'RangeError',
      `Expected one of ${blockRates} for sampleRateHz but received 22050 of type number`,
    ],
    [() => new NoiseSuppressor({ sampleRateHz: 0 }), 'RangeError', `Expected one of ${blockRates} for sampleRateHz but received 0 of type number`],
    [
      () => new VoiceDetector({ sampleRateHz: 96000 }),
      'RangeError',
      `Expected one of ${blockRates} for sampleRateHz but received 96000 of type number`,
    ],
    [
      () => convertRate(block, 8000.5, 16000),
      'RangeError',
      'Expected integer between 1000 and 384000 for inputRateHz but received 8000.5 of type number',
    ],
    [
      () => convertRate(block, 8000, any({})),
      'TypeError',
      'Expected integer between 1000 and 384000 for outputRateHz but received an object of type Object',
    ],
  ],
  'other options': [
    [
      () => new Resampler({ ...rates, quality: any('best') }),
      'RangeError',
      'Expected one of live, recording for quality but received "best" of type string',
    ],
    [() => new Resampler({ ...rates, quality: any(1) }), 'TypeError', 'Expected one of live, recording for quality but received 1 of type number'],
    [
      () => new EchoCanceller({ sampleRateHz: 8000, maxDelayMs: 2000 }),
      'RangeError',
      'Expected integer between 100 and 1200 for maxDelayMs but received 2000 of type number',
    ],
    [
      () => new EchoCanceller({ sampleRateHz: 8000, mode: any('never') }),
      'RangeError',
      'Expected one of always, auto for mode but received "never" of type string',
    ],
    [
      () => new EchoCanceller({ sampleRateHz: 8000, mode: any(true) }),
      'TypeError',
      'Expected one of always, auto for mode but received true of type boolean',
    ],
    [
      () => new EchoCanceller({ sampleRateHz: 8000, noiseSuppression: any(true) }),
      'TypeError',
      'Expected one of off, low, moderate, high for noiseSuppression but received true of type boolean',
    ],
    [
      () => new NoiseSuppressor({ sampleRateHz: 8000, level: any('off') }),
      'RangeError',
      'Expected one of low, moderate, high for level but received "off" of type string',
    ],
    [
      () => new VoiceDetector({ sampleRateHz: 8000, mode: 4 }),
      'RangeError',
      'Expected integer between 0 and 3 for mode but received 4 of type number',
    ],
    [() => new VoiceDetector({ sampleRateHz: 8000, mode: any(null) }), 'TypeError', 'Expected integer between 0 and 3 for mode but received null'],
    [() => resampler.outputSamples(-1), 'RangeError', 'Expected integer between 0 and 1099511627776 for inputSamples but received -1 of type number'],
  ],
  'samples that are none': [
    [() => resampler.process(any(undefined)), 'TypeError', 'Expected an Int16Array for input but received nothing'],
    [() => resampler.process(any(new Float32Array(160))), 'TypeError', 'Expected an Int16Array for input but received Float32Array of 160'],
    [() => resampler.process(any([1, 2, 3])), 'TypeError', 'Expected an Int16Array for input but received Array of 3'],
    [
      () => resampler.process(any(Buffer.alloc(4))),
      'TypeError',
      'Expected an Int16Array for input but received Buffer of 4: samplesOf() makes samples of bytes',
    ],
    [() => resampler.process(any(new ArrayBuffer(4))), 'TypeError', 'Expected an Int16Array for input but received an object of type ArrayBuffer'],
    [() => resampler.process(any(Object.create(null))), 'TypeError', 'Expected an Int16Array for input but received an object'],
    [
      () => resampler.process(any(Object.create(Int16Array.prototype))),
      'TypeError',
      'Expected an Int16Array for input but received an object of type Int16Array',
    ],
    [() => resampler.process(block, any(new Uint16Array(320))), 'TypeError', 'Expected an Int16Array for output but received Uint16Array of 320'],
    [
      () => resampler.process(any(new DataView(new ArrayBuffer(4)))),
      'TypeError',
      'Expected an Int16Array for input but received an object of type DataView',
    ],
    [() => resampler.process(any(new (class {})())), 'TypeError', 'Expected an Int16Array for input but received an object'],
    [() => resampler.process(any({ constructor: { name: Symbol('x') } })), 'TypeError', 'Expected an Int16Array for input but received an object'],
    [() => resampler.process(any(revoked())), 'TypeError', 'Expected an Int16Array for input but received an object'],
    [() => canceller.process(block, any(null)), 'TypeError', 'Expected an Int16Array for farEnd but received null'],
    [() => suppressor.process(any('noise')), 'TypeError', 'Expected an Int16Array for block but received "noise" of type string'],
    [() => detector.process(any(() => block)), 'TypeError', 'Expected an Int16Array for block but received a function'],
    [
      () => convertRate(any(bytesOf(block)), 8000, 16000),
      'TypeError',
      'Expected an Int16Array for samples but received Uint8Array of 320: samplesOf() makes samples of bytes',
    ],
    [() => g711.encodeMulaw(any([1])), 'TypeError', 'Expected an Int16Array for samples but received Array of 1'],
    [() => g711.decodeAlaw(any(block)), 'TypeError', 'Expected a Uint8Array for codes but received Int16Array of 160'],
    [() => samplesOf(any('RIFF')), 'TypeError', 'Expected a Uint8Array for bytes but received "RIFF" of type string'],
  ],
  'memory that has gone': [
    [
      () => resampler.process(transferredAway()),
      'TypeError',
      'Expected an array with its memory for input but received one that was transferred away',
    ],
    [
      () => canceller.process(block, transferredAway()),
      'TypeError',
      'Expected an array with its memory for farEnd but received one that was transferred away',
    ],
    [
      () => detector.process(transferredAway()),
      'TypeError',
      'Expected an array with its memory for block but received one that was transferred away',
    ],
    [() => bytesOf(transferredAway()), 'TypeError', 'Expected an array with its memory for samples but received one that was transferred away'],
    [
      () => resampler.process(outside()),
      'TypeError',
      'Expected an array with its memory for input but received one whose memory was made smaller beneath it',
    ],
    [
      () => resampler.process(new Int16Array(0), outside()),
      'TypeError',
      'Expected an array with its memory for output but received one whose memory was made smaller beneath it',
    ],
    [
      () => bytesOf(outside()),
      'TypeError',
      'Expected an array with its memory for samples but received one whose memory was made smaller beneath it',
    ],
  ],
  lengths: [
    [() => suppressor.process(lying(10, 160)), 'RangeError', 'Expected 160 samples, 10 ms, for block but received 10'],
    [() => canceller.process(block, block, lying(320, 160)), 'RangeError', 'Expected 160 samples, 10 ms, for output but received 320'],
    [() => canceller.process(block.subarray(1), block), 'RangeError', 'Expected 160 samples, 10 ms, for nearEnd but received 159'],
    [() => canceller.process(block, new Int16Array(161)), 'RangeError', 'Expected 160 samples, 10 ms, for farEnd but received 161'],
    [() => canceller.process(block, block, new Int16Array(1)), 'RangeError', 'Expected 160 samples, 10 ms, for output but received 1'],
    [() => suppressor.process(new Int16Array(0)), 'RangeError', 'Expected 160 samples, 10 ms, for block but received 0'],
    [() => detector.process(new Int16Array(320)), 'RangeError', 'Expected 160 samples, 10 ms, for block but received 320'],
    [() => resampler.process(block, new Int16Array(319)), 'RangeError', 'Expected room for 320 in output but received Int16Array of 319'],
    [() => g711.encodeAlaw(block, new Uint8Array(159)), 'RangeError', 'Expected room for 160 in output but received Uint8Array of 159'],
    [() => g711.decodeMulaw(new Uint8Array(9), new Int16Array(8)), 'RangeError', 'Expected room for 9 in output but received Int16Array of 8'],
  ],
};

const codes = { TypeError: 'TP_ERR_DSP_TYPE', RangeError: 'TP_ERR_DSP_RANGE' };

for (const [kind, cases] of Object.entries(refusals)) {
  test(`${kind} are refused with what was expected, where, and what came`, () => {
    for (const [what, error, message] of cases) {
      let thrown: unknown;
      try {
        what();
      } catch (caught) {
        thrown = caught;
      }
      const { name, code, message: said } = (thrown ?? { name: 'none' }) as Error & { code?: string };
      assert.equal({ name, code, said }, { name: error, code: codes[error], said: message }, String(what));
      assert.ok(thrown instanceof (error === 'TypeError' ? TypeError : RangeError));
    }
  });
}

test('an array that says something else of its length is taken for what it has', () => {
  const into = new Int16Array(20);
  assert.is(new Resampler(rates).process(lying(10, 1)).length, 20);
  assert.is(new Resampler(rates).process(lying(10, 1), into), into);
  assert.is(convertRate(lying(10, 1), 8000, 16_000).length, 20);
  assert.is(g711.encodeMulaw(lying(10, 1)).length, 10);
  assert.is(g711.encodeMulaw(lying(10, 1000)).length, 10);
  assert.is(samplesOf(Object.defineProperty(new Uint8Array(20), 'byteLength', { value: 4 })).length, 10);
  assert.is(bytesOf(Object.defineProperty(new Int16Array(20), 'byteLength', { value: 4 })).length, 40);
});

test('a refused block leaves the object as it was', () => {
  const [one, other] = [new VoiceDetector({ sampleRateHz: 16000 }), new VoiceDetector({ sampleRateHz: 16000 })];
  assert.throws(() => one.process(new Int16Array(7)));
  for (let i = 0; i < 50; i++) assert.equal(one.process(block.map((_, n) => n * i)), other.process(block.map((_, n) => n * i)));
});

test.run();
