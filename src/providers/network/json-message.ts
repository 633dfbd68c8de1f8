import { longestToolArguments } from '../../base/tool-bounds.js';
import { ProviderError } from './provider-error.js';

/** The object that a message is. Throws TP_ERR_PROVIDER_PROTOCOL; the message itself, which may hold what was said, is not repeated. */
export function parseMessage<T extends object>(who: string, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a message of ${text.length} characters that is not JSON`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as T;
  throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a JSON message that is not an object`);
}

const deepestArguments = 32;

/** The object that a model wrote as the arguments of a tool; undefined when it is none, or more than 16,384 characters or 32 levels. */
export function parseArguments(text: string): Record<string, unknown> | undefined {
  try {
    if (text.length > longestToolArguments) return undefined;
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text);
    if (!isWithin(deepestArguments, value)) return undefined;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const isWithin = (levels: number, value: unknown): boolean =>
  typeof value !== 'object' || value === null || (levels > 0 && Object.values(value).every((item) => isWithin(levels - 1, item)));

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes of base64 audio. Throws TP_ERR_PROVIDER_PROTOCOL for anything else: half-decoded audio is a click. */
export function bytesOf(who: string, text: unknown): Buffer {
  if (typeof text === 'string' && text.length % 4 === 0 && base64.test(text)) return Buffer.from(text, 'base64');
  throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent audio that is not base64`);
}

/** A text of a message's field. Throws TP_ERR_PROVIDER_PROTOCOL when there is none. */
export function textOf(who: string, field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a message whose ${field} is of type ${typeof value}, not text`);
}
