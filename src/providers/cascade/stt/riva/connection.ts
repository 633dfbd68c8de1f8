import type * as Grpc from '@grpc/grpc-js';
import type { Clock } from '../../../../base/clock.js';
import type { SttSettings } from '../../../../config/providers.js';
import { type Bounds, bounded } from '../../../network/bounded.js';
import { errorOfGrpcStatus } from '../../../network/grpc-status.js';
import { ProviderError, type ProviderErrorCode } from '../../../network/provider-error.js';
import { rivaEndpoint, rivaMetadata } from '../../../network/riva.js';
import { ServiceAllowance } from '../../../network/service-allowance.js';
import { HeldSockets } from './held-sockets.js';
import { type StreamingConfig, type StreamingResponse, who } from './protocol.js';
import type { RivaService } from './service.js';

export interface RivaStream {
  send(audio: Uint8Array): void;
  /** No audio follows: the service tells the rest, and ends the stream. */
  end(): void;
  /** Nothing is told any more. */
  cancel(): void;
}

export interface RivaStreamEvents {
  readonly onResponse: (response: StreamingResponse) => void;
  /** Called once unless cancelled; with an error unless the service ended well. */
  readonly onEnd: (error: ProviderError | undefined) => void;
}

/** Messages that wait for a service that takes none: 20 s of frames. */
const mostWaiting = 1000;

/** One call's connection, so that a call that stumbles does not hold up another. */
export class RivaConnection {
  readonly #service: RivaService;
  readonly #client: Grpc.Client;
  readonly #metadata: Grpc.Metadata;
  readonly #sockets: HeldSockets;
  readonly #clock: Clock;

  private constructor(service: RivaService, settings: SttSettings<'riva'>, clock: Clock) {
    this.#service = service;
    this.#clock = clock;
    const { Client, Metadata, credentials } = service.grpc;
    // First, as nothing is to be closed yet when it throws.
    this.#metadata = rivaMetadata(who, Metadata, settings);
    const endpoint = rivaEndpoint(credentials, settings.url);
    this.#sockets = new HeldSockets(endpoint.credentials);
    this.#client = new Client(endpoint.address, endpoint.credentials, {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
      'grpc.service_config_disable_resolution': 1,
    });
  }

  /** Rejects with a ProviderError when no connection can be had within the bounds. */
  static async open(service: RivaService, settings: SttSettings<'riva'>, bounds: Bounds): Promise<RivaConnection> {
    const connection = new RivaConnection(service, settings, bounds.clock);
    try {
      await bounded(who, bounds, (done) => connection.#whenReady(done));
      return connection;
    } catch (error) {
      connection.#client.close();
      connection.#sockets.destroy();
      throw error;
    }
  }

  stream(config: StreamingConfig, { onResponse, onEnd }: RivaStreamEvents): RivaStream {
    const { path, requestSerialize, responseDeserialize } = this.#service.recognize;
    const call = this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, this.#metadata);
    let isOver = false;
    const finish = (error?: ProviderError): void => {
      if (isOver) return;
      isOver = true;
      call.cancel();
      onEnd(error);
    };
    const allowance = new ServiceAllowance(who);
    call.on('data', (response: StreamingResponse) => {
      // Of words, that is: their number says it.
      const tooMuch = allowance.take(0, this.#clock.nowMs());
      if (tooMuch) finish(tooMuch);
      if (!isOver) onResponse(response);
    });
    // Whatever it is, the status tells it too.
    call.on('error', () => {});
    call.on('status', (status: Grpc.StatusObject) => finish(this.#errorOf(status, 'TP_ERR_PROVIDER_LOST')));
    call.write({ streaming_config: config });
    return {
      send(audio) {
        if (isOver) return;
        call.write({ audio_content: audio });
        if (call.writableLength > mostWaiting) finish(new ProviderError('TP_ERR_PROVIDER_LOST', `${who} takes nothing any more`));
      },
      end: () => call.end(),
      cancel() {
        isOver = true;
        call.cancel();
      },
    };
  }

  /** Asks for what the service knows of a model, or of all. Rejects with a ProviderError. */
  async knows(model: string, bounds: Bounds): Promise<void> {
    const { path, requestSerialize, responseDeserialize } = this.#service.config;
    let call: Grpc.ClientUnaryCall | undefined;
    try {
      await bounded(who, bounds, (done) => {
        call = this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { model_name: model }, this.#metadata, (error) => {
          // An older service that does not know the question is there all the same.
          const isThere = !error || error.code === this.#service.grpc.status.UNIMPLEMENTED;
          done(isThere ? undefined : this.#errorOf(error, 'TP_ERR_PROVIDER_CONNECT'));
        });
      });
    } finally {
      call?.cancel();
    }
  }

  close(): void {
    this.#client.close();
    this.#sockets.close(this.#clock);
  }

  #errorOf({ code, details }: Pick<Grpc.StatusObject, 'code' | 'details'>, otherwise: ProviderErrorCode): ProviderError | undefined {
    const { status } = this.#service.grpc;
    return code === status.OK ? undefined : errorOfGrpcStatus(who, code, details, otherwise);
  }

  /** Looks at the channel each time that it changes. Closing it is a change, too. */
  #whenReady(done: (error?: ProviderError) => void): void {
    const { connectivityState } = this.#service.grpc;
    const channel = this.#client.getChannel();
    const look = (error?: Error): void => {
      if (error) return;
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.READY) done();
      else if (state === connectivityState.TRANSIENT_FAILURE) done(new ProviderError('TP_ERR_PROVIDER_CONNECT', `${who} cannot be reached`));
      else channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, look);
    };
    look();
  }
}
