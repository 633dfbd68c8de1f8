import type { Deepgram } from '@deepgram/sdk';
import type { AudioFormat } from '../../../../base/audio-format.js';
import type { SttSettings } from '../../../../config/providers.js';
import { parseMessage, textOf } from '../../../network/json-message.js';
import { ProviderError } from '../../../network/provider-error.js';
import { encodingNames, socketUrl } from '../deepgram/protocol.js';
import { numberOf, objectsOf } from '../field-checks.js';

/** Deepgram's conversational transcription, "listen v2" or Flux, which tells when a turn is over. */
export const who = 'deepgram flux';

export const forceEndTurn: Deepgram.listen.ListenV2ForceEndTurn = { type: 'ForceEndTurn' };
export const closeStream: Deepgram.listen.ListenV2CloseStream = { type: 'CloseStream' };

const multilingualModel: Deepgram.ListenV2Model = 'flux-general-multi';

export type FluxEvent =
  | { readonly type: 'connected' }
  /** The turn of that number so far; `isOver` for the last time. */
  | { readonly type: 'turn'; readonly index: number; readonly text: string; readonly words: readonly string[]; readonly isOver: boolean }
  | { readonly type: 'other' };

/** Only the multilingual model takes a language, and only as a hint. */
export function fluxUrl(settings: SttSettings<'deepgram-flux'>, { encoding, rateHz }: AudioFormat, language: string | undefined): string {
  const { url, model, eot_threshold, eot_timeout_ms } = settings;
  return socketUrl(url, '/v2/listen', {
    model,
    encoding: encodingNames[encoding],
    sample_rate: String(rateHz),
    eot_threshold: String(eot_threshold),
    eot_timeout_ms: String(eot_timeout_ms),
    ...(model === multilingualModel && language !== undefined && { language_hint: language.split('-')[0] as string }),
  });
}

/** The service does not know a message of ours. */
export class UnknownMessageError extends ProviderError {}

/** Throws a ProviderError for what the protocol does not know, and for what it calls an error. */
export function parseFluxMessage(text: string): FluxEvent {
  const message = parseMessage<Record<string, unknown>>(who, text);
  const type = textOf(who, 'type', message.type);
  switch (type) {
    case 'Connected':
      return { type: 'connected' };
    case 'TurnInfo':
      return turnOf(message);
    case 'Error':
      throw errorOf(message.code);
    default:
      return { type: 'other' };
  }
}

function turnOf(message: Record<string, unknown>): FluxEvent {
  const event: Deepgram.listen.ListenV2TurnInfo.Event = textOf(who, 'event', message.event);
  return {
    type: 'turn',
    index: numberOf(who, 'turn_index', message.turn_index),
    text: textOf(who, 'transcript', message.transcript).trim(),
    words: objectsOf(who, 'words', message.words).map(({ word }) => textOf(who, 'word', word)),
    isOver: event === 'EndOfTurn',
  };
}

/** Of the error only its code is told, when it looks like one: the description may hold anything. */
function errorOf(code: unknown): ProviderError {
  if (code === 'UNPARSABLE_CLIENT_MESSAGE') return new UnknownMessageError('TP_ERR_PROVIDER_PROTOCOL', `${who} does not know a message of ours`);
  const shown = typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,60}$/.test(code) ? code : 'without a code';
  return new ProviderError('TP_ERR_PROVIDER_LOST', `${who} gave up the session with an error ${shown}`);
}
