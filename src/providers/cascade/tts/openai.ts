import OpenAI from 'openai';
import { pcm16 } from '../../../base/audio-format.js';
import type { Clock } from '../../../base/clock.js';
import { standardLimits, type TtsSettings } from '../../../config/providers.js';
import { KeptConnections } from '../../network/kept-connections.js';
import { asProviderError, ProviderError } from '../../network/provider-error.js';
import { ServiceSession, type ServiceVoice } from './service-session.js';
import type { SpeechLimits } from './service-speech.js';
import type { TextToSpeech } from './tts.js';

const who = 'openai speech';

/** What response_format pcm means. */
const output = pcm16(24_000);

/** Nearly six minutes; the service takes 4096 characters at most. */
const mostBytes = 16 << 20;

/** Text to speech by OpenAI, or by a server with the same interface: one HTTP request a sentence. */
export function createOpenAiTts(settings: TtsSettings<'openai'>, clock: Clock, limits: SpeechLimits = standardLimits): TextToSpeech {
  const { api_key, model, voice, instructions } = settings;
  const connections = new KeptConnections({ who, mostBytes });
  const client = new OpenAI({
    apiKey: api_key ?? 'none',
    // What the environment holds for another service is not for this one.
    organization: null,
    project: null,
    baseURL: settings.url,
    maxRetries: 0,
    timeout: limits.connect_ms + limits.first_audio_ms,
    logLevel: 'off',
    fetch: connections.fetch,
    ...(api_key === undefined && { defaultHeaders: { Authorization: null } }),
  });
  const speaker: ServiceVoice = {
    who,
    async ask(input, signal) {
      const request = { model, voice, input, response_format: 'pcm', ...(instructions && { instructions }) } as const;
      const { headers, body } = await client.audio.speech.create(request, { signal }).catch((error: unknown) => {
        throw asProviderError(who, error);
      });
      const type = headers.get('content-type') ?? '';
      if (body && !/json|text/.test(type)) return body;
      await body?.cancel();
      throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} answered with something that is no audio`);
    },
  };
  return {
    outputs: [output],
    open: (options) => new ServiceSession(speaker, { ...options, output }, clock, limits),
    /** Asks which models there are, which costs nothing; a server of one's own need not know. */
    async probe(signal) {
      try {
        const { body } = await client.get('/models', { signal }).asResponse();
        await body?.cancel();
      } catch (error) {
        const { status } = error as { status?: unknown };
        if (status === 404 || status === 405) return;
        throw asProviderError(who, error);
      }
    },
    close: async () => connections.close(),
  };
}
