import { type AudioFormat, pcm16 } from '../../../base/audio-format.js';
import type { Clock } from '../../../base/clock.js';
import type { SttSettings } from '../../../config/providers.js';
import { openSocket } from '../../network/web-socket.js';
import { closeStream, listenUrl, who } from './deepgram/protocol.js';
import { DeepgramSession } from './deepgram/session.js';
import { type ServiceWaits, standardWaits } from './service-waits.js';
import type { SpeechToText } from './stt.js';

const inputs: readonly AudioFormat[] = [{ encoding: 'mulaw', rateHz: 8000 }, pcm16(8000), pcm16(16_000)];

/** Deepgram's live transcription: a WebSocket for each call, which is sent all its audio; talkpath decides when a turn is over. */
export function createDeepgramStt(settings: SttSettings<'deepgram'>, clock: Clock, { connectMs }: ServiceWaits = standardWaits): SpeechToText {
  return {
    inputs,
    turnTaking: 'ours',
    open: (options) => DeepgramSession.open(settings, options, clock, connectMs),
    async probe(signal) {
      const socket = await openSocket({
        who,
        url: listenUrl(settings, inputs[0] as AudioFormat, undefined),
        headers: { authorization: `Token ${settings.api_key}` },
        clock,
        connectMs,
        signal,
        onText: () => {},
        onLost: () => {},
      });
      socket.sendJson(closeStream);
      socket.close();
    },
    async close() {},
  };
}
