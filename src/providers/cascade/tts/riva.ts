import { pcm16 } from '../../../base/audio-format.js';
import type { Clock } from '../../../base/clock.js';
import { standardLimits, type TtsSettings } from '../../../config/providers.js';
import { RivaChannel } from './riva/channel.js';
import { who } from './riva/failure.js';
import { ServiceSession } from './service-session.js';
import type { SpeechLimits } from './service-speech.js';
import type { TextToSpeech } from './tts.js';

const outputs = [pcm16(8000), pcm16(16_000), pcm16(24_000)];

/** Text to speech by a Riva server, or NVIDIA's: one gRPC call a sentence, all on one connection. Rejects with TP_ERR_PACKAGE_MISSING. */
export async function createRivaTts(settings: TtsSettings<'riva'>, clock: Clock, limits: SpeechLimits = standardLimits): Promise<TextToSpeech> {
  const channel = await RivaChannel.create(settings, clock);
  return {
    outputs,
    async open(options) {
      await channel.ready(limits.connect_ms, options.signal);
      const request = {
        language_code: settings.language,
        encoding: 'LINEAR_PCM',
        sample_rate_hz: options.output.rateHz,
        voice_name: settings.voice ?? '',
      } as const;
      return new ServiceSession({ who, ask: (text, stop) => channel.speak({ text, ...request }, stop) }, options, clock, limits);
    },
    probe: (signal) => channel.probe(limits.connect_ms, signal),
    async close() {
      channel.close();
    },
  };
}
