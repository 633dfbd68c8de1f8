import type { RealtimeResponse, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { Usage } from '../../base/usage.js';
import { bytesOf, parseMessage, textOf } from '../network/json-message.js';
import { ProviderError } from '../network/provider-error.js';
import { usageOfResponse, usageOfTranscription } from './usage.js';

/** The service as an operator knows it. */
export const who = 'openai';

/** What the service says, of its events those that matter here, checked. */
export type ServiceEvent =
  | { readonly type: 'session-created' }
  /** Formats as the service has them now, such as "audio/pcmu"; undefined where it does not tell. */
  | { readonly type: 'session-updated'; readonly input: string | undefined; readonly output: string | undefined }
  | { readonly type: 'speech-started' }
  | { readonly type: 'committed'; readonly itemId: string }
  | { readonly type: 'transcribed'; readonly itemId: string; readonly text: string; readonly usage: Usage }
  | { readonly type: 'not-transcribed'; readonly itemId: string }
  /** `label` is what the request for the response was marked with. */
  | { readonly type: 'response-created'; readonly responseId: string; readonly label: string | undefined }
  | ({ readonly type: 'item-added'; readonly kind: string; readonly name: string | undefined } & OfItem)
  | ({ readonly type: 'audio'; readonly audio: Uint8Array } & OfItem)
  | ({ readonly type: 'words'; readonly text: string } & OfItem)
  | ({ readonly type: 'words-ended'; readonly text: string } & OfItem)
  | ({ readonly type: 'tool-called'; readonly callId: string; readonly name: string | undefined; readonly arguments: string } & OfItem)
  | { readonly type: 'response-done'; readonly responseId: string; readonly outcome: Outcome; readonly usage: Usage }
  | { readonly type: 'error'; readonly error: ServiceFault; readonly eventId: string | undefined };

interface OfItem {
  readonly responseId: string;
  readonly itemId: string;
}

/** How a response ended. */
export type Outcome =
  | { readonly status: 'completed' }
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed' | 'incomplete'; readonly fault: ServiceFault };

/** Of an error only what identifies it: its text may repeat what was said. */
export interface ServiceFault {
  readonly type: string | undefined;
  readonly code: string | undefined;
}

/** Names the request of a response, in the response's metadata. */
export const labelKey = 'talkpath_request';

type Fields = Readonly<Record<string, unknown>>;

/** The event that a message is; undefined for one that does not matter here. Throws TP_ERR_PROVIDER_PROTOCOL for a broken one. */
export function eventOf(text: string): ServiceEvent | undefined {
  const message = parseMessage<Fields>(who, text);
  switch (textOf(who, 'type', message.type) as RealtimeServerEvent['type']) {
    case 'session.created':
      return { type: 'session-created' };
    case 'session.updated':
      return { type: 'session-updated', input: formatOf(message, 'input'), output: formatOf(message, 'output') };
    case 'input_audio_buffer.speech_started':
      return { type: 'speech-started' };
    case 'input_audio_buffer.committed':
      return { type: 'committed', itemId: named(message, 'item_id') };
    case 'conversation.item.input_audio_transcription.completed':
      return {
        type: 'transcribed',
        itemId: named(message, 'item_id'),
        text: named(message, 'transcript'),
        usage: usageOfTranscription(message.usage),
      };
    case 'conversation.item.input_audio_transcription.failed':
      return { type: 'not-transcribed', itemId: named(message, 'item_id') };
    case 'response.created': {
      const response = within(message, 'response');
      return { type: 'response-created', responseId: named(response, 'id'), label: optional(fieldsOf(response.metadata)?.[labelKey]) };
    }
    case 'response.output_item.added': {
      const item = within(message, 'item');
      const responseId = named(message, 'response_id');
      return { type: 'item-added', responseId, itemId: named(item, 'id'), kind: named(item, 'type'), name: optional(item.name) };
    }
    case 'response.output_audio.delta':
      return { type: 'audio', ...itemOf(message), audio: bytesOf(who, message.delta) };
    case 'response.output_audio_transcript.delta':
      return { type: 'words', ...itemOf(message), text: named(message, 'delta') };
    case 'response.output_audio_transcript.done':
      return { type: 'words-ended', ...itemOf(message), text: named(message, 'transcript') };
    case 'response.function_call_arguments.done':
      return {
        type: 'tool-called',
        ...itemOf(message),
        callId: named(message, 'call_id'),
        name: optional(message.name),
        arguments: named(message, 'arguments'),
      };
    case 'response.done': {
      const response = within(message, 'response');
      return {
        type: 'response-done',
        responseId: named(response, 'id'),
        outcome: outcomeOf(response),
        usage: usageOfResponse(response.usage),
      };
    }
    case 'error': {
      const error = within(message, 'error');
      return { type: 'error', error: faultOf(error), eventId: optional(error.event_id) };
    }
    default:
      return undefined;
  }
}

function outcomeOf(response: Fields): Outcome {
  const status = response.status as RealtimeResponse['status'];
  switch (status) {
    case 'completed':
    case 'cancelled':
      return { status };
    case 'failed':
      return { status, fault: faultOf(fieldsOf(fieldsOf(response.status_details)?.error) ?? {}) };
    case 'incomplete':
      return { status, fault: { type: status, code: optional(fieldsOf(response.status_details)?.reason) } };
    default:
      throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} ended a response with a status that its protocol does not know`);
  }
}

const faultOf = (error: Fields): ServiceFault => ({ type: optional(error.type), code: optional(error.code) });

const itemOf = (message: Fields): OfItem => ({ responseId: named(message, 'response_id'), itemId: named(message, 'item_id') });

function formatOf(message: Fields, side: 'input' | 'output'): string | undefined {
  const audio = fieldsOf(fieldsOf(message.session)?.audio);
  return optional(fieldsOf(fieldsOf(audio?.[side])?.format)?.type);
}

const named = (fields: Fields, field: string): string => textOf(who, field, fields[field]);

const optional = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

function within(message: Fields, field: string): Fields {
  const fields = fieldsOf(message[field]);
  if (fields) return fields;
  throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a message without the object ${field}`);
}
