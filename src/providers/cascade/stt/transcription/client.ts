import OpenAI from 'openai';
import type { Transcription } from 'openai/resources/audio/transcriptions';
import type { Clock } from '../../../../base/clock.js';
import type { TalkpathError } from '../../../../base/errors.js';
import { mostAtOnce, type Usage } from '../../../../base/usage.js';
import type { PcmAudio } from '../../../../base/wav-file.js';
import { wavFile } from '../../../../base/wav-file.js';
import type { SttSettings } from '../../../../config/providers.js';
import { parseMessage, textOf } from '../../../network/json-message.js';
import { KeptConnections } from '../../../network/kept-connections.js';
import { asProviderError, ProviderError } from '../../../network/provider-error.js';

/** Far more than anybody says in one stretch of speech. */
const mostBytes = 1 << 20;

export interface Answer {
  readonly text: string;
  readonly usage: Usage;
}

/** Asks a service with OpenAI's interface to put audio into words, one file a request. */
export class TranscriptionClient {
  readonly who: string;
  readonly #openai: OpenAI;
  readonly #connections: KeptConnections;
  readonly #model: string;
  readonly #clock: Clock;

  constructor({ type, url, api_key, model }: SttSettings<'openai' | 'groq'>, clock: Clock, answerMs: number) {
    this.who = type;
    this.#model = model;
    this.#clock = clock;
    this.#connections = new KeptConnections({ who: type, mostBytes });
    // Organisation and project would be read from the environment, and sent to whomever the address names.
    const own = { organization: null, project: null, adminAPIKey: null, webhookSecret: null };
    // Its own timeout ends with the first byte of an answer; ours comes before it.
    const quiet = { maxRetries: 0, timeout: 2 * answerMs, logLevel: 'off' } as const;
    this.#openai = new OpenAI({ ...own, ...quiet, apiKey: api_key, baseURL: url, fetch: this.#connections.fetch });
  }

  /** Rejects with a ProviderError. `language`: BCP 47. */
  transcribe(audio: PcmAudio, language: string | undefined, withinMs: number, signal: AbortSignal): Promise<Answer> {
    return this.#within(withinMs, signal, async (until) => {
      const file = new File([wavFile(audio)], 'speech.wav', { type: 'audio/wav' });
      const known = language === undefined ? {} : { language: language.split('-')[0] as string };
      const request = this.#openai.audio.transcriptions.create({ file, model: this.#model, response_format: 'json', ...known }, { signal: until });
      const message = parseMessage<Partial<Transcription>>(this.who, await (await request.asResponse()).text());
      return { text: textOf(this.who, 'text', message.text).trim(), usage: usageOf(message.usage) ?? { stt_seconds: secondsOf(audio) } };
    });
  }

  /** Asks for what the service knows of the model, which costs nothing. Rejects with a ProviderError. */
  probe(withinMs: number, signal: AbortSignal): Promise<void> {
    return this.#within(withinMs, signal, async (until) => {
      try {
        const { body } = await this.#openai.models.retrieve(this.#model, { signal: until }).asResponse();
        await body?.cancel();
      } catch (error) {
        // A server of one's own that transcribes and lists no models is there all the same.
        if (!(error instanceof OpenAI.NotFoundError) || error.code === 'model_not_found') throw error;
      }
    });
  }

  /** Ends every request that is under way. */
  close(): void {
    this.#connections.close();
  }

  /** The whole of a request, its answer's last byte included, ends in time. */
  async #within<T>(ms: number, signal: AbortSignal, request: (until: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const stopWaiting = this.#clock.after(ms, () => late.abort());
    try {
      return await request(AbortSignal.any([signal, late.signal]));
    } catch (error) {
      if (late.signal.aborted) throw new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${this.who} did not answer within ${Math.round(ms)} ms`);
      throw this.#errorOf(error);
    } finally {
      stopWaiting();
    }
  }

  /** Of a connection's error the cause says what happened. */
  #errorOf(error: unknown): TalkpathError {
    return asProviderError(this.who, error instanceof OpenAI.APIConnectionError ? (error.cause ?? error) : error);
  }
}

const secondsOf = ({ pcm, rateHz, channels }: PcmAudio): number => pcm.byteLength / 2 / channels / rateHz;

/** Undefined when the service does not tell, or tells nothing that can be counted. */
function usageOf(usage: Transcription['usage']): Usage | undefined {
  const amount = usage?.type === 'duration' ? usage.seconds : usage?.type === 'tokens' ? usage.total_tokens : undefined;
  if (typeof amount !== 'number' || !(amount >= 0 && amount <= mostAtOnce)) return undefined;
  return usage?.type === 'duration' ? { stt_seconds: amount } : { stt_tokens: amount };
}
