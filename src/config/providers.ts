import { z } from 'zod';
import { anyText, exactly, flag, headerText, integer, number, oneOf, section, spoken, text, url } from './fields.js';

/** What is set of each type of provider, and of the parts of a cascade. docs/providers has a page of each; tests compare the two. */

export const speechTiers = ['auto', 'light', 'neural'] as const;

const localSpeech = { tier: oneOf(speechTiers).default('auto') };

const key = headerText;
/** gRPC sends it as it sends a key. */
const functionId = () => headerText(100);
const model = (standard: string) => text(200).default(standard);

/** How much is asked of a service, and how long it is waited for. */
const limits = section({
  connect_ms: integer(100, 60_000).default(3000),
  first_audio_ms: integer(200, 60_000).default(3000),
  idle_ms: integer(200, 60_000).default(1500),
  max_calls: integer(1, 10_000).default(100),
  failures_to_open: integer(1, 100).default(5),
  open_s: integer(1, 3600).default(10),
}).prefault({});

const openaiUrl = 'https://api.openai.com/v1';
const deepgramUrl = 'https://api.deepgram.com';
const agentUrl = 'https://agent.deepgram.com';

const openaiRealtime = section({
  type: exactly('openai-realtime'),
  url: url('http', 'https').default(openaiUrl),
  api_key: key(),
  model: model('gpt-realtime'),
  voice: text(100).default('marin'),
  speed: number(0.25, 1.5).default(1),
  turn_detection: oneOf(['server', 'semantic', 'ours']).default('server'),
  threshold: number(0, 1).default(0.5),
  prefix_ms: integer(0, 5000).default(300),
  silence_ms: integer(100, 10_000).default(500),
  eagerness: oneOf(['low', 'medium', 'high', 'auto']).default('auto'),
  noise_reduction: oneOf(['off', 'near_field', 'far_field']).default('off'),
  transcription_model: model('gpt-4o-mini-transcribe'),
  limits,
});

const deepgramAgent = section({
  type: exactly('deepgram-agent'),
  url: url('http', 'https').default(agentUrl),
  api_key: key(),
  listen_model: model('flux-general-en'),
  think_provider: text(100).default('open_ai'),
  think_model: model('gpt-4o-mini'),
  think_url: url('http', 'https').optional(),
  think_api_key: key().optional(),
  speak_model: model('aura-2-thalia-en'),
  limits,
});

const stt = z.discriminatedUnion(
  'type',
  [
    section({ type: exactly('local'), ...localSpeech }),
    section({
      type: exactly('deepgram'),
      url: url('http', 'https').default(deepgramUrl),
      api_key: key(),
      model: model('nova-3'),
    }),
    section({
      type: exactly('deepgram-flux'),
      url: url('http', 'https').default(deepgramUrl),
      api_key: key(),
      model: model('flux-general-en'),
      eot_threshold: number(0.5, 0.9).default(0.7),
      eot_timeout_ms: integer(500, 10_000).default(5000),
    }),
    section({
      type: exactly('openai'),
      url: url('http', 'https').default(openaiUrl),
      api_key: key(),
      model: model('gpt-4o-mini-transcribe'),
    }),
    section({
      type: exactly('groq'),
      url: url('http', 'https').default('https://api.groq.com/openai/v1'),
      api_key: key(),
      model: model('whisper-large-v3-turbo'),
    }),
    section({
      type: exactly('riva'),
      url: url('http', 'https'),
      api_key: key().optional(),
      function_id: functionId().optional(),
      model: text(200).optional(),
    }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'one of local, deepgram, deepgram-flux, openai, groq, riva' : 'mapping') },
);

const llm = z.discriminatedUnion(
  'type',
  [
    section({ type: exactly('scripted'), script: text().optional() }),
    section({
      type: exactly('openai'),
      url: url('http', 'https').default(openaiUrl),
      /** A server of one's own may want none. */
      api_key: key().optional(),
      api: oneOf(['chat', 'responses']).default('chat'),
      model: model('gpt-4o-mini'),
      temperature: number(0, 2).optional(),
      max_output_tokens: integer(16, 16_384).default(400),
    }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'one of scripted, openai' : 'mapping') },
);

const tts = z.discriminatedUnion(
  'type',
  [
    section({ type: exactly('local'), ...localSpeech }),
    section({
      type: exactly('elevenlabs'),
      url: url('http', 'https').default('https://api.elevenlabs.io'),
      api_key: key(),
      voice: text(100),
      model: model('eleven_flash_v2_5'),
      stability: number(0, 1).default(0.5),
      similarity_boost: number(0, 1).default(0.75),
      speed: number(0.7, 1.2).default(1),
    }),
    section({
      type: exactly('openai'),
      url: url('http', 'https').default(openaiUrl),
      api_key: key().optional(),
      model: model('gpt-4o-mini-tts'),
      voice: text(100).default('marin'),
      instructions: anyText(4000).optional(),
    }),
    section({
      type: exactly('deepgram'),
      url: url('http', 'https').default(deepgramUrl),
      api_key: key(),
      model: model('aura-2-thalia-en'),
    }),
    section({
      type: exactly('polly'),
      url: url('http', 'https').optional(),
      region: text(50).default('us-east-1'),
      access_key_id: key().optional(),
      secret_access_key: key().optional(),
      voice: text(100).default('Joanna'),
      engine: oneOf(['standard', 'neural', 'generative', 'long-form']).default('neural'),
    }),
    section({
      type: exactly('riva'),
      url: url('http', 'https'),
      api_key: key().optional(),
      function_id: functionId().optional(),
      voice: text(200).optional(),
      language: text(35).default('en-US'),
    }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'one of local, elevenlabs, openai, deepgram, polly, riva' : 'mapping') },
);

export const provider = z.discriminatedUnion(
  'type',
  [
    section({ type: exactly('echo') }),
    section({ type: exactly('scripted'), script: text().optional(), ...localSpeech }),
    openaiRealtime,
    deepgramAgent,
    section({ type: exactly('cascade'), stt, llm, tts, early_reply: flag().default(false), limits }),
    section({ type: exactly('person'), line: spoken(500).default('I will put you through to a person. One moment, please.') }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'one of echo, scripted, openai-realtime, deepgram-agent, cascade, person' : 'mapping') },
);

export type ProviderSettings = z.infer<typeof provider>;
export type ProviderType = ProviderSettings['type'];
export type SettingsOf<T extends ProviderType> = Extract<ProviderSettings, { readonly type: T }>;
export type Limits = z.infer<typeof limits>;

/** Those of a service for which nothing is set. */
export const standardLimits: Limits = limits.parse(undefined);

type Cascade = SettingsOf<'cascade'>;
export type SttSettings<T extends Cascade['stt']['type']> = Extract<Cascade['stt'], { readonly type: T }>;
export type LlmSettings<T extends Cascade['llm']['type']> = Extract<Cascade['llm'], { readonly type: T }>;
export type TtsSettings<T extends Cascade['tts']['type']> = Extract<Cascade['tts'], { readonly type: T }>;
