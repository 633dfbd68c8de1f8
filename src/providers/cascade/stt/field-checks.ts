import { ProviderError } from '../../network/provider-error.js';

const wrong = (who: string, field: string, value: unknown, expected: string): ProviderError =>
  new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a message whose ${field} is of type ${typeof value}, not ${expected}`);

/** A number of a message's field. Throws TP_ERR_PROVIDER_PROTOCOL when there is none. */
export function numberOf(who: string, field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrong(who, field, value, 'a number');
}

/** A truth value of a field that may be missing, which means no. Throws TP_ERR_PROVIDER_PROTOCOL. */
export function flagOf(who: string, field: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw wrong(who, field, value, 'true or false');
}

/** The object of a message's field. Throws TP_ERR_PROVIDER_PROTOCOL when there is none. */
export function objectOf(who: string, field: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(who, field, value, 'an object');
}

/** The objects of a message's list. Throws TP_ERR_PROVIDER_PROTOCOL when it is none. */
export function objectsOf(who: string, field: string, value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.map((item) => objectOf(who, `${field}[]`, item));
  throw wrong(who, field, value, 'a list');
}
