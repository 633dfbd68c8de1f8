import { type AudioFormat, pcm16 } from '../../../base/audio-format.js';
import type { Clock } from '../../../base/clock.js';
import type { SttSettings } from '../../../config/providers.js';
import { RivaConnection } from './riva/connection.js';
import { streamingConfig } from './riva/protocol.js';
import { loadRivaService } from './riva/service.js';
import { RivaSession } from './riva/session.js';
import { type ServiceWaits, standardWaits } from './service-waits.js';
import type { SpeechToText } from './stt.js';

const inputs: readonly AudioFormat[] = [pcm16(16_000), pcm16(8000), { encoding: 'mulaw', rateHz: 8000 }, { encoding: 'alaw', rateHz: 8000 }];

/**
 * NVIDIA Riva, of one's own or in NVIDIA's cloud, by gRPC: all audio is sent as it comes; talkpath decides when a turn is
 * over. Rejects with TP_ERR_PACKAGE_MISSING where the packages for gRPC are not installed.
 */
export async function createRivaStt(
  settings: SttSettings<'riva'>,
  clock: Clock,
  { connectMs }: ServiceWaits = standardWaits,
  load = loadRivaService,
): Promise<SpeechToText> {
  const service = await load();
  return {
    inputs,
    turnTaking: 'ours',
    async open(options) {
      const connection = await RivaConnection.open(service, settings, { clock, ms: connectMs, signal: options.signal });
      const session = new RivaSession(connection, streamingConfig(options.input, options.language, settings.model), options, clock);
      if (options.signal.aborted) session.close();
      return session;
    },
    async probe(signal) {
      const bounds = { clock, ms: connectMs, signal };
      const connection = await RivaConnection.open(service, settings, bounds);
      try {
        await connection.knows(settings.model ?? '', bounds);
      } finally {
        connection.close();
      }
    },
    async close() {},
  };
}
