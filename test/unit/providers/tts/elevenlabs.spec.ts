import * as assert from 'uvu/assert';
import { EmulatedElevenLabs } from '#emulators/elevenlabs.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import type { TtsSettings } from '#talkpath/config/providers.js';
import { createElevenLabsTts } from '#talkpath/providers/cascade/tts/elevenlabs.js';
import { begun, failureOf, heard } from '../../../support/conformance/tts-bench.js';
import { ttsKit } from '../../../support/conformance/tts-kit.js';
import { eventually } from '../../../support/deadline.js';
import { ManualClock } from '../../../support/manual-clock.js';

const settingsFor = (service: EmulatedElevenLabs): TtsSettings<'elevenlabs'> => ({
  type: 'elevenlabs',
  url: service.url,
  api_key: service.key,
  voice: service.voice,
  model: 'eleven_flash_v2_5',
  stability: 0.4,
  similarity_boost: 0.8,
  speed: 1.1,
});

const never = new AbortController().signal;

const test = ttsKit('text to speech by ElevenLabs', {
  outputs: [{ encoding: 'mulaw', rateHz: 8000 }, pcm16(16_000), pcm16(24_000)],
  service: () => new EmulatedElevenLabs(),
  create: (service, clock, limits) => createElevenLabsTts(settingsFor(service), clock, limits),
  key: 'elevenlabs-key',
  connects: 'when-opened',
  garbage: ['garbage-json', 'garbage-base64'],
});

test('a call has one socket, whatever is spoken', async ({ bench }) => {
  const session = await bench.open();
  for (const text of ['One.', 'Two.', 'Three.']) await heard(session.speak(text, 1, never));
  assert.is(bench.service.languages.length, 1);
});

test('the voice sounds as it is set to', async ({ bench }) => {
  const session = await bench.open();
  await heard(session.speak('Hello.', 1, never));
  for (const settings of bench.service.voiceSettings) assert.equal(settings, { stability: 0.4, similarity_boost: 0.8, speed: 1.1 });
  assert.ok(bench.service.voiceSettings.length >= 2);
});

test('the language of the call is told, without its country', async ({ bench }) => {
  await bench.open({ language: 'de-CH' });
  await bench.open();
  assert.equal(bench.service.languages, ['de', null]);
});

test('a sentence leaves no context open', async ({ bench }) => {
  const session = await bench.open();
  await heard(session.speak('Hello.', 1, never));
  await eventually(5000, 'all contexts but the one that stays', () => bench.service.openContexts === 1, 5);
});

test('the sentence after many that were cut waits for a place, and does not break the limit', async ({ bench }) => {
  bench.service.manner.pace = 4;
  const session = await bench.open();
  for (let turn = 1; turn <= 5; turn += 1) {
    const abort = new AbortController();
    const { rest } = await begun(session.speak('A sentence that goes on for a while.', turn, abort.signal));
    abort.abort();
    assert.ok((await rest.next()).done);
  }
  assert.ok((await heard(session.speak('Now.', 6, never))).equals(bench.whole('Now.')));
  assert.equal(bench.service.violations, []);
});

for (const [word, code] of [
  ['quota_exceeded', 'TP_ERR_PROVIDER_BUSY'],
  ['max_active_conversations', 'TP_ERR_PROVIDER_BUSY'],
  ['invalid_api_key', 'TP_ERR_PROVIDER_REFUSED'],
  ['input_timeout_exceeded', 'TP_ERR_PROVIDER_LOST'],
  ['model_not_found', 'TP_ERR_PROVIDER_REQUEST'],
  ['Something: that was "said"', 'TP_ERR_PROVIDER_LOST'],
] as const) {
  test(`a sentence that is refused with ${word} is ${code}, and not repeated`, async ({ bench }) => {
    const session = await bench.open();
    await heard(session.speak('My name is Marmalade.', 1, never));
    bench.service.nextError = word;
    const failure = await failureOf(heard(session.speak('Really.', 1, never)));
    assert.is(failure.code, code);
    assert.not.match(failure.message, /Marmalade|said/);
    assert.is(bench.failures, 0);
    bench.service.nextError = undefined;
    assert.ok((await heard(session.speak('And on.', 2, never))).equals(bench.whole('And on.')));
  });
}

