import * as assert from 'uvu/assert';
import { EmulatedOpenAiSpeech } from '#emulators/openai-speech.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import type { TtsSettings } from '#talkpath/config/providers.js';
import { createOpenAiTts } from '#talkpath/providers/cascade/tts/openai.js';
import type { TextToSpeech } from '#talkpath/providers/cascade/tts/tts.js';
import { failureOf, heard, patient, type VoiceBench } from '../../../support/conformance/tts-bench.js';
import { ttsKit } from '../../../support/conformance/tts-kit.js';
import { eventually } from '../../../support/deadline.js';

const never = new AbortController().signal;

const settingsFor = (service: EmulatedOpenAiSpeech): TtsSettings<'openai'> => ({
  type: 'openai',
  url: `${service.url}/v1`,
  api_key: service.key,
  model: 'gpt-4o-mini-tts',
  voice: 'marin',
});

const test = ttsKit('text to speech by OpenAI', {
  outputs: [pcm16(24_000)],
  service: () => new EmulatedOpenAiSpeech(),
  create: (service, clock, limits) => createOpenAiTts(settingsFor(service), clock, limits),
  key: 'openai-key',
  connects: 'when-spoken',
  garbage: [],
});

async function spokenBy(tts: TextToSpeech, bench: VoiceBench<EmulatedOpenAiSpeech>): Promise<Buffer> {
  const session = await tts.open({ output: pcm16(24_000), language: undefined, signal: bench.call.signal, on: () => {} });
  return heard(session.speak('Hello.', 1, never));
}

test('the voice is told how to speak, when that is set', async ({ bench }) => {
  const settings = settingsFor(bench.service);
  await spokenBy(createOpenAiTts(settings, bench.clock), bench);
  await spokenBy(createOpenAiTts({ ...settings, instructions: '' }, bench.clock), bench);
  await spokenBy(createOpenAiTts({ ...settings, instructions: 'Speak like a nurse.' }, bench.clock), bench);
  assert.equal(bench.service.instructions, [undefined, undefined, 'Speak like a nurse.']);
  assert.equal(bench.service.violations, []);
});

test('a server that wants no key gets none, whatever the environment has', async ({ bench }) => {
  const names = ['OPENAI_API_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = 'of-somebody-else';
  try {
    bench.service.needsKey = false;
    const { api_key: _none, ...settings } = settingsFor(bench.service);
    const tts = createOpenAiTts(settings, bench.clock);
    assert.ok((await spokenBy(tts, bench)).equals(bench.whole('Hello.')));
    await tts.probe?.(never);
    assert.equal(bench.service.violations, []);
  } finally {
    for (const [i, name] of names.entries()) {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    }
  }
});

test('a request that failed is not made again without anybody knowing', async ({ bench }) => {
  const session = await bench.open();
  for (const status of [500, 429, 409]) {
    bench.service.nextStatus = status;
    await failureOf(heard(session.speak('Hello.', 1, never)));
  }
  assert.equal(bench.service.spoken, []);
});

for (const contentType of ['application/json', 'text/event-stream']) {
  test(`an answer of ${contentType} is no audio`, async ({ bench }) => {
    bench.service.contentType = contentType;
    const session = await bench.open();
    assert.is((await failureOf(heard(session.speak('Hello.', 1, never)))).code, 'TP_ERR_PROVIDER_PROTOCOL');
  });
}

test('an answer without any audio is a failure', async ({ bench }) => {
  bench.service.manner.msPerCharacter = 0;
  const session = await bench.open();
  assert.is((await failureOf(heard(session.speak('Hello.', 1, never)))).code, 'TP_ERR_PROVIDER_PROTOCOL');
});

test('a model that is not there is a request that cannot be, and says nothing of the text', async ({ bench }) => {
  const tts = createOpenAiTts({ ...settingsFor(bench.service), model: 'nothing' }, bench.clock, patient);
  const failure = await failureOf(spokenBy(tts, bench));
  assert.is(failure.code, 'TP_ERR_PROVIDER_REQUEST');
  assert.not.match(failure.message, 'Hello');
});

test('a server of its own that does not list its models is there all the same', async ({ bench }) => {
  bench.service.knowsModels = false;
  await (await bench.tts()).probe?.(never);
});

test('what is to be said is not taken to another host', async ({ bench }) => {
  const other = new EmulatedOpenAiSpeech();
  await other.listen();
  try {
    bench.service.fault = { type: 'redirect', to: other.url };
    const session = await bench.open();
    assert.is((await failureOf(heard(session.speak('Hello.', 1, never)))).code, 'TP_ERR_PROVIDER_CONNECT');
    assert.is((await failureOf((await bench.tts()).probe?.(never) as Promise<void>)).code, 'TP_ERR_PROVIDER_CONNECT');
    assert.equal([other.spoken, other.violations], [[], []]);
  } finally {
    await other.close();
  }
});

for (const [status, code] of [
  [401, 'TP_ERR_PROVIDER_REFUSED'],
  [200, 'TP_ERR_PROVIDER_PROTOCOL'],
] as const) {
  test(`an answer of status ${status} that does not end is broken off`, async ({ bench }) => {
    bench.service.fault = { type: 'endless', status };
    const session = await bench.open();
    assert.is((await failureOf(heard(session.speak('Hello.', 1, never)))).code, code);
    await eventually(2000, 'the end of the connection', () => bench.service.openConnections === 0, 2);
  });
}

test('a probe reads no list that does not end', async ({ bench }) => {
  const tts = await bench.tts();
  bench.service.fault = { type: 'endless', status: 200 };
  await tts.probe?.(never);
  bench.service.fault = { type: 'endless', status: 401 };
  assert.is((await failureOf(tts.probe?.(never) as Promise<void>)).code, 'TP_ERR_PROVIDER_REFUSED');
  await eventually(2000, 'the end of the connections', () => bench.service.openConnections === 0, 2);
});

test.run();
