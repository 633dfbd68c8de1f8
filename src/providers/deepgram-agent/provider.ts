import type { Clock } from '../../base/clock.js';
import type { SettingsOf } from '../../config/providers.js';
import type { Provider } from '../provider.js';
import { probe } from './probe.js';
import { DeepgramAgentSession } from './session.js';
import { formats } from './settings-message.js';

/** Deepgram's voice agent: one socket a call, over which the service hears, thinks, speaks and takes turns by itself. */
export function createDeepgramAgentProvider(name: string, settings: SettingsOf<'deepgram-agent'>, clock: Clock): Provider {
  return {
    name,
    abilities: { inputs: formats, outputs: formats, turnTaking: 'own' },
    connect: (options) => DeepgramAgentSession.open(settings, options, clock),
    probe: (signal) => probe(settings.url, settings.api_key, signal),
  };
}
