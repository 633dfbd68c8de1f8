import type { Engine, VoiceId } from '@aws-sdk/client-polly';
import { pcm16 } from '../../../base/audio-format.js';
import type { Clock } from '../../../base/clock.js';
import { TalkpathError } from '../../../base/errors.js';
import { standardLimits, type TtsSettings } from '../../../config/providers.js';
import { optionalPackage } from '../../network/optional-package.js';
import { asProviderError, ProviderError } from '../../network/provider-error.js';
import { failureOf, who } from './polly/failure.js';
import { ServiceSession } from './service-session.js';
import { type SpeechLimits, serviceSpeech } from './service-speech.js';
import type { TextToSpeech } from './tts.js';

const outputs = [pcm16(8000), pcm16(16_000)];

/** Requests at a time: the handler's own bound of 50 would make the calls beyond it wait. */
const mostSockets = 1000;

type Settings = TtsSettings<'polly'>;

/**
 * Text to speech by Amazon Polly: one HTTP request a sentence. Rejects with TP_ERR_PACKAGE_MISSING without the AWS
 * client, and with TP_ERR_CONFIG_INVALID for half a pair of keys.
 */
export async function createPollyTts(settings: Settings, clock: Clock, limits: SpeechLimits = standardLimits): Promise<TextToSpeech> {
  const credentials = credentialsOf(settings);
  const { PollyClient, SynthesizeSpeechCommand } = await optionalPackage('@aws-sdk/client-polly', () => import('@aws-sdk/client-polly'));
  const { NodeHttpHandler } = await optionalPackage('@smithy/node-http-handler', () => import('@smithy/node-http-handler'));
  const agent = { keepAlive: true, maxSockets: mostSockets };
  const client = new PollyClient({
    region: settings.region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: limits.connect_ms, httpAgent: agent, httpsAgent: agent }),
    ...(settings.url && { endpoint: settings.url }),
    ...(credentials && { credentials }),
  });

  async function synthesise(text: string, rateHz: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const command = new SynthesizeSpeechCommand({
      OutputFormat: 'pcm',
      SampleRate: String(rateHz),
      Text: text,
      TextType: 'text',
      VoiceId: settings.voice as VoiceId,
      Engine: settings.engine as Engine,
    });
    try {
      const { AudioStream, ContentType } = await client.send(command, { abortSignal: signal });
      const stream = AudioStream as (AsyncIterable<Uint8Array> & { destroy(): void; on(event: 'error', listener: () => void): void }) | undefined;
      if (stream === undefined || ContentType !== 'audio/pcm') {
        stream?.destroy();
        throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} answered with something that is no audio`);
      }
      // Also after the one who reads has left.
      stream.on('error', () => {});
      return stream;
    } catch (error) {
      throw failureOf(error);
    }
  }

  return {
    outputs,
    open: (options) => new ServiceSession({ who, ask: (text, stop) => synthesise(text, options.output.rateHz, stop) }, options, clock, limits),
    /** Has a letter spoken: nothing else tells whether the voice may be used. */
    async probe(signal) {
      const ask = (stop: AbortSignal): Promise<AsyncIterable<Uint8Array>> => synthesise('a', 8000, stop);
      for await (const _piece of serviceSpeech({ who, format: pcm16(8000), clock, limits, signal, ask })) break;
      if (signal.aborted) throw asProviderError(who, signal.reason);
    },
    async close() {
      client.destroy();
    },
  };
}

function credentialsOf({ access_key_id, secret_access_key }: Settings): { accessKeyId: string; secretAccessKey: string } | undefined {
  if (access_key_id === undefined && secret_access_key === undefined) return undefined;
  if (access_key_id !== undefined && secret_access_key !== undefined) return { accessKeyId: access_key_id, secretAccessKey: secret_access_key };
  const missing = access_key_id === undefined ? 'access_key_id' : 'secret_access_key';
  throw new TalkpathError(
    'TP_ERR_CONFIG_INVALID',
    `Expected access_key_id and secret_access_key, or neither, for a voice of type polly but ${missing} is missing`,
  );
}
