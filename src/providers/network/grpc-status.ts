import { ProviderError, type ProviderErrorCode } from './provider-error.js';

/** Status codes of gRPC, by number, and what they mean of a service; those without a meaning of their own are left to the caller. */
const statuses: readonly (readonly [name: string, code?: ProviderErrorCode])[] = [
  ['OK'],
  ['CANCELLED', 'TP_ERR_PROVIDER_LOST'],
  ['UNKNOWN'],
  ['INVALID_ARGUMENT', 'TP_ERR_PROVIDER_REQUEST'],
  ['DEADLINE_EXCEEDED', 'TP_ERR_PROVIDER_TIMEOUT'],
  ['NOT_FOUND', 'TP_ERR_PROVIDER_REQUEST'],
  ['ALREADY_EXISTS'],
  ['PERMISSION_DENIED', 'TP_ERR_PROVIDER_REFUSED'],
  ['RESOURCE_EXHAUSTED', 'TP_ERR_PROVIDER_BUSY'],
  ['FAILED_PRECONDITION', 'TP_ERR_PROVIDER_REQUEST'],
  ['ABORTED'],
  ['OUT_OF_RANGE', 'TP_ERR_PROVIDER_REQUEST'],
  ['UNIMPLEMENTED', 'TP_ERR_PROVIDER_REQUEST'],
  ['INTERNAL'],
  ['UNAVAILABLE'],
  ['DATA_LOSS', 'TP_ERR_PROVIDER_LOST'],
  ['UNAUTHENTICATED', 'TP_ERR_PROVIDER_REFUSED'],
];

/** grpc-js says so of a response that is no message of the protocol; the details may repeat what was said. */
const unreadable = /^Response message parsing error/;

/** What a status other than OK means of the service `who`; `otherwise` where gRPC does not tell. */
export function errorOfGrpcStatus(who: string, status: number, details: string, otherwise: ProviderErrorCode): ProviderError {
  if (unreadable.test(details)) return new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a response that is no message of its protocol`);
  const [name, code] = statuses[status] ?? [String(status)];
  return new ProviderError(code ?? otherwise, `${who} ended with gRPC status ${name}`);
}
