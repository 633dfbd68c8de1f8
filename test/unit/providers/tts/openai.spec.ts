import { EmulatedOpenAiSpeech } from '#emulators/openai-speech.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { createOpenAiTts } from '#talkpath/providers/cascade/tts/openai.js';
import { ttsKit } from '../../../support/conformance/tts-kit.js';

const test = ttsKit('text to speech by OpenAI', {
  outputs: [pcm16(24_000)],
  service: () => new EmulatedOpenAiSpeech(),
  create: (service, clock, limits) =>
    createOpenAiTts({ type: 'openai', url: `${service.url}/v1`, api_key: service.key, model: 'gpt-4o-mini-tts', voice: 'marin' }, clock, limits),
  key: 'openai-key',
  connects: 'when-spoken',
  garbage: [],
});

test.run();
