import { type Metadata, Server, ServerCredentials, type ServerDuplexStream, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import type { Fault } from './fault.js';
import { GrpcFront } from './grpc-front.js';
import { rivaServiceDefinition } from './riva-descriptor.js';
import { type RivaConfig, RivaStream } from './riva-stream.js';

/** A streaming request as the server's descriptor reads it. */
export interface RivaRequest {
  readonly streaming_request: 'streaming_config' | 'audio_content';
  readonly streaming_config?: { readonly config: RivaConfig; readonly interim_results: boolean };
  readonly audio_content?: Buffer;
}

export type RivaCall = ServerDuplexStream<RivaRequest, object>;

/** Statuses of HTTP by the gRPC status that stands for the same. */
const statuses: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  429: status.RESOURCE_EXHAUSTED,
  500: status.INTERNAL,
  503: status.UNAVAILABLE,
};

const slowMs = 1500;

/** NVIDIA Riva's streaming recognition. It cannot flood, send JSON or base64, or ignore a cancel. */
export class Riva {
  readonly violations: string[] = [];
  fault: Fault | undefined;
  /** What is recognised in the next stretches of speech; in those beyond, no word. */
  readonly says: string[] = [];
  /** What was asked of every stream. */
  readonly configs: RivaConfig[] = [];
  readonly models = ['', 'conformer-en-US-asr-streaming'];
  /** Asked for with every request, where they are set. */
  apiKey: string | undefined;
  functionId: string | undefined;
  /** How long responses take. */
  lagMs = 0;
  /** Whether pauses make results final. */
  endpoints = true;
  /** Whether the end of a stream does; `unended`: it does, and the service does not end the stream; `nothing`: neither. */
  atEnd: 'final' | 'guess' | 'unended' | 'nothing' = 'final';
  /** Streams that neither side has ended. */
  openStreams = 0;
  /** Whether a stream is ended with its first final result, though the client has more. */
  quits = false;
  /** Whether the configuration may be asked for, which older ones do not know. */
  tellsConfig = true;
  /** Whether it counts the audio, which older ones do not. */
  countsAudio = true;
  /** Changes what is sent; bytes are sent as they are. */
  rewrite: (response: object) => object | Buffer = (response) => response;
  readonly #server = new Server();
  readonly #front = new GrpcFront(() => this.#port);
  readonly #timers = new Set<NodeJS.Timeout>();
  #port = 0;

  async listen(): Promise<void> {
    this.#front.fault = () => this.fault;
    const definition = rivaServiceDefinition();
    const streaming = definition.StreamingRecognize as NonNullable<(typeof definition)[string]>;
    const serialize = streaming.responseSerialize;
    const raw = { ...streaming, responseSerialize: (value: object) => (Buffer.isBuffer(value) ? value : serialize(value)) };
    this.#server.addService(
      { ...definition, StreamingRecognize: raw },
      {
        StreamingRecognize: (call: RivaCall) => this.#stream(call),
        GetRivaSpeechRecognitionConfig: (call: ServerUnaryCall<{ model_name: string }, object>, answer: sendUnaryData<object>) =>
          this.#config(call, answer),
      },
    );
    this.#port = await new Promise((resolve, reject) =>
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))),
    );
    await this.#front.listen();
  }

  get url(): string {
    return this.#front.url;
  }

  get openConnections(): number {
    return this.#front.openConnections;
  }

  dropAll(): void {
    this.#front.dropAll();
  }

  /** Takes nothing from now on, and keeps its connections. */
  stopReading(): void {
    this.#front.stopReading();
  }

  /** Notices again what comes. */
  readOn(): void {
    this.#front.readOn();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.forceShutdown();
    await this.#front.close();
  }

  violated(what: string): void {
    this.violations.push(what);
  }

  later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  /** How long a response takes now. */
  get delayMs(): number {
    return this.fault?.type === 'drip' ? slowMs : this.lagMs;
  }

  #stream(call: RivaCall): void {
    call.on('error', () => {});
    const refusal = this.#refusalOf(call.metadata);
    if (refusal) call.emit('error', refusal);
    else {
      this.openStreams += 1;
      new RivaStream(call, this, () => {
        this.openStreams -= 1;
      });
    }
  }

  #config(call: ServerUnaryCall<{ model_name: string }, object>, answer: sendUnaryData<object>): void {
    const refusal = this.#refusalOf(call.metadata);
    const { model_name } = call.request;
    if (refusal) answer(refusal);
    else if (!this.tellsConfig) answer({ code: status.UNIMPLEMENTED, details: 'unknown method' });
    else if (!this.models.includes(model_name)) answer(this.refusal(status.NOT_FOUND, `no model ${model_name}`));
    else answer(null, { model_config: [{ model_name, parameters: { streaming: 'True' } }] });
  }

  /** What a request is answered that this service will not have; it is the client's fault. */
  refusal(code: status, details: string): { code: status; details: string } {
    this.violated(details);
    return { code, details };
  }

  #refusalOf(metadata: Metadata): { code: status; details: string } | undefined {
    if (this.fault?.type === 'status') return { code: statuses[this.fault.status] ?? status.UNKNOWN, details: 'as it was told to' };
    const given = (name: string): string => String(metadata.get(name)[0] ?? '');
    if (this.apiKey !== undefined && given('authorization') !== `Bearer ${this.apiKey}`) return this.refusal(status.UNAUTHENTICATED, 'a wrong key');
    if (this.apiKey === undefined && given('authorization') !== '') return this.refusal(status.UNAUTHENTICATED, 'a key that was not asked for');
    if (given('function-id') !== (this.functionId ?? '')) return this.refusal(status.NOT_FOUND, 'function-id');
    return undefined;
  }
}
