import * as assert from 'uvu/assert';
import { EmulatedPolly } from '#emulators/polly.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import type { TtsSettings } from '#talkpath/config/providers.js';
import { createPollyTts } from '#talkpath/providers/cascade/tts/polly.js';
import { type Failure, failureOf, heard, patient, type VoiceBench } from '../../../support/conformance/tts-bench.js';
import { ttsKit } from '../../../support/conformance/tts-kit.js';
import { eventually } from '../../../support/deadline.js';

const never = new AbortController().signal;

const settingsFor = ({ url, keys }: EmulatedPolly): TtsSettings<'polly'> => ({
  type: 'polly',
  url,
  region: keys.region,
  access_key_id: keys.id,
  secret_access_key: keys.secret,
  voice: 'Joanna',
  engine: 'neural',
});

const test = ttsKit('text to speech by Polly', {
  outputs: [pcm16(8000), pcm16(16_000)],
  service: () => new EmulatedPolly(),
  create: (service, clock, limits) => createPollyTts(settingsFor(service), clock, limits),
  key: 'polly-secret',
  connects: 'when-spoken',
  garbage: [],
});

async function refusedWith(settings: TtsSettings<'polly'>, bench: VoiceBench<EmulatedPolly>): Promise<Failure> {
  const tts = await createPollyTts(settings, bench.clock, patient);
  const session = await tts.open({ output: pcm16(8000), language: undefined, signal: bench.call.signal, on: () => {} });
  const failure = await failureOf(heard(session.speak('My name is Marmalade.', 1, never)));
  await tts.close();
  assert.not.match(failure.message, 'Marmalade');
  return failure;
}

for (const [name, status, code] of [
  ['ThrottlingException', 400, 'TP_ERR_PROVIDER_BUSY'],
  ['AccessDeniedException', 400, 'TP_ERR_PROVIDER_REFUSED'],
  ['ExpiredTokenException', 403, 'TP_ERR_PROVIDER_REFUSED'],
  ['TextLengthExceededException', 400, 'TP_ERR_PROVIDER_REQUEST'],
  ['ServiceFailureException', 500, 'TP_ERR_PROVIDER_CONNECT'],
  ['ServiceUnavailable', 503, 'TP_ERR_PROVIDER_BUSY'],
] as const) {
  test(`an answer of ${name} is ${code}`, async ({ bench }) => {
    bench.service.nextError = [name, status];
    assert.is((await refusedWith(settingsFor(bench.service), bench)).code, code);
  });
}

test('a secret that is not the right one is refused', async ({ bench }) => {
  const { code } = await refusedWith({ ...settingsFor(bench.service), secret_access_key: 'another' }, bench);
  assert.is(code, 'TP_ERR_PROVIDER_REFUSED');
  assert.equal(bench.service.violations, ['InvalidSignatureException']);
});

test('a voice without the engine that is set is a request that cannot be', async ({ bench }) => {
  const { code } = await refusedWith({ ...settingsFor(bench.service), voice: 'Brian', engine: 'generative' }, bench);
  assert.is(code, 'TP_ERR_PROVIDER_REQUEST');
});

test('an answer that is no audio is not played', async ({ bench }) => {
  bench.service.contentType = 'application/json';
  assert.is((await refusedWith(settingsFor(bench.service), bench)).code, 'TP_ERR_PROVIDER_PROTOCOL');
});

test('keys come in pairs', async ({ bench }) => {
  const { access_key_id: _id, ...withoutId } = settingsFor(bench.service);
  const { secret_access_key: _secret, ...withoutSecret } = settingsFor(bench.service);
  for (const [settings, missing] of [
    [withoutId, 'access_key_id is missing'],
    [withoutSecret, 'secret_access_key is missing'],
  ] as const) {
    const failure = await failureOf(createPollyTts(settings, bench.clock));
    assert.is(failure.code, 'TP_ERR_CONFIG_INVALID');
    assert.match(failure.message, missing);
  }
});

test('without keys, those of the environment are taken; without any, it is told', async ({ bench }) => {
  const { access_key_id: _id, secret_access_key: _secret, ...settings } = settingsFor(bench.service);
  const before = { ...process.env };
  // Nothing of this machine: no file, no profile, no service that gives keys away.
  const own = { AWS_EC2_METADATA_DISABLED: 'true', AWS_SHARED_CREDENTIALS_FILE: '/nowhere', AWS_CONFIG_FILE: '/nowhere' };
  try {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, own);
    assert.is((await refusedWith(settings, bench)).code, 'TP_ERR_PROVIDER_REFUSED');
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: bench.service.keys.id, AWS_SECRET_ACCESS_KEY: bench.service.keys.secret });
    const tts = await createPollyTts(settings, bench.clock, patient);
    await tts.probe?.(never);
    await tts.close();
    assert.equal(bench.service.violations, []);
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
});

test('a voice that is closed keeps no connection', async ({ bench }) => {
  const session = await bench.open();
  await heard(session.speak('Goodbye.', 1, never));
  assert.is(bench.service.openConnections, 1);
  await (await bench.tts()).close();
  await eventually(5000, 'the end of the connection', () => bench.service.openConnections === 0, 5);
});

test.run();
