import { EmulatedDeepgramAgent } from '#emulators/deepgram-agent.js';
import { systemClock } from '#talkpath/base/clock.js';
import { provider, type SettingsOf } from '#talkpath/config/providers.js';
import { createDeepgramAgentProvider } from '#talkpath/providers/deepgram-agent/provider.js';
import type { ProviderBench } from './provider-bench.js';

export interface DeepgramAgentBench extends ProviderBench {
  readonly service: EmulatedDeepgramAgent;
}

/** The voice agent before its emulated service. */
export async function deepgramAgentBench(set: object = {}): Promise<DeepgramAgentBench> {
  const service = new EmulatedDeepgramAgent();
  await service.listen();
  const make = (key: string) => {
    const settings = provider.parse({ type: 'deepgram-agent', url: service.url, api_key: key, ...set });
    return createDeepgramAgentProvider('deepgram', settings as SettingsOf<'deepgram-agent'>, systemClock);
  };
  let keyTried = false;
  return {
    service,
    provider: make(service.apiKey),
    unknownToService: {
      ...make('unknown'),
      connect: (options) => {
        keyTried = true;
        return make('unknown').connect(options);
      },
    },
    setFault: (fault) => {
      service.fault = fault;
    },
    saysGreetingsItself: true,
    // Its audio is binary.
    impossible: ['garbage-base64'],
    callerWillSay: (words) => service.hears.push(words),
    agentWillSay: (text, ms) => service.answers.push({ says: [{ text, ms }] }),
    agentWillUse: (name, args, text) =>
      service.answers.push({ calls: [{ id: 'call-1', name, arguments: args as object }], afterwards: { says: [{ text, ms: 300 }] } }),
    toldOf: (words) => service.conversations.some(({ received, settings }) => JSON.stringify([received, settings]).includes(words)),
    openConnections: () => service.openConnections,
    // That of the key is what the test wanted.
    violations: () => service.violations.filter((what) => !(keyTried && what.includes('401'))),
    close: () => service.close(),
  };
}
