import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { newsOf, type Settings, socketUrl } from '#talkpath/providers/cascade/tts/elevenlabs/protocol.js';
import type { ProviderError } from '#talkpath/providers/network/provider-error.js';

const settings: Settings = {
  type: 'elevenlabs',
  url: 'https://api.elevenlabs.io',
  api_key: 'key',
  voice: 'a/b voice',
  model: 'eleven_flash_v2_5',
  stability: 0.5,
  similarity_boost: 0.75,
  speed: 1,
};

test('the address has the voice, the model, the format, and no key', () => {
  assert.is(
    socketUrl(settings, { encoding: 'mulaw', rateHz: 8000 }, undefined),
    'wss://api.elevenlabs.io/v1/text-to-speech/a%2Fb%20voice/multi-stream-input?model_id=eleven_flash_v2_5&output_format=ulaw_8000&inactivity_timeout=60',
  );
  assert.match(
    socketUrl({ ...settings, url: 'http://127.0.0.1:80/proxy/' }, pcm16(24_000), undefined),
    /^ws:\/\/127\.0\.0\.1:80\/proxy\/v1\/.*pcm_24000/,
  );
});

test('the language is told to models that take it', () => {
  assert.match(socketUrl(settings, pcm16(16_000), 'EN-gb'), /&language_code=en$/);
  assert.not.match(socketUrl({ ...settings, model: 'eleven_multilingual_v2' }, pcm16(16_000), 'en'), 'language_code');
});

test('a message may have audio, the end of its context, or both', () => {
  const audio = Buffer.from([1, 2, 3]).toString('base64');
  const read = (message: object) => {
    const { audio: bytes, ...news } = newsOf(JSON.stringify(message));
    return { ...news, bytes: bytes ? [...bytes] : undefined };
  };
  assert.equal(read({ audio, contextId: 'a' }), { context: 'a', isFinal: false, bytes: [1, 2, 3] });
  assert.equal(read({ audio, isFinal: null, contextId: 'a', alignment: null }), { context: 'a', isFinal: false, bytes: [1, 2, 3] });
  assert.equal(read({ isFinal: true, contextId: 'a' }), { context: 'a', isFinal: true, bytes: undefined });
  assert.equal(read({ audio: null, isFinal: true, contextId: 'a' }), { context: 'a', isFinal: true, bytes: undefined });
  assert.equal(read({ audio, isFinal: true, contextId: 'a' }), { context: 'a', isFinal: true, bytes: [1, 2, 3] });
});

test('what the protocol does not know is refused, field by field', () => {
  for (const message of [
    '',
    'null',
    '[]',
    '{"audio":',
    '{}',
    '{"audio":"AAAA"}',
    '{"audio":"AAAA","contextId":7}',
    '{"audio":7,"contextId":"a"}',
    '{"audio":"AAA","contextId":"a"}',
    '{"audio":"***=","contextId":"a"}',
    '{"isFinal":"true","contextId":"a"}',
  ]) {
    assert.throws(
      () => newsOf(message),
      (error: ProviderError) => error.code === 'TP_ERR_PROVIDER_PROTOCOL',
      message,
    );
  }
});

test.run();
