import type { AudioFormat } from '../../../base/audio-format.js';
import type { Clock } from '../../../base/clock.js';
import type { Limits } from '../../../config/providers.js';
import { asProviderError, ProviderError } from '../../network/provider-error.js';
import type { SpeechPiece } from './tts.js';
import { WholeSamples } from './whole-samples.js';

/** How long a service is waited for. */
export type SpeechLimits = Readonly<Pick<Limits, 'connect_ms' | 'first_audio_ms' | 'idle_ms'>>;

export interface ServiceSpeech {
  /** The service as an operator knows it, for messages. */
  readonly who: string;
  readonly format: AudioFormat;
  readonly clock: Clock;
  readonly limits: SpeechLimits;
  /** Aborted when nobody wants the sentence any more. */
  readonly signal: AbortSignal;
  /**
   * Asks for the sentence. `stop` is aborted when the rest is not wanted, and when nothing came for too long: then its
   * reason is a ProviderError.
   */
  readonly ask: (stop: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
}

/**
 * One sentence of a service, whose audio comes in pieces of any size: whole samples, and never waited for without
 * bounds. Throws a ProviderError; ends without one when aborted, and then nothing more comes.
 */
export async function* serviceSpeech({ who, format, clock, limits, signal, ask }: ServiceSpeech): AsyncGenerator<SpeechPiece> {
  if (signal.aborted) return;
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort, { once: true });
  let isHeard = false;
  const wait = <T>(promise: Promise<T>, ms: number): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const done = (): void => {
        stopWaiting();
        stop.signal.removeEventListener('abort', leave);
      };
      const leave = (): void => {
        done();
        resolve(undefined);
      };
      const stopWaiting = clock.after(ms, () => {
        const late = new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} sent no audio for ${isHeard ? limits.idle_ms : limits.first_audio_ms} ms`);
        done();
        reject(late);
        stop.abort(late);
      });
      stop.signal.addEventListener('abort', leave, { once: true });
      promise.finally(done).then(resolve, reject);
    });
  const samples = new WholeSamples(format);
  const startedMs = clock.nowMs();
  try {
    const audio = (await wait(ask(stop.signal), limits.first_audio_ms))?.[Symbol.asyncIterator]();
    while (audio && !stop.signal.aborted) {
      const ms = isHeard ? limits.idle_ms : Math.max(0, startedMs + limits.first_audio_ms - clock.nowMs());
      const next = await wait(audio.next(), ms);
      if (stop.signal.aborted || !next || next.done) break;
      const piece = samples.take(next.value);
      if (piece.length === 0) continue;
      isHeard = true;
      yield { audio: piece, format };
    }
    if (!isHeard && !signal.aborted) throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} made no audio of a sentence`);
  } catch (error) {
    if (!signal.aborted) throw asProviderError(who, error, isHeard ? 'TP_ERR_PROVIDER_LOST' : 'TP_ERR_PROVIDER_CONNECT');
  } finally {
    signal.removeEventListener('abort', abort);
    stop.abort();
  }
}
