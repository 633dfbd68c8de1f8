import { inspect } from 'node:util';
import * as assert from 'uvu/assert';
import { EmulatedRivaTts } from '#emulators/riva-tts.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import type { TtsSettings } from '#talkpath/config/providers.js';
import { failureOf as failureOfStatus } from '#talkpath/providers/cascade/tts/riva/failure.js';
import { createRivaTts } from '#talkpath/providers/cascade/tts/riva.js';
import { failureOf, heard, patient, type VoiceBench } from '../../../support/conformance/tts-bench.js';
import { ttsKit } from '../../../support/conformance/tts-kit.js';
import { eventually } from '../../../support/deadline.js';
import { rejectionOf } from '../../../support/rejection.js';

const never = new AbortController().signal;

const settingsFor = ({ url, key, functionId }: EmulatedRivaTts): TtsSettings<'riva'> => ({
  type: 'riva',
  url,
  api_key: key,
  function_id: functionId,
  language: 'en-US',
});

const test = ttsKit('text to speech by Riva', {
  outputs: [pcm16(8000), pcm16(16_000), pcm16(24_000)],
  service: () => new EmulatedRivaTts(),
  create: (service, clock, limits) => createRivaTts(settingsFor(service), clock, limits),
  key: 'nvapi-key',
  connects: 'when-spoken',
  garbage: [],
});

async function spokenBy(settings: TtsSettings<'riva'>, bench: VoiceBench<EmulatedRivaTts>): Promise<Buffer> {
  const tts = await createRivaTts(settings, bench.clock, patient);
  try {
    const session = await tts.open({ output: pcm16(8000), language: undefined, signal: bench.call.signal, on: () => {} });
    return await heard(session.speak('My name is Marmalade.', 1, never));
  } finally {
    await tts.close();
  }
}

test('a voice may be named', async ({ bench }) => {
  await spokenBy({ ...settingsFor(bench.service), voice: 'English-US.Female-1' }, bench);
  assert.equal(bench.service.violations, []);
});

test('a voice that is not there is a request that cannot be, and says nothing of the text', async ({ bench }) => {
  const failure = await failureOf(spokenBy({ ...settingsFor(bench.service), voice: 'nobody' }, bench));
  assert.is(failure.code, 'TP_ERR_PROVIDER_REQUEST');
  assert.not.match(failure.message, 'Marmalade');
});

test('a server of its own that wants no key gets none', async ({ bench }) => {
  bench.service.needsKey = false;
  const { api_key: _key, function_id: _id, ...settings } = settingsFor(bench.service);
  assert.ok((await spokenBy(settings, bench)).length > 0);
  assert.equal(bench.service.violations, []);
});

for (const set of [{ api_key: 'sk-4711\n' }, { function_id: 'sk-4711ü' }]) {
  test(`a ${Object.keys(set)[0]} that cannot be sent is not repeated`, async ({ bench }) => {
    const error = await rejectionOf(createRivaTts({ ...settingsFor(bench.service), ...set }, bench.clock, patient));
    assert.is(error.code, 'TP_ERR_PROVIDER_REQUEST');
    assert.not.match(inspect(error), /4711/);
  });
}

test('another key is refused', async ({ bench }) => {
  const failure = await failureOf(spokenBy({ ...settingsFor(bench.service), api_key: 'nvapi-another' }, bench));
  assert.is(failure.code, 'TP_ERR_PROVIDER_REFUSED');
});

test('a server that does not tell its configuration is there all the same', async ({ bench }) => {
  bench.service.knowsConfig = false;
  await (await bench.tts()).probe?.(never);
});

test('calls share one connection, which ends with the voice', async ({ bench }) => {
  const [one, two] = [await bench.open(), await bench.open()];
  await Promise.all([heard(one.speak('One.', 1, never)), heard(two.speak('Two.', 1, never))]);
  assert.is(bench.service.openConnections, 1);
  one.close();
  two.close();
  await (await bench.tts()).close();
  await eventually(5000, 'the end of the connection', () => bench.service.openConnections === 0, 5);
});

test('every status of gRPC is a failure of its kind', () => {
  const codes = Array.from({ length: 17 }, (_, code) => failureOfStatus({ code, details: 'said' }));
  assert.equal(
    codes.map(({ code }) => code.replace('TP_ERR_PROVIDER_', '')),
    'CONNECT LOST CONNECT REQUEST TIMEOUT REQUEST CONNECT REFUSED BUSY REQUEST CONNECT REQUEST REQUEST CONNECT CONNECT LOST REFUSED'.split(' '),
  );
  assert.ok(codes.every(({ message }) => !message.includes('said')));
  assert.is(failureOfStatus({ code: 14 }, true).code, 'TP_ERR_PROVIDER_LOST');
});

test.run();
