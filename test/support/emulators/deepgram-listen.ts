import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { FluxStream } from './deepgram-flux-stream.js';
import { ListenStream } from './deepgram-listen-stream.js';
import type { HeardFormat } from './recognised-speech.js';
import { EmulatedService, Refusal } from './service.js';

/** What a stream needs of the service that it belongs to. */
export interface DeepgramHost {
  readonly format: HeardFormat;
  readonly query: URLSearchParams;
  /** Words of the next stretch of speech. */
  readonly nextText: () => string;
  readonly violated: (what: string) => void;
  readonly later: (ms: number, action: () => void) => () => void;
  /** Sends one message, unless a fault has it otherwise; `speechMs` of speech were heard by then. */
  readonly tell: (message: object, speechMs: number) => void;
  readonly knobs: DeepgramListen;
}

const listenParameters = new Set(
  `callback callback_method channels detect_entities diarize diarize_model dictation encoding endpointing extra interim_results keyterm
   keywords language mip_opt_out model multichannel numerals profanity_filter punctuate redact replace sample_rate search smart_format tag
   utterance_end_ms vad_events version`.split(/\s+/),
);
const fluxParameters = new Set(
  `model encoding sample_rate eager_eot_threshold eot_threshold eot_timeout_ms keyterm language_hint profanity_filter numerals redact
   mip_opt_out tag`.split(/\s+/),
);
const flags = ['interim_results', 'punctuate', 'smart_format', 'vad_events', 'numerals', 'diarize'];
const listenModels = /^(nova-3|nova-2|nova|enhanced|base)(-[a-z]+)?$/;
const fluxModels = ['flux-general-en', 'flux-general-multi'];
const languages = /^(multi|[a-z]{2}(-[A-Z]{2}|-[A-Z][a-z]{3}|-419)?)$/;
const slowMs = 1500;

/** Deepgram's live transcription, /v1/listen, and its conversational one, /v2/listen. It cannot flood, send base64 or ignore a cancel. */
export class DeepgramListen extends EmulatedService {
  readonly apiKey: string;
  /** What is recognised in the next stretches of speech; in those beyond, no word. */
  readonly says: string[] = [];
  /** Control messages of all clients, in their order. */
  readonly controls: string[] = [];
  /** All audio of all clients, message by message. */
  readonly audio: Buffer[] = [];
  /** How long messages take. */
  lagMs = 0;
  /** Whether Finalize is answered. */
  finalizes = true;
  /** Whether pauses end a result of listen v1, or a turn of v2. */
  endpoints = true;
  /** Whether CloseStream is followed by the end of the connection. */
  closesStream = true;
  /** Whether ForceEndTurn is known, which a server of one's own does not. */
  forcesEndTurn = true;
  /** Without audio or KeepAlive for so long, a connection is closed. */
  idleMs = 10_000;
  /** Changes what is sent; a text is sent as it is. */
  rewrite: (message: object) => object | string = (message) => message;
  /** Of every handshake that was accepted. */
  readonly queries: URLSearchParams[] = [];

  constructor(apiKey = 'deepgram-key') {
    super();
    this.apiKey = apiKey;
  }

