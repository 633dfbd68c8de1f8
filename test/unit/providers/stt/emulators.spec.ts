import { once } from 'node:events';
import { Client, credentials, Metadata, type StatusObject } from '@grpc/grpc-js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { DeepgramListen } from '#emulators/deepgram-listen.js';
import { OpenAiTranscription } from '#emulators/openai-transcription.js';
import { Riva } from '#emulators/riva.js';
import { rivaServiceDefinition } from '#emulators/riva-descriptor.js';
import { within } from '../../../support/deadline.js';
import { tone } from '../../../support/sound.js';
import { wavBytes } from '../../../support/wav.js';

/** That the emulated services refuse a wrong client: otherwise their lists of violations would prove nothing. */
interface Emulated {
  readonly violations: readonly string[];
  listen(): Promise<void>;
  close(): Promise<void>;
}

function it<T extends Emulated>(name: string, make: () => T, run: (service: T) => Promise<void>): void {
  test(name, async () => {
    const service = make();
    await service.listen();
    try {
      await within(5000, name, run(service));
      assert.ok(service.violations.length > 0, 'it is noted');
    } finally {
      await service.close();
    }
  });
}

const rightQuery = 'model=nova-3&encoding=mulaw&sample_rate=8000&channels=1';
const token = { authorization: 'Token deepgram-key' };

