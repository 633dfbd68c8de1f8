import type { CallOptions, Client, ClientReadableStream, Metadata, ServiceError } from '@grpc/grpc-js';
import type { Clock } from '../../../../base/clock.js';
import type { TtsSettings } from '../../../../config/providers.js';
import { bounded } from '../../../network/bounded.js';
import { optionalPackage } from '../../../network/optional-package.js';
import { ProviderError } from '../../../network/provider-error.js';
import { rivaEndpoint, rivaMetadata } from '../../../network/riva.js';
import { ServiceAllowance } from '../../../network/service-allowance.js';
import { descriptor, type SynthesizeRequest, type SynthesizeResponse } from './descriptor.js';
import { failureOf, who } from './failure.js';

interface Synthesis extends Client {
  SynthesizeOnline(request: SynthesizeRequest, metadata: Metadata, options?: CallOptions): ClientReadableStream<SynthesizeResponse>;
  GetRivaSynthesisConfig(request: object, metadata: Metadata, done: (error: ServiceError | null) => void): { cancel(): void };
}

const channelOptions = {
  'grpc.enable_retries': 0,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.max_receive_message_length': 8 << 20,
  // Another voice at the same address has connections of its own.
  'grpc.use_local_subchannel_pool': 1,
};

/** States of a channel of gRPC. */
const connectivity = { ready: 2, failing: 3 };

/** Status code of gRPC for a method that a server does not have. */
const unimplemented = 12;

/** One HTTP/2 connection to a Riva server, for the sentences of all calls. */
export class RivaChannel {
  readonly #client: Synthesis;
  readonly #metadata: Metadata;
  readonly #clock: Clock;
  #ready: Promise<void> | undefined;

  private constructor(client: Synthesis, metadata: Metadata, clock: Clock) {
    this.#client = client;
    this.#metadata = metadata;
    this.#clock = clock;
  }

  /** Rejects with TP_ERR_PACKAGE_MISSING without gRPC. Connects when it is first needed. */
  static async create(settings: TtsSettings<'riva'>, clock: Clock): Promise<RivaChannel> {
    const grpc = await optionalPackage('@grpc/grpc-js', () => import('@grpc/grpc-js'));
    const loader = await optionalPackage('@grpc/proto-loader', () => import('@grpc/proto-loader'));
    const definition = grpc.loadPackageDefinition(loader.fromJSON(descriptor as never, { keepCase: true, enums: String })) as unknown as {
      nvidia: { riva: { tts: { RivaSpeechSynthesis: new (...parameters: ConstructorParameters<typeof Client>) => Synthesis } } };
    };
    const metadata = rivaMetadata(who, grpc.Metadata, settings);
    const { address, credentials } = rivaEndpoint(grpc.credentials, settings.url);
    const client = new definition.nvidia.riva.tts.RivaSpeechSynthesis(address, credentials, channelOptions);
    return new RivaChannel(client, metadata, clock);
  }

  /** Resolves when there is a connection. Rejects with a ProviderError when there is none within `ms`. */
  ready(ms: number, signal: AbortSignal): Promise<void> {
    this.#ready ??= this.#connect().finally(() => {
      this.#ready = undefined;
    });
    return this.#within(ms, signal, this.#ready);
  }

  /** Audio of one sentence. Rejects, or throws while it is read, with a ProviderError. */
  async speak(request: SynthesizeRequest, stop: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const call = this.#client.SynthesizeOnline(request, this.#metadata);
    // Also after the one who reads has left.
    call.on('error', () => {});
    stop.addEventListener('abort', () => call.cancel(), { once: true });
    const pieces = call[Symbol.asyncIterator]() as AsyncIterator<SynthesizeResponse>;
    const first = await pieces.next().catch((error: unknown) => {
      throw failureOf(error);
    });
    return audioOf(first, pieces, this.#clock);
  }

  /** Asks the server something that costs nothing: whether it is there, and takes the key. */
  async probe(ms: number, signal: AbortSignal): Promise<void> {
    let cancel = (): void => {};
    const answer = new Promise<void>((resolve, reject) => {
      const call = this.#client.GetRivaSynthesisConfig({}, this.#metadata, (error) => {
        if (error && error.code !== unimplemented) reject(failureOf(error));
        else resolve();
      });
      cancel = () => call.cancel();
    });
    await this.#within(ms, signal, answer).finally(cancel);
  }

  close(): void {
    this.#client.close();
  }

  /** Until the channel stands; a failure from before this was asked does not count. */
  #connect(): Promise<void> {
    const channel = this.#client.getChannel();
    return new Promise((resolve, reject) => {
      const look = (isNews: boolean): void => {
        try {
          const state = channel.getConnectivityState(true);
          if (state === connectivity.ready) resolve();
          else if (state === connectivity.failing && isNews) reject(new ProviderError('TP_ERR_PROVIDER_CONNECT', `${who} cannot be reached`));
          else channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, () => look(true));
        } catch {
          reject(new ProviderError('TP_ERR_PROVIDER_CONNECT', `The channel to ${who} was closed`));
        }
      };
      look(false);
    });
  }

  #within(ms: number, signal: AbortSignal, promise: Promise<void>): Promise<void> {
    // Nobody may be left to hear of a failure.
    promise.catch(() => {});
    return bounded(who, { clock: this.#clock, ms, signal }, (done) => void promise.then(() => done(), done));
  }
}

async function* audioOf(
  first: IteratorResult<SynthesizeResponse>,
  pieces: AsyncIterator<SynthesizeResponse>,
  clock: Clock,
): AsyncGenerator<Uint8Array> {
  const allowance = new ServiceAllowance(who);
  let isHeard = false;
  for (let next = first; !next.done; ) {
    const { audio } = next.value;
    if (!(audio instanceof Uint8Array)) throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a message whose audio is not bytes`);
    const tooMuch = allowance.take(audio.length, clock.nowMs());
    if (tooMuch) throw tooMuch;
    isHeard ||= audio.length > 0;
    yield audio;
    next = await pieces.next().catch((error: unknown) => {
      throw failureOf(error, isHeard);
    });
  }
}
