import type { AudioFormat } from '../../../base/audio-format.js';
import type { Clock } from '../../../base/clock.js';
import { ServiceSession, type ServiceVoice } from './service-session.js';
import type { SpeechLimits } from './service-speech.js';
import type { TextToSpeech, TtsOptions, TtsSession } from './tts.js';

/** A voice with a socket for each call. */
export interface SocketVoice extends ServiceVoice {
  /** Connects. Rejects with a ProviderError when it cannot. */
  open(): Promise<void>;
}

/** Text to speech by a service that is spoken to through a socket. A probe opens one, and closes it at once. */
export function socketTts(
  outputs: readonly [AudioFormat, ...AudioFormat[]],
  voiceOf: (options: TtsOptions) => SocketVoice,
  clock: Clock,
  limits: SpeechLimits,
): TextToSpeech {
  const open = async (options: TtsOptions): Promise<TtsSession> => {
    const voice = voiceOf(options);
    const session = new ServiceSession(voice, options, clock, limits);
    try {
      await voice.open();
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  };
  return {
    outputs,
    open,
    async probe(signal) {
      const session = await open({ output: outputs[0], language: undefined, signal, on: () => {} });
      session.close();
    },
    async close() {},
  };
}
