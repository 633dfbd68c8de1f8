import type * as Grpc from '@grpc/grpc-js';
import { ProviderError } from './provider-error.js';

export interface RivaAccess {
  readonly api_key?: string | undefined;
  readonly function_id?: string | undefined;
}

/** What goes with every request to Riva. Throws TP_ERR_PROVIDER_REQUEST without gRPC's own words, which would repeat the key. */
export function rivaMetadata(who: string, Metadata: typeof Grpc.Metadata, { api_key, function_id }: RivaAccess): Grpc.Metadata {
  const metadata = new Metadata();
  const set = (name: string, setting: keyof RivaAccess, value: string): void => {
    try {
      metadata.set(name, value);
    } catch {
      throw new ProviderError('TP_ERR_PROVIDER_REQUEST', `${who} cannot be asked with a ${setting} of other than printable ASCII characters`);
    }
  };
  if (api_key !== undefined) set('authorization', 'api_key', `Bearer ${api_key}`);
  if (function_id !== undefined) set('function-id', 'function_id', function_id);
  return metadata;
}

/** Where the client of gRPC connects for a URL of a Riva server, and how. */
export function rivaEndpoint(credentials: typeof Grpc.credentials, url: string): { address: string; credentials: Grpc.ChannelCredentials } {
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === 'https:';
  return {
    address: `${hostname}:${port || (isSecure ? 443 : 80)}`,
    credentials: isSecure ? credentials.createSsl() : credentials.createInsecure(),
  };
}
