import { pcm16 } from '../../../base/audio-format.js';
import type { Clock } from '../../../base/clock.js';
import type { SttSettings } from '../../../config/providers.js';
import { holdsSpeech } from '../../../inference/speech-window.js';
import { ProviderError } from '../../network/provider-error.js';
import { type ServiceWaits, standardWaits } from './service-waits.js';
import { type Recognise, StretchSession } from './stretch-session.js';
import type { SpeechToText, SttOptions } from './stt.js';
import { type Answer, TranscriptionClient } from './transcription/client.js';

/** A failure that came within this time leaves enough of it for another try. */
const quickMs = 1000;

/**
 * A service that puts files of audio into words, OpenAI's or one with its interface: each stretch of speech is sent as
 * soon as it ends, while talkpath still waits whether the turn is over.
 */
export function createTranscriptionStt(
  settings: SttSettings<'openai' | 'groq'>,
  clock: Clock,
  { connectMs, answerMs }: ServiceWaits = standardWaits,
): SpeechToText {
  const client = new TranscriptionClient(settings, clock, answerMs);

  /** Once more when the first try failed so soon, and for a reason, that the second may go well. */
  const transcribe = async (pcm: Int16Array, { input: { rateHz }, language }: SttOptions, signal: AbortSignal): Promise<Answer> => {
    const audio = { pcm: new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), rateHz, channels: 1 };
    const startedMs = clock.nowMs();
    try {
      return await client.transcribe(audio, language, answerMs, signal);
    } catch (error) {
      const tookMs = clock.nowMs() - startedMs;
      const mayGoWell = error instanceof ProviderError && error.isRetryable && error.code !== 'TP_ERR_PROVIDER_BUSY' && tookMs < quickMs;
      if (!mayGoWell || signal.aborted) throw error;
      return client.transcribe(audio, language, answerMs - tookMs, signal);
    }
  };

  const recogniserFor =
    (options: SttOptions): Recognise =>
    async (pcm, signal) => {
      // A model of this kind hears words in any noise; and of too little audio it makes an error.
      if (!holdsSpeech(pcm, options.input.rateHz)) return '';
      try {
        const { text, usage } = await transcribe(pcm, options, signal);
        if (!signal.aborted) options.on({ type: 'usage', usage });
        return text;
      } catch (error) {
        if (signal.aborted) return '';
        if (error instanceof ProviderError && !error.isRetryable) options.on({ type: 'failed', error });
        throw error;
      }
    };

  return {
    inputs: [pcm16(8000), pcm16(16_000)],
    turnTaking: 'ours',
    open(options) {
      const session = new StretchSession(recogniserFor(options), options.input.rateHz);
      if (options.signal.aborted) session.close();
      else options.signal.addEventListener('abort', () => session.close(), { once: true });
      return session;
    },
    probe: (signal) => client.probe(connectMs, signal),
    close: async () => client.close(),
  };
}
