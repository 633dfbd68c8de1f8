import { ProviderError, type ProviderErrorCode } from '../../../network/provider-error.js';
import { who } from './protocol.js';

/** Status codes of gRPC by name, for what is not "the connection was lost". */
const codes: Readonly<Record<string, ProviderErrorCode>> = {
  UNAUTHENTICATED: 'TP_ERR_PROVIDER_REFUSED',
  PERMISSION_DENIED: 'TP_ERR_PROVIDER_REFUSED',
  INVALID_ARGUMENT: 'TP_ERR_PROVIDER_REQUEST',
  NOT_FOUND: 'TP_ERR_PROVIDER_REQUEST',
  FAILED_PRECONDITION: 'TP_ERR_PROVIDER_REQUEST',
  OUT_OF_RANGE: 'TP_ERR_PROVIDER_REQUEST',
  UNIMPLEMENTED: 'TP_ERR_PROVIDER_REQUEST',
  RESOURCE_EXHAUSTED: 'TP_ERR_PROVIDER_BUSY',
  DEADLINE_EXCEEDED: 'TP_ERR_PROVIDER_TIMEOUT',
};

/** grpc-js says so of a response that is no message of the protocol; the details may repeat what was said. */
const unreadable = /^Response message parsing error/;

/** What a status other than OK means. `name`: as gRPC calls it. */
export function errorOfGrpcStatus(name: string, details: string, otherwise: ProviderErrorCode): ProviderError {
  if (unreadable.test(details)) return new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a response that is no message of its protocol`);
  return new ProviderError(codes[name] ?? otherwise, `${who} ended with gRPC status ${name}`);
}
