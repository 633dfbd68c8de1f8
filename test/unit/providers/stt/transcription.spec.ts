import { test } from 'uvu';
import { groqKind, OpenAiTranscription } from '#emulators/openai-transcription.js';
import { createTranscriptionStt } from '#talkpath/providers/cascade/stt/transcription.js';
import { type EmulatedStt, testStt } from '../../../support/conformance/stt-kit.js';

const urlOf = (service: EmulatedStt): string => (service as OpenAiTranscription).url;

testStt(test, {
  name: 'openai',
  hasConnection: false,
  async listen() {
    const service = new OpenAiTranscription();
    await service.listen();
    return service;
  },
  create: (service, clock) =>
    createTranscriptionStt({ type: 'openai', url: `${urlOf(service)}/v1`, api_key: 'openai-key', model: 'gpt-4o-mini-transcribe' }, clock),
});

testStt(test, {
  name: 'groq',
  hasConnection: false,
  async listen() {
    const service = new OpenAiTranscription(groqKind, 'groq-key');
    await service.listen();
    return service;
  },
  create: (service, clock) =>
    createTranscriptionStt({ type: 'groq', url: `${urlOf(service)}/openai/v1`, api_key: 'groq-key', model: 'whisper-large-v3-turbo' }, clock),
});

test.run();
