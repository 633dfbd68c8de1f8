import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { EmulatedDeepgramSpeak } from '#emulators/deepgram-speak.js';
import { EmulatedElevenLabs } from '#emulators/elevenlabs.js';
import { EmulatedOpenAiSpeech } from '#emulators/openai-speech.js';
import { EmulatedPolly } from '#emulators/polly.js';
import { within } from '../../../support/deadline.js';

interface Listening {
  readonly url: string;
  readonly violations: readonly string[];
  listen(): Promise<void>;
  close(): Promise<void>;
}

async function emulated<Service extends Listening>(service: Service, use: (service: Service) => Promise<void>): Promise<void> {
  await service.listen();
  try {
    await use(service);
  } finally {
    await service.close();
  }
}

/** What a service says to these messages, until it closes the socket (the code) or refuses the handshake (the status). */
function answerTo(url: string, headers: Record<string, string>, messages: readonly object[]): Promise<{ end: number; said: string[] }> {
  const said: string[] = [];
  const answer = new Promise<{ end: number; said: string[] }>((resolve) => {
    const socket = new WebSocket(url.replace('http', 'ws'), { headers });
    socket.on('open', () => {
      for (const message of messages) socket.send(JSON.stringify(message));
    });
    socket.on('message', (data: Buffer, isBinary) => void said.push(isBinary ? 'audio' : data.toString()));
    socket.on('unexpected-response', (_request, response) => {
      resolve({ end: response.statusCode ?? 0, said });
      response.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', (code) => resolve({ end: code, said }));
  });
  return within(5000, 'the end of a socket', answer);
}

const elevenLabsPath = '/v1/text-to-speech/voice-of-test/multi-stream-input';
const rightQuery = 'model_id=eleven_flash_v2_5&output_format=ulaw_8000';

test('ElevenLabs takes no wrong key, path, model or format', () =>
  emulated(new EmulatedElevenLabs(), async ({ url, key, violations }) => {
    const right = { 'xi-api-key': key };
    for (const [address, headers, status] of [
      [`${elevenLabsPath}?${rightQuery}`, {}, 401],
      [`${elevenLabsPath}?${rightQuery}`, { 'xi-api-key': 'another' }, 401],
      [`/v1/text-to-speech?${rightQuery}`, right, 404],
      [`${elevenLabsPath}?output_format=ulaw_8000&model_id=nothing`, right, 400],
      [`${elevenLabsPath}?model_id=eleven_flash_v2_5&output_format=ulaw_16000`, right, 400],
      [`${elevenLabsPath}?${rightQuery}&key=${key}`, right, 400],
      [`${elevenLabsPath}?${rightQuery}&inactivity_timeout=181`, right, 422],
    ] as const) {
      assert.is((await answerTo(url + address, headers, [])).end, status, address);
    }
    assert.is(violations.length, 7);
  }));

for (const [what, messages] of [
  ['that begins without a space', [{ text: 'Hello ', context_id: 'a' }, { close_socket: true }]],
  ['with a field of its own', [{ text: ' ', context_id: 'a', mood: 'good' }]],
  [
    'whose text does not end with a space',
    [
      { text: ' ', context_id: 'a' },
      { text: 'Hello', context_id: 'a' },
    ],
  ],
  ['without a context', [{ text: ' ' }]],
  ['that flushes a context that is not there', [{ text: ' ', context_id: 'a' }, { context_id: 'b', flush: true }, { close_socket: true }]],
  ['that speaks too fast', [{ text: ' ', context_id: 'a', voice_settings: { speed: 3 } }]],
  ['with six contexts', [1, 2, 3, 4, 5, 6].map((n) => ({ text: ' ', context_id: `${n}` }))],
] as const) {
  test(`ElevenLabs notices a client ${what}`, () =>
    emulated(new EmulatedElevenLabs(), async ({ url, key, violations }) => {
      await answerTo(`${url}${elevenLabsPath}?${rightQuery}`, { 'xi-api-key': key }, messages);
      assert.is(violations.length, 1, violations.join());
    }));
}

test('ElevenLabs tells the end of a context that is closed, and not that of what was flushed', () =>
  emulated(new EmulatedElevenLabs(), async (service) => {
    const flushed = [
      { text: ' ', context_id: 'a' },
      { text: 'Hello. ', context_id: 'a' },
      { context_id: 'a', flush: true },
    ];
    service.inactivitySecondMs = 20;
    const kept = answerTo(`${service.url}${elevenLabsPath}?${rightQuery}&inactivity_timeout=20`, { 'xi-api-key': service.key }, flushed);
    const { end, said } = await kept;
    assert.is(end, 1008, 'forgotten in the end');
    assert.match(said[0] ?? '', '"audio"');
    assert.ok(said.findIndex((message) => message.includes('isFinal')) > said.findLastIndex((message) => message.includes('"audio"')));
    assert.is(said.filter((message) => message.includes('isFinal')).length, 1);
  }));

const speakPath = '/v1/speak';
const rightSpeak = 'model=aura-2-thalia-en&encoding=mulaw&sample_rate=8000';

test('Deepgram takes no wrong key, path, model or format', () =>
  emulated(new EmulatedDeepgramSpeak(), async ({ url, key, violations }) => {
    const right = { authorization: `Token ${key}` };
    for (const [address, headers, status] of [
      [`${speakPath}?${rightSpeak}`, {}, 401],
      [`${speakPath}?${rightSpeak}`, { authorization: `Bearer ${key}` }, 401],
      [`/v2/speak?${rightSpeak}`, right, 404],
      [`${speakPath}?model=nothing`, right, 400],
      [`${speakPath}?model=aura-2-thalia-en&encoding=mulaw&sample_rate=24000`, right, 400],
      [`${speakPath}?${rightSpeak}&key=${key}`, right, 400],
    ] as const) {
      assert.is((await answerTo(url + address, headers, [])).end, status, address);
    }
    assert.is(violations.length, 6);
  }));

for (const [what, message] of [
  ['an order that it does not know', { type: 'Stop' }],
  ['a text that is none', { type: 'Speak', text: 7 }],
  ['a text that is too long', { type: 'Speak', text: 'a'.repeat(2001) }],
  ['an order with more in it', { type: 'Flush', text: 'Hello' }],
] as const) {
  test(`Deepgram closes the socket after ${what}`, () =>
    emulated(new EmulatedDeepgramSpeak(), async ({ url, key, violations }) => {
      const { end } = await answerTo(`${url}${speakPath}?${rightSpeak}`, { authorization: `Token ${key}` }, [message]);
      assert.is(end, 1008);
      assert.is(violations.length, 1);
    }));
}

test('Deepgram warns of the twenty-first flush of a minute', () =>
  emulated(new EmulatedDeepgramSpeak(), async ({ url, key, violations }) => {
    const flushes = Array.from({ length: 21 }, () => ({ type: 'Flush' }));
    const { said } = await answerTo(`${url}${speakPath}?${rightSpeak}`, { authorization: `Token ${key}` }, [...flushes, { type: 'Close' }]);
    assert.is(said.filter((message) => message.includes('"Warning"')).length, 1);
    assert.is(violations.length, 1);
  }));

test('OpenAI answers no request that it cannot do', () =>
  emulated(new EmulatedOpenAiSpeech(), async ({ url, key, violations }) => {
    const right = { model: 'tts-1', voice: 'alloy', input: 'Hello.', response_format: 'pcm' };
    const statusOf = async (body: string, authorization = `Bearer ${key}`): Promise<number> => {
      const response = await fetch(`${url}/v1/audio/speech`, { method: 'POST', headers: { authorization }, body });
      await response.arrayBuffer();
      return response.status;
    };
    assert.is(await statusOf(JSON.stringify(right)), 200);
    assert.is(await statusOf(JSON.stringify(right), 'Bearer another'), 401);
    for (const wrong of [
      { model: 'x' },
      { voice: 'x' },
      { input: '' },
      { input: 7 },
      { response_format: 'mp3' },
      { instructions: '' },
      { mood: 'good' },
    ])
      assert.is(await statusOf(JSON.stringify({ ...right, ...wrong })), 400);
    assert.is(await statusOf('{'), 400);
    assert.is(violations.length, 9);
  }));

test('Polly answers nobody who has not signed', () =>
  emulated(new EmulatedPolly(), async ({ url, violations }) => {
    const body = JSON.stringify({ OutputFormat: 'pcm', SampleRate: '8000', Text: 'Hello.', VoiceId: 'Joanna' });
    const response = await fetch(`${url}/v1/speech`, { method: 'POST', body });
    assert.is(response.status, 403);
    assert.is(response.headers.get('x-amzn-errortype'), 'MissingAuthenticationTokenException');
    await response.arrayBuffer();
    assert.is((await fetch(`${url}/v1/voices`)).status, 404);
    assert.is(violations.length, 2);
  }));

test.run();
