import { type AudioFormat, pcm16 } from '../../../base/audio-format.js';
import type { Clock } from '../../../base/clock.js';
import type { SttSettings } from '../../../config/providers.js';
import { type FluxAbilities, FluxSession } from './deepgram-flux/session.js';
import { type ServiceWaits, standardWaits } from './service-waits.js';
import type { SpeechToText } from './stt.js';

const inputs: readonly AudioFormat[] = [
  { encoding: 'mulaw', rateHz: 8000 },
  { encoding: 'alaw', rateHz: 8000 },
  pcm16(8000),
  pcm16(16_000),
  pcm16(24_000),
];

/** Deepgram's Flux: a WebSocket for each call, which is sent all its audio; Flux decides when a turn is over. */
export function createDeepgramFluxStt(
  settings: SttSettings<'deepgram-flux'>,
  clock: Clock,
  { connectMs }: ServiceWaits = standardWaits,
): SpeechToText {
  const abilities: FluxAbilities = { canForceEnd: true };
  const means = { clock, connectMs, abilities };
  return {
    inputs,
    turnTaking: 'own',
    open: (options) => FluxSession.open(settings, options, means),
    async probe(signal) {
      const session = await FluxSession.open(settings, { input: inputs[0] as AudioFormat, language: undefined, signal, on: () => {} }, means);
      session.close();
    },
    async close() {},
  };
}
