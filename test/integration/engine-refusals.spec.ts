import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordingRatesHz } from '#talkpath/base/audio-format.js';
import { settingsSchema } from '#talkpath/config/schema.js';
import { addon, type SessionOptions } from '#talkpath/native/addon.js';
import { AgentEnd } from '#talkpath/native/agent-end.js';
import { startEngine, stopEngine } from '#talkpath/native/engine.js';
import { LineEnd, openSession } from '#talkpath/native/line-end.js';

const test = suite('what the engine refuses');
test.before(() => startEngine({ workers: 1, realtime: false }));
test.after(() => stopEngine());

const options: SessionOptions = {
  lineRateHz: 8000,
  highPassHz: 80,
  noiseSuppression: 0,
  comfortNoiseDbfs: 0,
  echoCancellation: 0,
  echoMaxDelayMs: 500,
  voiceMode: 2,
  speechOnsetMs: 60,
  speechHangoverMs: 200,
};

/** The setting of docs/configuration.md, its least and its most; those without a name are written as words there. */
const ranges: Readonly<Record<Exclude<keyof SessionOptions, 'lineRateHz'>, readonly [setting: string, what: string, least: number, most: number]>> = {
  highPassHz: ['high_pass_hz', 'number', 20, 400],
  noiseSuppression: ['noise_suppression', 'integer', 0, 3],
  comfortNoiseDbfs: ['comfort_noise_dbfs', '0 or a number', -70, -40],
  echoCancellation: ['echo_cancellation', 'integer', 0, 2],
  echoMaxDelayMs: ['echo_max_delay_ms', 'integer', 100, 1200],
  voiceMode: ['voice_mode', 'integer', 0, 3],
  speechOnsetMs: ['speech_onset_ms', 'integer', 20, 400],
  speechHangoverMs: ['speech_hangover_ms', 'integer', 50, 2000],
};
const writtenAsWords = ['noise_suppression', 'echo_cancellation'];

// biome-ignore lint/suspicious/noExplicitAny: what no compiler would let through is given on purpose
const any = (value: unknown): any => value;

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

const refusalOf = (field: string, value: unknown): string => messageOf(() => openSession({ ...options, [field]: value }).close());

test('a session is opened at both ends of every range, and refused beyond them by name, value and range', () => {
  for (const [field, [setting, what, least, most]] of Object.entries(ranges)) {
    for (const value of [least, most]) assert.is(refusalOf(field, value), 'nothing was thrown', `${field} ${value}`);
    for (const value of [least - 1, most + 1]) {
      assert.is(refusalOf(field, value), `Expected ${what} between ${least} and ${most} for ${setting} but received ${value}`);
    }
  }
  assert.is(refusalOf('lineRateHz', 48_000), 'Expected one of 8000, 16000, 24000 for line_rate_hz but received 48000');
});

test('the settings have the ranges of the engine', () => {
  const takes = (setting: string, value: number): boolean =>
    settingsSchema.safeParse({ profiles: { one: { line_rate_hz: 8000, [setting]: value } } }).success;
  for (const [setting, , least, most] of Object.values(ranges).filter(([name]) => !writtenAsWords.includes(name))) {
    assert.equal(
      [least - 1, least, most, most + 1].map((value) => takes(setting, value)),
      [false, true, true, false],
      setting,
    );
  }
});

test('a setting of another type is refused, and not taken for 0', () => {
  for (const field of Object.keys(options)) {
    const what = field === 'highPassHz' || field === 'comfortNoiseDbfs' ? 'number' : 'integer';
    const received = { nothing: undefined, null: null, '"80" of type string': '80', 'an object': {}, true: true };
    for (const [shown, value] of Object.entries(received)) assert.is(refusalOf(field, value), `Expected ${what} for ${field} but received ${shown}`);
    if (what === 'integer') {
      for (const value of [1.5, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY]) {
        assert.is(refusalOf(field, value), `Expected integer for ${field} but received ${value}`);
      }
    }
  }
  assert.is(refusalOf('highPassHz', Number.NaN), 'Expected number between 20 and 400 for high_pass_hz but received NaN');
  assert.is(refusalOf('comfortNoiseDbfs', -Infinity), 'Expected 0 or a number between -70 and -40 for comfort_noise_dbfs but received -Infinity');
  assert.is(
    messageOf(() => addon.openSession(any(undefined))),
    'Expected an object for the options but received nothing',
  );
  const broken = {
    get lineRateHz() {
      throw new Error('a getter of mine');
    },
  };
  assert.is(
    messageOf(() => addon.openSession(any(broken))),
    'a getter of mine',
  );
});

test('an engine is started once, with workers and a choice', () => {
  assert.match(
    messageOf(() => startEngine({ workers: 1, realtime: false })),
    /already running in this process, which can have but one: stop it first$/,
  );
  stopEngine();
  for (const workers of [0, 65]) {
    assert.is(
      messageOf(() => startEngine({ workers, realtime: false })),
      `Expected integer between 1 and 64 for engine.workers but received ${workers}`,
    );
  }
  assert.is(
    messageOf(() => startEngine({ workers: any('2'), realtime: false })),
    'Expected integer for workers but received "2" of type string',
  );
  assert.is(
    messageOf(() => startEngine({ workers: 1, realtime: any(undefined) })),
    'Expected true or false for realtime but received nothing',
  );
  assert.is(
    messageOf(() => openSession(options)),
    'The engine is not running: start it first',
  );
  startEngine({ workers: 1, realtime: false });
});

