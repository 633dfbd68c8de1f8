import { APIConnectionError, APIConnectionTimeoutError } from 'openai';
import { TalkpathError } from '../../../../base/errors.js';
import { asProviderError, ProviderError, type ProviderErrorCode } from '../../../network/provider-error.js';

/** Of the codes that a service names when it breaks an answer off; its words are not repeated, for they may hold the caller's. */
const knownFailures: Readonly<Record<string, ProviderErrorCode>> = {
  rate_limit_exceeded: 'TP_ERR_PROVIDER_BUSY',
  insufficient_quota: 'TP_ERR_PROVIDER_BUSY',
  overloaded: 'TP_ERR_PROVIDER_BUSY',
  overloaded_error: 'TP_ERR_PROVIDER_BUSY',
  server_error: 'TP_ERR_PROVIDER_LOST',
  internal_error: 'TP_ERR_PROVIDER_LOST',
  invalid_prompt: 'TP_ERR_PROVIDER_REQUEST',
  context_length_exceeded: 'TP_ERR_PROVIDER_REQUEST',
  model_not_found: 'TP_ERR_PROVIDER_REQUEST',
};

/** An answer that the service itself gave up, with this object for an error. */
export function failureOf(who: string, error: unknown): ProviderError {
  const { code: named, type } = (error ?? {}) as { code?: unknown; type?: unknown };
  const code = named ?? type;
  const known = typeof code === 'string' && Object.hasOwn(knownFailures, code) ? code : undefined;
  const errorCode = (known === undefined ? undefined : knownFailures[known]) ?? 'TP_ERR_PROVIDER_LOST';
  return new ProviderError(errorCode, `${who} gave its answer up${known ? `: ${known}` : ' with an error of its own'}`);
}

/**
 * What the SDK or a socket threw, as what the service did. `hasBegun`: something of the answer had come. No error of the
 * SDK goes on as a cause: its message is the service's.
 */
export function asServiceError(who: string, thrown: unknown, hasBegun: boolean): TalkpathError {
  if (thrown instanceof TalkpathError) return thrown;
  if (thrown instanceof APIConnectionTimeoutError) return new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not answer in time`);
  if (thrown instanceof APIConnectionError) return asServiceError(who, thrown.cause, hasBegun);
  if (!hasBegun) return asProviderError(who, thrown);
  const { code } = (thrown ?? {}) as { code?: unknown };
  const shown = typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? `: ${code}` : '';
  return new ProviderError('TP_ERR_PROVIDER_LOST', `${who} broke its answer off${shown}`);
}
