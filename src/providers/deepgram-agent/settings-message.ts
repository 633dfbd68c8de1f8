import type { Deepgram } from '@deepgram/sdk';
import { type AudioEncoding, type AudioFormat, pcm16 } from '../../base/audio-format.js';
import type { SettingsOf } from '../../config/providers.js';
import { callFacts, languageName } from '../call-facts.js';
import type { CallContext, ConnectOptions, Said, ToolDefinition } from '../provider.js';
import { systemMark } from './instructions.js';

type Settings = SettingsOf<'deepgram-agent'>;
type Think = Deepgram.ThinkSettingsV1;

/** What the service takes and gives without a container. */
export const formats: readonly AudioFormat[] = [
  { encoding: 'mulaw', rateHz: 8000 },
  { encoding: 'alaw', rateHz: 8000 },
  ...[8000, 16_000, 24_000].map(pcm16),
];

const encodings = { pcm16: 'linear16', mulaw: 'mulaw', alaw: 'alaw' } as const satisfies Record<AudioEncoding, string>;

/** Models of the family that ends turns by itself, and speaks or hears by version 2 of the service's own interfaces. */
export const isFlux = (model: string): boolean => model.startsWith('flux');

/** The one message that says how the conversation is to be led. */
export function settingsMessage(
  settings: Settings,
  { input, output, call, history }: Pick<ConnectOptions, 'input' | 'output' | 'call' | 'history'>,
): Deepgram.agent.AgentV1Settings {
  const messages = history.filter(({ text }) => text !== '').map(historyMessage);
  return {
    type: 'Settings',
    audio: {
      input: { encoding: encodings[input.encoding], sample_rate: input.rateHz },
      output: { encoding: encodings[output.encoding], sample_rate: output.rateHz, container: 'none' },
    },
    agent: {
      ...(messages.length > 0 && { context: { messages } }),
      listen: { provider: listenProvider(settings.listen_model, call.language) },
      think: thinkSettings(settings, call),
      speak: { provider: { type: 'deepgram', version: isFlux(settings.speak_model) ? 'v2' : 'v1', model: settings.speak_model } },
    },
  };
}

/** The language is set where it is heard: of an English model it is known, and a voice has it in its name. */
function listenProvider(model: string, language: string | undefined): Deepgram.agent.AgentV1SettingsAgentContextListenProvider {
  if (!isFlux(model)) return { type: 'deepgram', version: 'v1', model, ...(language !== undefined && { language }) };
  const [hint] = (language ?? '').split('-');
  return { type: 'deepgram', version: 'v2', model, ...(hint && model.endsWith('-multi') && { language_hints: [hint] }) };
}

function thinkSettings({ think_provider, think_model, think_url, think_api_key }: Settings, call: CallContext): Think {
  return {
    // The service knows more kinds and models than its package.
    provider: { type: think_provider, model: think_model } as Think['provider'],
    ...(think_url !== undefined && {
      endpoint: { url: think_url, headers: think_api_key === undefined ? {} : { authorization: `Bearer ${think_api_key}` } },
    }),
    prompt: promptOf(call),
    ...(call.tools.length > 0 && { functions: call.tools.map(functionOf) }),
  };
}

/** Deferred, as nobody knows which of them can be undone: a call on half a sentence would be one too many. */
const functionOf = ({ name, description, parameters }: ToolDefinition): Deepgram.ThinkSettingsV1.Functions.Item => ({
  name,
  description,
  parameters: { ...parameters },
  defer_until_eot: true,
});

const usualPrompt = 'You are a helpful agent on a phone call. Answer in one or two short sentences, as one speaks.';

function promptOf(call: CallContext): string {
  const { prompt, language } = call;
  const speak = language === undefined ? [] : [`Speak ${languageName(language)}.`];
  const marked = `A message that begins with ${systemMark} is from the telephone system and not from the caller: do what it says, and do not speak of it.`;
  return [prompt?.trim() || usualPrompt, ...speak, ...callFacts(call), marked].join('\n\n');
}

const historyMessage = ({ who, text }: Said): Deepgram.agent.AgentV1Settings.Agent.Context.Messages.Item => ({
  type: 'History',
  role: who === 'caller' ? 'user' : 'assistant',
  content: text,
});
