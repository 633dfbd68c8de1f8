import type { TalkpathError } from '../../../../base/errors.js';
import { asProviderError, ProviderError, type ProviderErrorCode } from '../../../network/provider-error.js';

export const who = 'riva speech';

/** Status codes of gRPC, by number. */
const codes: Readonly<Record<number, readonly [name: string, code: ProviderErrorCode]>> = {
  1: ['CANCELLED', 'TP_ERR_PROVIDER_LOST'],
  2: ['UNKNOWN', 'TP_ERR_PROVIDER_CONNECT'],
  3: ['INVALID_ARGUMENT', 'TP_ERR_PROVIDER_REQUEST'],
  4: ['DEADLINE_EXCEEDED', 'TP_ERR_PROVIDER_TIMEOUT'],
  5: ['NOT_FOUND', 'TP_ERR_PROVIDER_REQUEST'],
  7: ['PERMISSION_DENIED', 'TP_ERR_PROVIDER_REFUSED'],
  8: ['RESOURCE_EXHAUSTED', 'TP_ERR_PROVIDER_BUSY'],
  9: ['FAILED_PRECONDITION', 'TP_ERR_PROVIDER_REQUEST'],
  11: ['OUT_OF_RANGE', 'TP_ERR_PROVIDER_REQUEST'],
  12: ['UNIMPLEMENTED', 'TP_ERR_PROVIDER_REQUEST'],
  13: ['INTERNAL', 'TP_ERR_PROVIDER_CONNECT'],
  14: ['UNAVAILABLE', 'TP_ERR_PROVIDER_CONNECT'],
  15: ['DATA_LOSS', 'TP_ERR_PROVIDER_LOST'],
  16: ['UNAUTHENTICATED', 'TP_ERR_PROVIDER_REFUSED'],
};

/** Anything that gRPC throws, by its status code: what it says may repeat the text. */
export function failureOf(thrown: unknown, isHeard = false): TalkpathError {
  const status = (thrown as { code?: unknown } | undefined)?.code;
  const known = typeof status === 'number' ? codes[status] : undefined;
  if (!known) return asProviderError(who, thrown);
  const [name, code] = known;
  const isLost = isHeard && code === 'TP_ERR_PROVIDER_CONNECT';
  return new ProviderError(isLost ? 'TP_ERR_PROVIDER_LOST' : code, `${who} answered with gRPC status ${name}`);
}