  protected override accept(request: IncomingMessage, url: URL): void {
    if (request.headers.authorization !== `Token ${this.apiKey}`) throw refusal(401, 'INVALID_AUTH', 'Invalid credentials.');
    const isFlux = url.pathname === '/v2/listen';
    if (!isFlux && url.pathname !== '/v1/listen') throw refusal(404, 'NOT_FOUND', 'no such path');
    const bad = (why: string): never => {
      throw refusal(400, 'INVALID_QUERY_PARAMETER', why);
    };
    const known = isFlux ? fluxParameters : listenParameters;
    for (const [name, value] of url.searchParams) {
      if (!known.has(name)) bad(`unknown parameter ${name}`);
      if (value === '') bad(`${name} is empty`);
      if (flags.includes(name) && value !== 'true' && value !== 'false') bad(`${name} is neither true nor false`);
    }
    const value = (name: string): string => url.searchParams.get(name) ?? '';
    const within = (name: string, low: number, high: number): void => {
      const number = Number(value(name));
      if (url.searchParams.has(name) && !(number >= low && number <= high)) bad(`${name} is not between ${low} and ${high}`);
    };
    if (!['linear16', 'mulaw', 'alaw'].includes(value('encoding'))) bad('encoding');
    if (!['8000', '16000', '24000', '44100', '48000'].includes(value('sample_rate'))) bad('sample_rate');
    if (isFlux) {
      if (!fluxModels.includes(value('model'))) bad('model');
      if (url.searchParams.has('language_hint') && value('model') !== 'flux-general-multi') bad('language_hint needs flux-general-multi');
      within('eot_threshold', 0.5, 1);
      within('eager_eot_threshold', 0.3, 0.9);
      within('eot_timeout_ms', 500, 60_000);
    } else {
      if (!listenModels.test(value('model'))) bad('model');
      if (value('channels') !== '' && value('channels') !== '1') bad('channels');
      if (url.searchParams.has('language') && !languages.test(value('language'))) bad('language');
    }
  }

  protected override takeSocket(socket: WebSocket, url: URL): void {
    const query = url.searchParams;
    this.queries.push(query);
    let isSilent = false;
    let isBroken = false;
    const host: DeepgramHost = {
      format: { encoding: query.get('encoding') as HeardFormat['encoding'], rateHz: Number(query.get('sample_rate')) },
      query,
      nextText: () => this.says.shift() ?? '',
      violated: (what) => this.violated(what),
      later: (ms, action) => this.later(ms, action),
      knobs: this,
      tell: (message, speechMs) => {
        if (isSilent || socket.readyState !== socket.OPEN) return;
        const close = this.faultOf('close-in-reply');
        if (close && speechMs >= close.afterMs) socket.terminate();
        const stall = this.faultOf('stall-in-reply');
        if (stall && speechMs >= stall.afterMs) isSilent = true;
        if (isSilent) return;
        const rewritten = this.rewrite(message);
        let text = typeof rewritten === 'string' ? rewritten : JSON.stringify(rewritten);
        if (this.faultOf('garbage-json') && speechMs > 0 && !isBroken) {
          isBroken = true;
          text = `${text.slice(0, -9)}, "secret words"`;
        }
        const lagMs = this.faultOf('drip') ? slowMs : this.lagMs;
        if (lagMs === 0) socket.send(text);
        else this.later(lagMs, () => socket.send(text));
      },
    };
    const stream = url.pathname === '/v2/listen' ? new FluxStream(socket, host) : new ListenStream(socket, host);
    let stopIdle = (): void => {};
    const idle = (): void => {
      stopIdle();
      stopIdle = this.later(this.idleMs, () => {
        this.violated('neither audio nor KeepAlive in time');
        socket.close(1011, 'NET-0001');
      });
    };
    idle();
    socket.once('close', () => stopIdle());
    socket.on('message', (data: Buffer, isBinary) => {
      idle();
      if (isBinary) {
        if (data.length === 0) this.violated('a binary message without audio');
        this.audio.push(data);
        stream.hear(data);
        return;
      }
      const type = typeOf(data.toString());
      this.controls.push(type);
      stream.control(type);
    });
  }
}

const refusal = (status: number, err_code: string, err_msg: string): Refusal => new Refusal(status, { err_code, err_msg, request_id: 'r-1' });

/** The type of a client's message that has nothing but one; anything else is named for what it is. */
function typeOf(text: string): string {
  try {
    const message = JSON.parse(text) as Record<string, unknown>;
    return Object.keys(message).length === 1 && typeof message.type === 'string' ? message.type : 'a message of other fields';
  } catch {
    return 'a message that is no JSON';
  }
}
