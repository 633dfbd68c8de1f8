import type * as Grpc from '@grpc/grpc-js';
import type { MethodDefinition, ServiceDefinition } from '@grpc/proto-loader';
import { optionalPackage } from '../../../network/optional-package.js';
import { descriptor, serviceName } from './descriptor.js';
import type { StreamingRequest, StreamingResponse } from './protocol.js';

/** What comes of the packages that speak gRPC, loaded once for all calls. */
export interface RivaService {
  readonly grpc: typeof Grpc;
  readonly recognize: MethodDefinition<StreamingRequest, StreamingResponse>;
  readonly config: MethodDefinition<{ readonly model_name: string }, object>;
}

/** Rejects with TP_ERR_PACKAGE_MISSING. */
export async function loadRivaService(): Promise<RivaService> {
  const grpc = await optionalPackage('@grpc/grpc-js', () => import('@grpc/grpc-js'));
  const { fromJSON } = await optionalPackage('@grpc/proto-loader', () => import('@grpc/proto-loader'));
  const json = descriptor as unknown as Parameters<typeof fromJSON>[0];
  const service = fromJSON(json, { keepCase: true, defaults: true, arrays: true })[serviceName] as ServiceDefinition;
  return {
    grpc,
    recognize: service.StreamingRecognize as unknown as RivaService['recognize'],
    config: service.GetRivaSpeechRecognitionConfig as unknown as RivaService['config'],
  };
}
