import type { TalkpathError } from '../../../../base/errors.js';
import { asProviderError, errorOfStatus, ProviderError } from '../../../network/provider-error.js';

export const who = 'polly';

const refused = /AccessDenied|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|InvalidClientTokenId|ExpiredToken|MissingAuthentication/;
const busy = /Throttling|TooManyRequests|LimitExceeded|SlowDown/;

/** Anything that the AWS client throws, by its kind: what it says may repeat the text. */
export function failureOf(thrown: unknown): TalkpathError {
  const { name, code, $metadata, $response } = (thrown ?? {}) as {
    name?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: unknown };
    $response?: { headers?: Record<string, string> };
  };
  const kind = typeof name === 'string' ? name : '';
  const status = $metadata?.httpStatusCode;
  if (kind === 'CredentialsProviderError') return new ProviderError('TP_ERR_PROVIDER_REFUSED', `${who} was not asked, as there are no credentials`);
  // The client calls a broken connection a timeout, too.
  if (kind === 'TimeoutError' && (code === 'ECONNRESET' || code === 'EPIPE'))
    return new ProviderError('TP_ERR_PROVIDER_CONNECT', `${who} cannot be reached: ${code}`);
  if (typeof status !== 'number') return asProviderError(who, thrown);
  if (busy.test(kind)) return new ProviderError('TP_ERR_PROVIDER_BUSY', `${who} asks to be asked less often`);
  // With an error, an answer of success is one that the client could not read.
  if (status < 400) return new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent an answer that cannot be read`);
  return errorOfStatus(who, refused.test(kind) ? 403 : status, $response?.headers?.['retry-after']);
}
