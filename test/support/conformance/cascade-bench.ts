import { DeepgramListen } from '#emulators/deepgram-listen.js';
import { EmulatedDeepgramSpeak } from '#emulators/deepgram-speak.js';
import { EmulatedElevenLabs } from '#emulators/elevenlabs.js';
import type { Fault } from '#emulators/fault.js';
import { OpenAiLlmService } from '#emulators/openai-llm.js';
import { EmulatedOpenAiSpeech } from '#emulators/openai-speech.js';
import { OpenAiTranscription } from '#emulators/openai-transcription.js';
import { systemClock } from '#talkpath/base/clock.js';
import { provider, type SettingsOf } from '#talkpath/config/providers.js';
import { type CascadePartSettings, languageModel, serviceRecogniser, serviceVoice } from '#talkpath/providers/cascade/parts.js';
import { type CascadeOptions, createCascadeProvider } from '#talkpath/providers/cascade/provider.js';
import type { Provider } from '#talkpath/providers/provider.js';
import type { ProviderBench } from './provider-bench.js';

/** An emulated service that is a part of a cascade. */
interface PartService {
  fault: Fault | undefined;
  readonly violations: readonly string[];
  listen(): Promise<void>;
  close(): Promise<void>;
}

interface Ears extends PartService {
  readonly says: string[];
}

interface Part<Service extends PartService> {
  readonly service: Service;
  /** Connections of calls that are open, or requests at work where connections are kept for the next call. */
  open(): number;
  /** What the settings of a cascade say of it; with this key, its own unless told. */
  settings(key?: string): object;
}

export const ears = {
  deepgram(): Part<Ears> {
    const service = new DeepgramListen();
    return {
      service,
      open: () => service.openConnections,
      settings: (key = service.apiKey) => ({ type: 'deepgram', url: service.url, api_key: key }),
    };
  },
  flux(): Part<Ears> {
    const service = new DeepgramListen();
    return {
      service,
      open: () => service.openConnections,
      settings: (key = service.apiKey) => ({ type: 'deepgram-flux', url: service.url, api_key: key }),
    };
  },
  openai(): Part<Ears> {
    const service = new OpenAiTranscription();
    return {
      service,
      open: () => service.underWay,
      settings: (key = service.apiKey) => ({ type: 'openai', url: `${service.url}/v1`, api_key: key }),
    };
  },
} as const;

export const voices = {
  elevenlabs(): Part<PartService> {
    const service = new EmulatedElevenLabs();
    return {
      service,
      open: () => service.openConnections,
      settings: (key = service.key) => ({ type: 'elevenlabs', url: service.url, api_key: key, voice: service.voice }),
    };
  },
  deepgram(): Part<PartService> {
    const service = new EmulatedDeepgramSpeak();
    return { service, open: () => service.openConnections, settings: (key = service.key) => ({ type: 'deepgram', url: service.url, api_key: key }) };
  },
  openai(): Part<PartService> {
    const service = new EmulatedOpenAiSpeech();
    return { service, open: () => service.atWork, settings: (key = service.key) => ({ type: 'openai', url: `${service.url}/v1`, api_key: key }) };
  },
} as const;

const llmKey = 'sk-model';

export interface CascadeBench extends ProviderBench {
  readonly settings: object;
  readonly stt: Ears;
  readonly llm: OpenAiLlmService;
  readonly tts: PartService;
}

/** A cascade of three services. */
export async function cascadeBench(
  ear: keyof typeof ears,
  api: 'chat' | 'responses',
  voice: keyof typeof voices,
  options: CascadeOptions = {},
): Promise<CascadeBench> {
  const [stt, tts] = [ears[ear](), voices[voice]()];
  const llm = new OpenAiLlmService({ kind: 'compatible', key: llmKey });
  const services = [stt.service, tts.service, llm];
  for (const service of services) await service.listen();
  const settings = (key?: string) => ({
    type: 'cascade',
    stt: stt.settings(key),
    llm: { type: 'openai', url: `${llm.url}/v1`, api_key: llmKey, api, model: 'test-model' },
    tts: tts.settings(key),
    limits: { connect_ms: 1500 },
  });
  const opened: { close(): Promise<void> }[] = [];
  const make = async (key?: string): Promise<Provider> => {
    const of = provider.parse(settings(key)) as SettingsOf<'cascade'> as CascadePartSettings;
    if (of.stt.type === 'local' || of.tts.type === 'local') throw new Error('the parts are services');
    const parts = {
      stt: await serviceRecogniser(of.stt, systemClock, of.limits),
      llm: await languageModel(of.llm, systemClock, of.limits, []),
      tts: await serviceVoice(of.tts, systemClock, of.limits),
    };
    opened.push(...Object.values(parts));
    return createCascadeProvider('cascade', parts, systemClock, options);
  };
  let keyTried = false;
  const unknown = await make('unknown');
  return {
    settings: settings(),
    stt: stt.service,
    llm,
    tts: tts.service,
    provider: await make(),
    unknownToService: {
      ...unknown,
      connect: (options) => {
        keyTried = true;
        return unknown.connect(options);
      },
    },
    // What breaks off a reply is the voice's doing; a service that cannot be had is each of them.
    setFault: (fault) => {
      const isOfConnecting = fault === undefined || ['refuse', 'status', 'hang'].includes(fault.type);
      tts.service.fault = fault;
      if (isOfConnecting) for (const service of services) service.fault = fault;
    },
    saysGreetingsItself: true,
    saysAtItsOwnPace: true,
    impossible: voice === 'elevenlabs' ? [] : ['garbage-base64', ...(voice === 'openai' ? (['garbage-json'] as const) : [])],
    callerWillSay: (words) => stt.service.says.push(words),
    agentWillSay: (text) => llm.answers.push({ text, usage: { input: 40, cached: 0, output: text.split(' ').length } }),
    agentWillUse: (name, args, text) => llm.answers.push({ calls: [{ name, arguments: JSON.stringify(args) }] }, { text }),
    toldOf: (words) => JSON.stringify(llm.requests).includes(words),
    openConnections: () => stt.open() + tts.open(),
    violations: () => services.flatMap(({ violations }) => violations).filter((what) => !(keyTried && what.includes('401'))),
    async close() {
      await Promise.all(opened.map((part) => part.close()));
      await Promise.all(services.map((service) => service.close()));
    },
  };
}