test('a voice that is not there is told before anything is spoken', async ({ bench }) => {
  const { service } = bench;
  const tts = createElevenLabsTts({ ...settingsFor(service), voice: 'nobody' }, bench.clock);
  const codes: string[] = [];
  const on = (event: { type: string; error?: { code: string } }): void => void codes.push(event.error?.code ?? event.type);
  const session = await tts.open({ output: pcm16(16_000), language: undefined, signal: bench.call.signal, on });
  await eventually(5000, 'the failure', () => codes.length > 0, 5);
  assert.equal(codes, ['TP_ERR_PROVIDER_REQUEST']);
  session.close();
});

test('a session that nobody speaks through keeps its socket, until it is closed', async ({ bench }) => {
  const { service } = bench;
  const clock = new ManualClock();
  const tts = createElevenLabsTts(settingsFor(service), clock);
  const session = await tts.open({ output: pcm16(16_000), language: undefined, signal: never, on: () => {} });
  for (let sent = 1; sent <= 3; sent += 1) {
    clock.advance(20_000);
    await eventually(5000, 'a sign of life', () => service.keepAlives === sent, 5);
  }
  session.close();
  clock.advance(1000);
  assert.is(clock.pending, 0);
  assert.equal(service.violations, []);
});

test('contexts that the service never ends are left behind with their socket', async ({ bench }) => {
  const { service } = bench;
  const clock = new ManualClock();
  const tts = createElevenLabsTts(settingsFor(service), clock);
  const session = await tts.open({ output: pcm16(16_000), language: undefined, signal: bench.call.signal, on: () => {} });
  service.fault = { type: 'stall-in-reply', afterMs: 100 };
  for (let turn = 1; turn <= 4; turn += 1) {
    const abort = new AbortController();
    const { rest } = await begun(session.speak('This will never be finished.', turn, abort.signal));
    abort.abort();
    assert.ok((await rest.next()).done);
  }
  service.fault = undefined;
  const next = heard(session.speak('But this.', 5, never));
  clock.advance(10_000);
  assert.ok((await next).equals(bench.whole('But this.', pcm16(16_000))));
  assert.is(service.languages.length, 2);
  session.close();
  clock.advance(1000);
  assert.is(clock.pending, 0);
});

test('a sentence that was cut and is finished leaves the socket as it was', async ({ bench }) => {
  const { service } = bench;
  const clock = new ManualClock();
  const tts = createElevenLabsTts(settingsFor(service), clock);
  const session = await tts.open({ output: pcm16(16_000), language: undefined, signal: bench.call.signal, on: () => {} });
  const abort = new AbortController();
  const { rest } = await begun(session.speak('This is cut.', 1, abort.signal));
  abort.abort();
  assert.ok((await rest.next()).done);
  await eventually(5000, 'its end at the service', () => service.openContexts === 1, 5);
  assert.ok((await heard(session.speak('And on.', 2, never))).length > 0);
  clock.advance(10_000);
  assert.ok((await heard(session.speak('And on.', 2, never))).length > 0);
  assert.is(service.languages.length, 1);
});

test('a session that was forgotten by the service is opened again for the next sentence', async ({ bench }) => {
  bench.service.inactivitySecondMs = 1;
  const session = await bench.open();
  await eventually(5000, 'the end of the socket', () => bench.service.openConnections === 0, 5);
  bench.service.inactivitySecondMs = 1000;
  assert.ok((await heard(session.speak('Still here.', 1, never))).equals(bench.whole('Still here.')));
  assert.is(bench.failures, 0);
});

test.run();
