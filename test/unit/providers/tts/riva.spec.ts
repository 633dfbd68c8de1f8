import { EmulatedRivaTts } from '#emulators/riva-tts.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { createRivaTts } from '#talkpath/providers/cascade/tts/riva.js';
import { ttsKit } from '../../../support/conformance/tts-kit.js';

const test = ttsKit('text to speech by Riva', {
  outputs: [pcm16(8000), pcm16(16_000), pcm16(24_000)],
  service: () => new EmulatedRivaTts(),
  create: ({ url, key, functionId }, clock, limits) =>
    createRivaTts({ type: 'riva', url, api_key: key, function_id: functionId, language: 'en-US' }, clock, limits),
  key: 'nvapi-key',
  connects: 'when-spoken',
  garbage: [],
});

test.run();
