import { EmulatedDeepgramSpeak } from '#emulators/deepgram-speak.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { createDeepgramTts } from '#talkpath/providers/cascade/tts/deepgram.js';
import { ttsKit } from '../../../support/conformance/tts-kit.js';

const test = ttsKit('text to speech by Deepgram', {
  outputs: [{ encoding: 'mulaw', rateHz: 8000 }, { encoding: 'alaw', rateHz: 8000 }, pcm16(8000), pcm16(16_000), pcm16(24_000)],
  service: () => new EmulatedDeepgramSpeak(),
  create: (service, clock, limits) =>
    createDeepgramTts({ type: 'deepgram', url: service.url, api_key: service.key, model: 'aura-2-thalia-en' }, clock, limits),
  key: 'deepgram-key',
  connects: 'when-opened',
  garbage: ['garbage-json'],
});

test.run();