/** The status with which a handshake is refused. */
async function handshakeStatus(service: DeepgramListen, path: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}${path}`, { headers });
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

for (const [what, path, headers, status] of [
  ['without a key', `/v1/listen?${rightQuery}`, {}, 401],
  ['with a key of another kind', `/v1/listen?${rightQuery}`, { authorization: 'Bearer deepgram-key' }, 401],
  ['at another path', `/v1/speak?${rightQuery}`, token, 404],
  ['without an encoding', '/v1/listen?model=nova-3&sample_rate=8000', token, 400],
  ['with an unknown model', `/v1/listen?${rightQuery.replace('nova-3', 'flux-general-en')}`, token, 400],
  ['with an unknown parameter', `/v1/listen?${rightQuery}&eot_threshold=0.7`, token, 400],
  ['with a flag that is none', `/v1/listen?${rightQuery}&interim_results=yes`, token, 400],
  ['with a language that is none', `/v1/listen?${rightQuery}&language=German`, token, 400],
  ['with a threshold beyond its range', '/v2/listen?model=flux-general-en&encoding=mulaw&sample_rate=8000&eot_threshold=0.4', token, 400],
  ['with a hint that its model does not take', '/v2/listen?model=flux-general-en&encoding=mulaw&sample_rate=8000&language_hint=de', token, 400],
] as const) {
  it(
    `Deepgram refuses a client ${what}`,
    () => new DeepgramListen(),
    async (service) => {
      assert.is(await handshakeStatus(service, path, { ...headers }), status);
    },
  );
}

for (const [what, path, send, code] of [
  ['a message of listen v2', `/v1/listen?${rightQuery}`, '{"type":"ForceEndTurn"}', 1008],
  ['no JSON', `/v1/listen?${rightQuery}`, 'Finalize', 1008],
  ['a field too many', `/v1/listen?${rightQuery}`, '{"type":"Finalize","now":true}', 1008],
  ['a message of listen v1', '/v2/listen?model=flux-general-en&encoding=mulaw&sample_rate=8000', '{"type":"KeepAlive"}', 1008],
] as const) {
  it(
    `Deepgram closes the connection of a client that sends ${what}`,
    () => new DeepgramListen(),
    async (service) => {
      const socket = new WebSocket(`${service.url.replace('http', 'ws')}${path}`, { headers: { ...token } });
      await once(socket, 'open');
      socket.send(send);
      assert.is((await once(socket, 'close'))[0], code);
    },
  );
}

it(
  'Deepgram closes a connection on which nothing comes',
  () => Object.assign(new DeepgramListen(), { idleMs: 50 }),
  async (service) => {
    const socket = new WebSocket(`${service.url.replace('http', 'ws')}/v1/listen?${rightQuery}`, { headers: { ...token } });
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    assert.is(code, 1011);
    assert.is(reason.toString(), 'NET-0001');
  },
);

const speech = wavBytes({ rateHz: 8000, samples: tone(300, 500, 8000) });

async function transcriptionStatus(
  service: OpenAiTranscription,
  { fields = {}, file = speech, name = 'a.wav', key = 'openai-key', path = '/v1/audio/transcriptions', headers = {} as Record<string, string> },
): Promise<number> {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(file)], name));
  for (const [field, value] of Object.entries({ model: 'whisper-1', ...fields })) form.set(field, value);
  const response = await fetch(`${service.url}${path}`, { method: 'POST', body: form, headers: { authorization: `Bearer ${key}`, ...headers } });
  await response.arrayBuffer();
  return response.status;
}

for (const [what, request, status] of [
  ['with another key', { key: 'another' }, 401],
  ['at another path', { path: '/v1/audio/translations' }, 404],
  ['with an unknown model', { fields: { model: 'nova-3' } }, 400],
  ['with a language that has a region', { fields: { language: 'de-CH' } }, 400],
  ['with an unknown field', { fields: { sample_rate: '8000' } }, 400],
  ['with a file of another kind', { name: 'a.pcm' }, 400],
  ['with a file that is cut short', { file: speech.subarray(0, -2) }, 400],
  ['with a file of another rate than it says', { file: Buffer.from(speech).fill(0, 28, 32) }, 400],
  ['with too little audio', { file: wavBytes({ rateHz: 8000, samples: tone(300, 80, 8000) }) }, 400],
  ['with an organisation that is not its own', { headers: { 'openai-organization': 'x' } }, 401],
] as const) {
  it(
    `OpenAI refuses a request ${what}`,
    () => new OpenAiTranscription(),
    async (service) => {
      assert.is(await transcriptionStatus(service, request), status);
    },
  );
}

/** How Riva ends a stream of these messages. */
async function rivaStatus(service: Riva, messages: readonly object[], headers: Record<string, string> = {}): Promise<StatusObject> {
  const definition = rivaServiceDefinition().StreamingRecognize;
  if (!definition) throw new Error('no such method');
  const client = new Client(service.url.slice('http://'.length), credentials.createInsecure());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const call = client.makeBidiStreamRequest(definition.path, definition.requestSerialize, definition.responseDeserialize, metadata);
  call.on('error', () => {});
  call.on('data', () => {});
  const ended = new Promise<StatusObject>((resolve) => call.on('status', resolve));
  for (const message of messages) call.write(message);
  const status = await ended;
  client.close();
  return status;
}

const rightConfig = { encoding: 'LINEAR_PCM', sample_rate_hertz: 8000, language_code: 'en-US', audio_channel_count: 1 };
const begin = (changes: object = {}) => ({ streaming_config: { config: { ...rightConfig, ...changes } } });

for (const [what, messages, headers, code] of [
  ['that begins with audio', [{ audio_content: Buffer.alloc(320) }], {}, 3],
  ['that configures itself twice', [begin(), begin()], {}, 3],
  ['that sends nothing as audio', [begin(), { audio_content: Buffer.alloc(0) }], {}, 3],
  ['without an encoding', [begin({ encoding: 0 })], {}, 3],
  ['with too low a rate', [begin({ sample_rate_hertz: 4000 })], {}, 3],
  ['with a language without a region', [begin({ language_code: 'en' })], {}, 3],
  ['with an unknown model', [begin({ model: 'whisper' })], {}, 3],
  ['with a key that was not asked for', [begin()], { authorization: 'Bearer x' }, 16],
] as const) {
  it(
    `Riva refuses a stream ${what}`,
    () => new Riva(),
    async (service) => {
      assert.is((await rivaStatus(service, messages, headers)).code, code);
    },
  );
}

it(
  'Riva refuses a stream without the key that it asks for',
  () => Object.assign(new Riva(), { apiKey: 'nvapi-key' }),
  async (service) => {
    assert.is((await rivaStatus(service, [begin()])).code, 16);
  },
);

test.run();
