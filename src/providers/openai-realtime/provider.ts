import { type AudioFormat, pcm16 } from '../../base/audio-format.js';
import type { Clock } from '../../base/clock.js';
import type { SettingsOf } from '../../config/providers.js';
import { asProviderError, errorOfStatus } from '../network/provider-error.js';
import type { Provider } from '../provider.js';
import { addressOf } from './connection.js';
import { who } from './protocol.js';
import { RealtimeSession } from './session.js';

/** A telephone's own first: nothing is resampled then. */
const formats: readonly AudioFormat[] = [{ encoding: 'mulaw', rateHz: 8000 }, { encoding: 'alaw', rateHz: 8000 }, pcm16(24_000)];

/** OpenAI's Realtime API: one model hears the caller and speaks for the agent. */
export function createOpenAiRealtimeProvider(name: string, settings: SettingsOf<'openai-realtime'>, clock: Clock): Provider {
  return {
    name,
    abilities: { inputs: formats, outputs: formats, turnTaking: settings.turn_detection === 'ours' ? 'ours' : 'own' },
    connect: (options) => RealtimeSession.open(settings, options, clock),
    probe: (signal) => askForModel(settings, signal),
  };
}

/** Whether the key is good, and may use the model. */
async function askForModel(settings: SettingsOf<'openai-realtime'>, signal: AbortSignal): Promise<void> {
  const address = addressOf(settings, `models/${encodeURIComponent(settings.model)}`);
  try {
    const response = await fetch(address, { headers: { Authorization: `Bearer ${settings.api_key}` }, redirect: 'error', signal });
    await response.body?.cancel();
    if (!response.ok) throw errorOfStatus(who, response.status, response.headers.get('retry-after'));
  } catch (error) {
    throw asProviderError(who, error);
  }
}
