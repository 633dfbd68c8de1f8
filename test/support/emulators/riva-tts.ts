import {
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceClientConstructor,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import type { Fault } from './fault.js';
import { rivaTtsProtocol } from './riva-tts-protocol.js';
import { sendSpeech, usualManner } from './sent-speech.js';
import { TcpGate } from './tcp-gate.js';

/** What a gateway makes of HTTP statuses. */
const statusOf: Readonly<Record<number, number>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  429: status.RESOURCE_EXHAUSTED,
  500: status.INTERNAL,
  503: status.UNAVAILABLE,
};

interface Request {
  readonly text: string;
  readonly language_code: string;
  readonly encoding: string;
  readonly sample_rate_hz: number;
  readonly voice_name: string;
}

/** The speech synthesis of a Riva server. A service of gRPC, and otherwise like every EmulatedService. */
export class EmulatedRivaTts {
  readonly violations: string[] = [];
  fault: Fault | undefined;
  readonly key = 'nvapi-key';
  readonly functionId = 'function-of-test';
  readonly voices = ['English-US.Female-1'];
  readonly manner = usualManner();
  /** Texts, in the order in which they were begun. */
  readonly spoken: string[] = [];
  /** Sentences that are not finished. */
  atWork = 0;
  /** A server of one's own wants no key. */
  needsKey = true;
  /** A server of an older version does not tell its configuration. */
  knowsConfig = true;
  readonly #server = new Server();
  readonly #timers = new Set<NodeJS.Timeout>();
  #port = 0;
  readonly #gate = new TcpGate(
    () => this.#port,
    () => this.fault,
  );

  constructor() {
    const { service } = (
      loadPackageDefinition(fromJSON(rivaTtsProtocol as never, { keepCase: true, enums: String, defaults: true })) as never as Package
    ).nvidia.riva.tts.RivaSpeechSynthesis;
    this.#server.addService(service, {
      SynthesizeOnline: (call: ServerWritableStream<Request, object>) => this.#speak(call),
      GetRivaSynthesisConfig: (call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>) => {
        const refusal = this.#refusalOf(call.metadata);
        if (refusal) answer(refusal);
        else if (this.knowsConfig) answer(null, {});
        else answer({ code: status.UNIMPLEMENTED, details: 'no such method' });
      },
    });
  }

  async listen(): Promise<void> {
    this.#port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port)));
    });
    await this.#gate.listen();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#gate.port}`;
  }

  get openConnections(): number {
    return this.#gate.openConnections;
  }

  dropAll(): void {
    this.#gate.dropAll();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#gate.close();
    this.#server.forceShutdown();
  }

  #speak(call: ServerWritableStream<Request, object>): void {
    const { request, metadata } = call;
    const refusal = this.#refusalOf(metadata) ?? this.#faultOf(request);
    if (refusal) {
      call.emit('error', refusal);
      return;
    }
    this.spoken.push(request.text);
    this.atWork += 1;
    const stop = sendSpeech({
      text: request.text,
      format: { encoding: 'pcm16', rateHz: request.sample_rate_hz },
      manner: this.manner,
      fault: this.fault,
      later: (ms, action) => this.#later(ms, action),
      send: (audio) => call.write({ audio, meta: { text: request.text, processed_text: request.text } }),
      done: () => call.end(),
      lose: () => this.dropAll(),
    });
    let isOver = false;
    const over = (): void => {
      if (!isOver) this.atWork -= 1;
      isOver = true;
      stop();
    };
    call.on('cancelled', over);
    call.on('finish', over);
    call.on('error', over);
  }

  #refusalOf(metadata: Metadata): Refused | undefined {
    if (this.fault?.type === 'status')
      return { code: statusOf[this.fault.status] ?? status.UNKNOWN, details: 'as it was told to', metadata: new Metadata() };
    const [authorization] = metadata.get('authorization');
    const [functionId] = metadata.get('function-id');
    const isRight = this.needsKey ? authorization === `Bearer ${this.key}` && functionId === this.functionId : !authorization && !functionId;
    if (isRight) return undefined;
    this.violations.push('another key or function');
    return { code: status.UNAUTHENTICATED, details: 'authentication failed', metadata: new Metadata() };
  }

  #faultOf({ text, language_code, encoding, sample_rate_hz, voice_name }: Request): Refused | undefined {
    const wrong = [
      text.trim() === '' && 'no text',
      !/^[a-z]{2}-[A-Z]{2}$/.test(language_code) && 'a language that is not there',
      encoding !== 'LINEAR_PCM' && `the encoding ${encoding}`,
      ![8000, 16_000, 22_050, 24_000, 44_100].includes(sample_rate_hz) && `the rate ${sample_rate_hz}`,
      voice_name !== '' && !this.voices.includes(voice_name) && 'a voice that is not there',
    ].find((fault) => fault !== false);
    if (!wrong) return undefined;
    this.violations.push(wrong);
    return { code: status.INVALID_ARGUMENT, details: `${wrong}: ${text}`, metadata: new Metadata() };
  }

  #later(ms: number, action: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
    return () => clearTimeout(timer);
  }
}

interface Refused {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

interface Package {
  readonly nvidia: { readonly riva: { readonly tts: { readonly RivaSpeechSynthesis: ServiceClientConstructor } } };
}