test('an agent end is refused a rate and a depth that cannot be, and the session is left for another', () => {
  const lineEnd = openSession(options);
  const rates = '8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000';
  for (const rateHz of [11_025, 96_000, 0]) {
    assert.is(
      messageOf(() => new AgentEnd(lineEnd.sessionId, rateHz, 60)),
      `Expected one of ${rates} for agentRateHz but received ${rateHz}. A Resampler of talkpath/dsp converts to one of them`,
    );
  }
  for (const depthMs of [19, 1001, -1, Number.NaN, 60.5]) {
    assert.is(
      messageOf(() => new AgentEnd(lineEnd.sessionId, 8000, depthMs)),
      `Expected integer between 20 and 1000 for startDepthMs but received ${depthMs}`,
    );
  }
  const agentEnd = new AgentEnd(lineEnd.sessionId, 8000, 1000);
  assert.match(
    messageOf(() => agentEnd.push(1, new Uint8Array(2), 96_000, false)),
    new RegExp(`^Expected one of ${rates} for rateHz but received 96000\\. `),
  );
  assert.match(
    messageOf(() => lineEnd.push(new Uint8Array(2), 0, 2, 11_025)),
    new RegExp(`^Expected one of ${rates}, 96000, 192000 for rateHz but received 11025\\. `),
  );
  agentEnd.release();
  lineEnd.close();
});

test('a command that there is not is refused', () => {
  const lineEnd = openSession(options);
  const agentEnd = new addon.AgentEnd(lineEnd.sessionId, 8000, 20);
  for (const type of [-1, 5]) {
    assert.is(
      messageOf(() => agentEnd.command(type, 0)),
      `Expected integer between 0 and 4 for type but received ${type}`,
    );
  }
  agentEnd.release();
  lineEnd.close();
});

test('an end of a session that is not open, or has it, names the session', () => {
  const lineEnd = openSession(options);
  assert.is(
    messageOf(() => new LineEnd(lineEnd.sessionId, 8000)),
    `Session ${lineEnd.sessionId} has its line end already, and can have but one: open another session`,
  );
  lineEnd.close();
  for (const make of [() => new LineEnd(lineEnd.sessionId, 8000), () => new AgentEnd(lineEnd.sessionId, 8000, 20)]) {
    assert.is(messageOf(make), `Expected the id of an open session for sessionId but received ${lineEnd.sessionId}: it has ended. Open another one`);
  }
});

test('a stage by itself is refused what cannot be', () => {
  const [lowestHz, highestHz] = recordingRatesHz;
  const refusals: readonly (readonly [() => unknown, string])[] = [
    [() => new addon.EchoCanceller(16_000, 500, 4, true), 'Expected integer between 0 and 3 for noiseSuppression but received 4'],
    [() => new addon.EchoCanceller(16_000, 500, -1, true), 'Expected integer between 0 and 3 for noiseSuppression but received -1'],
    [
      () => new addon.EchoCanceller(16_000, 50, 0, true),
      'Expected integer between 100 and 1200 for max_delay_ms of the echo canceller but received 50',
    ],
    [() => new addon.EchoCanceller(any('16000'), 500, 0, true), 'Expected integer for sampleRateHz but received "16000" of type string'],
    [() => new addon.EchoCanceller(16_000, 500, 0, any(1)), 'Expected true or false for always but received 1'],
    [() => new addon.NoiseSuppressor(16_000, 0), 'Expected 1 (low), 2 (moderate) or 3 (high) for level of the noise suppressor but received 0'],
    [() => new addon.NoiseSuppressor(16_000, 4), 'Expected 1 (low), 2 (moderate) or 3 (high) for level of the noise suppressor but received 4'],
    [() => new addon.NoiseSuppressor(16_000, any(undefined)), 'Expected integer for level but received nothing'],
    [() => new addon.VoiceDetector(16_000, 4), 'Expected integer between 0 and 3 for mode of the voice detector but received 4'],
    [() => new addon.VoiceDetector(16_000, 1.5), 'Expected integer for mode but received 1.5'],
    [() => new addon.Resampler(8000, Number.NaN), 'Expected integer for outputRateHz but received NaN'],
    [() => new addon.RecordingResampler(8000.5, 8000), 'Expected integer for inputRateHz but received 8000.5'],
    [
      () => new addon.RecordingResampler(lowestHz - 1, 8000),
      `Expected integer between ${lowestHz} and ${highestHz} for input_rate_hz but received 999`,
    ],
    [
      () => new addon.RecordingResampler(8000, highestHz + 1),
      `Expected integer between ${lowestHz} and ${highestHz} for output_rate_hz but received 384001`,
    ],
    [() => addon.convertRate(new Int16Array(2), 8000, 8000.5, new Int16Array(2)), 'Expected integer for outputRateHz but received 8000.5'],
  ];
  for (const [make, message] of refusals) assert.is(messageOf(make), message);
  new addon.RecordingResampler(lowestHz, highestHz).close();
});

test.run();
