import { EmulatedElevenLabs } from '#emulators/elevenlabs.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { createElevenLabsTts } from '#talkpath/providers/cascade/tts/elevenlabs.js';
import { ttsKit } from '../../../support/conformance/tts-kit.js';

const test = ttsKit('text to speech by ElevenLabs', {
  outputs: [{ encoding: 'mulaw', rateHz: 8000 }, pcm16(16_000), pcm16(24_000)],
  service: () => new EmulatedElevenLabs(),
  create: (service, clock, limits) =>
    createElevenLabsTts(
      {
        type: 'elevenlabs',
        url: service.url,
        api_key: service.key,
        voice: service.voice,
        model: 'eleven_flash_v2_5',
        stability: 0.5,
        similarity_boost: 0.75,
        speed: 1,
      },
      clock,
      limits,
    ),
  key: 'elevenlabs-key',
  connects: 'when-opened',
  garbage: ['garbage-json', 'garbage-base64'],
});

test.run();
