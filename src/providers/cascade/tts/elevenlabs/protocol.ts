import type { AudioFormat } from '../../../../base/audio-format.js';
import type { TtsSettings } from '../../../../config/providers.js';
import { bytesOf, parseMessage, textOf } from '../../../network/json-message.js';
import { ProviderError, type ProviderErrorCode } from '../../../network/provider-error.js';
import { socketBase } from '../../../network/web-socket.js';

/** The multi-context WebSocket of ElevenLabs, as its AsyncAPI description has it: contexts of one socket, each a stream of its own. */

export const who = 'elevenlabs';

export type Settings = TtsSettings<'elevenlabs'>;

/** After which the service closes a context that hears nothing. */
export const inactivityS = 60;

/** Contexts that a socket may have at a time. */
export const mostContexts = 5;

const formatNames: Readonly<Record<string, string>> = { 'mulaw 8000': 'ulaw_8000', 'pcm16 16000': 'pcm_16000', 'pcm16 24000': 'pcm_24000' };

/** Models that may be told the language; others refuse it. */
const takesLanguage = /_v2_5$/;

export function socketUrl({ url, voice, model }: Settings, { encoding, rateHz }: AudioFormat, language: string | undefined): string {
  const query = new URLSearchParams({
    model_id: model,
    output_format: formatNames[`${encoding} ${rateHz}`] ?? 'ulaw_8000',
    inactivity_timeout: String(inactivityS),
  });
  if (language !== undefined && takesLanguage.test(model)) query.set('language_code', language.split('-')[0]?.toLowerCase() ?? '');
  return `${socketBase(url)}/v1/text-to-speech/${encodeURIComponent(voice)}/multi-stream-input?${query}`;
}

/** Opens a context, with a space as its text. */
export const opening = (context_id: string, settings: Settings): object => ({ text: ' ', voice_settings: voiceOf(settings), context_id });

/** Keeps a context from being closed for silence. */
export const keepAlive = (context_id: string): object => ({ text: '', context_id });

/** Has one sentence spoken in a context of its own, whose end is the sentence's end. */
export const sentence = (context_id: string, text: string, settings: Settings): object[] => [
  { text: `${text} `, voice_settings: voiceOf(settings), context_id },
  { context_id, flush: true },
  { context_id, close_context: true },
];

export const farewell: object = { close_socket: true };

const voiceOf = ({ stability, similarity_boost, speed }: Settings): object => ({ stability, similarity_boost, speed });

/** What the service says of a context: some of its audio, its end, or both. */
export interface ContextNews {
  readonly context: string;
  readonly audio: Uint8Array | undefined;
  readonly isFinal: boolean;
}

/** Throws a ProviderError for what the protocol does not know, and for the error that the message is. */
export function newsOf(text: string): ContextNews {
  const message = parseMessage<{ audio?: unknown; isFinal?: unknown; contextId?: unknown; error?: unknown; message?: unknown }>(who, text);
  if (message.error !== undefined && message.error !== null) throw refusalOf(message.error);
  const { audio, isFinal } = message;
  if (isFinal !== undefined && isFinal !== null && typeof isFinal !== 'boolean')
    throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a message whose isFinal is of type ${typeof isFinal}`);
  return {
    context: textOf(who, 'contextId', message.contextId),
    audio: audio === undefined || audio === null || audio === '' ? undefined : bytesOf(who, audio),
    isFinal: isFinal === true,
  };
}

const refusals: readonly (readonly [word: RegExp, code: ProviderErrorCode])[] = [
  [/api_key|auth|permission|forbidden|subscription/, 'TP_ERR_PROVIDER_REFUSED'],
  [/quota|limit|concurren|busy|max_active|too_many/, 'TP_ERR_PROVIDER_BUSY'],
  [/timeout|internal|unavailable/, 'TP_ERR_PROVIDER_LOST'],
  [/voice|model|invalid|unsupported|format|validation|not_found/, 'TP_ERR_PROVIDER_REQUEST'],
];

/** By the service's own word for the error. Its sentence about it may repeat what was said, and is not told. */
function refusalOf(error: unknown): ProviderError {
  const word = typeof error === 'string' && /^[a-z][a-z0-9_]{0,60}$/.test(error) ? error : 'an error without a name';
  const [, code] = refusals.find(([pattern]) => pattern.test(word)) ?? [undefined, 'TP_ERR_PROVIDER_LOST' as const];
  return new ProviderError(code, `${who} broke off: ${word}`);
}
