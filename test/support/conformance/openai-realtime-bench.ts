import { OpenAiRealtimeService } from '#emulators/openai-realtime.js';
import { systemClock } from '#talkpath/base/clock.js';
import { provider, type SettingsOf } from '#talkpath/config/providers.js';
import { createOpenAiRealtimeProvider } from '#talkpath/providers/openai-realtime/provider.js';
import type { ProviderBench } from './provider-bench.js';

/** The Realtime provider before its emulated service. */
export interface OpenAiRealtimeBench extends ProviderBench {
  readonly service: OpenAiRealtimeService;
}

export async function openAiRealtimeBench(set: object = {}): Promise<OpenAiRealtimeBench> {
  const service = new OpenAiRealtimeService();
  await service.listen();
  const make = (key: string) => {
    const settings = provider.parse({ type: 'openai-realtime', url: service.base, api_key: key, ...set });
    return createOpenAiRealtimeProvider('openai', settings as SettingsOf<'openai-realtime'>, systemClock);
  };
  let keyTried = false;
  return {
    service,
    provider: make(service.key),
    unknownToService: {
      ...make('sk-unknown'),
      connect: (options) => {
        keyTried = true;
        return make('sk-unknown').connect(options);
      },
    },
    setFault: (fault) => {
      service.fault = fault;
    },
    callerWillSay: (words) => service.words.push(words),
    agentWillSay: (say, ms) => service.answers.push({ parts: [{ say, ms }] }),
    agentWillUse: (call, args, say) => service.answers.push({ parts: [{ call, arguments: JSON.stringify(args) }] }, { parts: [{ say, ms: 300 }] }),
    toldOf: (words) => JSON.stringify(service.received).includes(words),
    openConnections: () => service.openConnections,
    // That of the key is what the test wanted.
    violations: () => service.violations.filter((what) => !(keyTried && what.includes('invalid_api_key'))),
    close: () => service.close(),
  };
}
