import { anyText, either, flag, list, matching, number, object, objectSchema, oneOf, type Shape, text, textMap } from './shape.js';

/** What a client may say, as the published protocol has it. */

const input = object({ encoding: oneOf('linear16', 'mulaw', 'alaw'), sample_rate: number(8000, 48_000) });
const output = object({ encoding: oneOf('linear16', 'mulaw', 'alaw'), sample_rate: number(8000, 48_000), container: oneOf('none') });

const listenV1 = object({ type: oneOf('deepgram'), model: text }, { version: oneOf('v1'), language: text, keyterms: list(text), smart_format: flag });
const listenV2 = object(
  { type: oneOf('deepgram'), version: oneOf('v2'), model: matching(/^flux-/, 'a Flux model') },
  {
    language_hints: list(matching(/^[a-z]{2,3}$/, 'a language')),
    eot_threshold: number(0.5, 1),
    eager_eot_threshold: number(0.3, 0.9),
    eot_timeout_ms: number(500, 60_000),
    keyterms: list(text),
  },
);
const listen = object({ provider: either(({ version }) => (version === 'v2' ? listenV2 : listenV1)) });

const endpoint = object({ url: matching(/^https?:\/\//, 'an address') }, { headers: textMap });
const functionItem = object(
  { name: matching(/^[\w-]{1,64}$/, 'a name of letters, digits, _ and -'), description: anyText, parameters: objectSchema },
  { defer_until_eot: flag, endpoint: object({ url: text, method: text }, { headers: textMap }) },
);
const thinkProvider = object(
  { type: oneOf('open_ai', 'anthropic', 'google', 'nvidia', 'groq', 'aws_bedrock', 'deepgram'), model: text },
  { temperature: number(0, 2) },
);
const think = object({ provider: thinkProvider }, { endpoint, prompt: text, functions: list(functionItem) });

/** A voice of Deepgram has its language in its name: a field for it is refused. */
const speak = object({
  provider: object({ type: oneOf('deepgram'), model: matching(/^(aura|flux)-/, 'a voice') }, { version: oneOf('v1', 'v2'), speed: number(0.5, 1.5) }),
});

const history = object({ type: oneOf('History'), role: oneOf('user', 'assistant'), content: text });

export const settings: Shape = object(
  {
    type: oneOf('Settings'),
    audio: object({ input, output }),
    agent: object({ listen, think, speak }, { context: object({ messages: list(history) }), greeting: text }),
  },
  { tags: list(text), experimental: flag, flags: object({}, { history: flag }), mip_opt_out: flag },
);

/** What may be said after SettingsApplied, by its type. */
export const laterMessages: Readonly<Record<string, Shape>> = {
  InjectAgentMessage: object({ type: text, message: text }, { behavior: oneOf('default', 'queue', 'interrupt') }),
  InjectUserMessage: object({ type: text, content: text }),
  FunctionCallResponse: object({ type: text, id: text, name: text, content: anyText }),
  ForceEndTurn: object({ type: text }),
  KeepAlive: object({ type: text }),
};

interface Model {
  readonly model: string;
  readonly version?: string;
}

/** What parses and cannot be: a model with the interface of another family, a rate that an encoding has not. */
export function impossibleIn(message: SettingsMessage): string[] {
  const { listen, think, speak } = message.agent;
  const faults: string[] = [];
  for (const [name, { model, version = 'v1' }] of Object.entries({ listen: listen.provider, speak: speak.provider })) {
    if (model.startsWith('flux') !== (version === 'v2')) faults.push(`agent.${name}: ${model} is no model of ${version}`);
  }
  for (const [name, { encoding, sample_rate }] of Object.entries(message.audio)) {
    if (encoding !== 'linear16' && sample_rate !== 8000 && sample_rate !== 16_000) faults.push(`audio.${name}: ${encoding} at ${sample_rate}`);
  }
  if (['groq', 'aws_bedrock'].includes(think.provider.type) && !think.endpoint) faults.push(`agent.think: ${think.provider.type} needs an endpoint`);
  return faults;
}

export interface AudioSettings {
  readonly encoding: 'linear16' | 'mulaw' | 'alaw';
  readonly sample_rate: number;
}

/** Settings that were found right. */
export interface SettingsMessage {
  readonly audio: { readonly input: AudioSettings; readonly output: AudioSettings };
  readonly agent: {
    readonly context?: { readonly messages: readonly { readonly role: string; readonly content: string }[] };
    readonly listen: { readonly provider: Model & { readonly language?: string; readonly language_hints?: readonly string[] } };
    readonly think: {
      readonly provider: { readonly type: string; readonly model: string };
      readonly endpoint?: { readonly url: string; readonly headers?: Readonly<Record<string, string>> };
      readonly prompt?: string;
      readonly functions?: readonly { readonly name: string; readonly defer_until_eot?: boolean }[];
    };
    readonly speak: { readonly provider: Model };
  };
}
