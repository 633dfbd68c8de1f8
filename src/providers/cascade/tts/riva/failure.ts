import type { TalkpathError } from '../../../../base/errors.js';
import { errorOfGrpcStatus } from '../../../network/grpc-status.js';
import { asProviderError } from '../../../network/provider-error.js';

export const who = 'riva speech';

/** Anything that gRPC throws, by its status; `isHeard`: some of the sentence has come. */
export function failureOf(thrown: unknown, isHeard = false): TalkpathError {
  const { code, details = '' } = (thrown ?? {}) as { code?: unknown; details?: string };
  if (typeof code !== 'number') return asProviderError(who, thrown);
  return errorOfGrpcStatus(who, code, details, isHeard ? 'TP_ERR_PROVIDER_LOST' : 'TP_ERR_PROVIDER_CONNECT');
}
