import type { speak } from '@deepgram/sdk';
import type { AudioFormat } from '../../../../base/audio-format.js';
import type { TtsSettings } from '../../../../config/providers.js';
import { parseMessage } from '../../../network/json-message.js';
import { ProviderError, type ProviderErrorCode } from '../../../network/provider-error.js';
import { socketBase } from '../../../network/web-socket.js';

/** The first version of Deepgram's speaking WebSocket: text and orders in as JSON, audio out as binary messages. */

export const who = 'deepgram speak';

export type Settings = TtsSettings<'deepgram'>;

export function socketUrl({ url, model }: Settings, { encoding, rateHz }: AudioFormat): string {
  const query = new URLSearchParams({ model, encoding: encoding === 'pcm16' ? 'linear16' : encoding, sample_rate: String(rateHz) });
  return `${socketBase(url)}/v1/speak?${query}`;
}

export const speakText = (text: string): speak.SpeakV1Text => ({ type: 'Speak', text });
/** Makes audio of all that was given; answered by Flushed after the last of it. */
export const flush: speak.SpeakV1Flush = { type: 'Flush' };
/** Forgets what was not spoken yet; answered by Cleared. */
export const clear: speak.SpeakV1Clear = { type: 'Clear' };
export const farewell: speak.SpeakV1Close = { type: 'Close' };

export type SpeakEvent =
  | { readonly type: 'flushed' | 'cleared' }
  /** An order was not carried out, as there were too many. */
  | { readonly type: 'limited'; readonly error: ProviderError }
  /** Nothing to act upon. */
  | { readonly type: 'remark' };

/** Throws a ProviderError for what the protocol does not know, and for the error that the message is. */
export function eventOf(text: string): SpeakEvent {
  const message = parseMessage<{ type?: unknown; sequence_id?: unknown; code?: unknown }>(who, text);
  switch (message.type) {
    case 'Flushed':
    case 'Cleared':
      checkSequence(message.sequence_id);
      return { type: message.type === 'Flushed' ? 'flushed' : 'cleared' };
    case 'Warning':
      return /FLUSH|LIMIT|RATE|QUOTA/i.test(wordOf(message.code))
        ? { type: 'limited', error: new ProviderError('TP_ERR_PROVIDER_BUSY', `${who} warned: ${wordOf(message.code)}`) }
        : { type: 'remark' };
    case 'Error':
      throw failureOf(wordOf(message.code));
    default:
      if (typeof message.type === 'string') return { type: 'remark' };
      throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a message without a type`);
  }
}

/** Whether it counts orders or streams is nowhere told: answers are known by their order. */
function checkSequence(value: unknown): void {
  if (Number.isSafeInteger(value)) return;
  throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a message whose sequence_id is of type ${typeof value}, not a whole number`);
}

/** The service's own word for something; sentences are not told, as they may repeat what was said. */
const wordOf = (code: unknown): string => (typeof code === 'string' && /^[A-Za-z][\w-]{0,60}$/.test(code) ? code : 'something without a code');

const failures: readonly (readonly [word: RegExp, code: ProviderErrorCode])[] = [
  [/AUTH|PERMISSION|FORBIDDEN/i, 'TP_ERR_PROVIDER_REFUSED'],
  [/RATE|LIMIT|QUOTA|TOO_MANY/i, 'TP_ERR_PROVIDER_BUSY'],
  [/^(DATA|MESSAGE|BIG)|INVALID|UNPARSABLE/i, 'TP_ERR_PROVIDER_REQUEST'],
];

function failureOf(word: string): ProviderError {
  const [, code] = failures.find(([pattern]) => pattern.test(word)) ?? [undefined, 'TP_ERR_PROVIDER_LOST' as const];
  return new ProviderError(code, `${who} broke off: ${word}`);
}
