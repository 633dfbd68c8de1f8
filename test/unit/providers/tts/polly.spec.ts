import { EmulatedPolly } from '#emulators/polly.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { createPollyTts } from '#talkpath/providers/cascade/tts/polly.js';
import { ttsKit } from '../../../support/conformance/tts-kit.js';

const test = ttsKit('text to speech by Polly', {
  outputs: [pcm16(8000), pcm16(16_000)],
  service: () => new EmulatedPolly(),
  create: ({ url, keys }, clock, limits) =>
    createPollyTts(
      {
        type: 'polly',
        url,
        region: keys.region,
        access_key_id: keys.id,
        secret_access_key: keys.secret,
        voice: 'Joanna',
        engine: 'neural',
      },
      clock,
      limits,
    ),
  key: 'polly-secret',
  connects: 'when-spoken',
  garbage: [],
});

test.run();
