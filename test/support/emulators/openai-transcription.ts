import type { IncomingMessage, ServerResponse } from 'node:http';
import { RecognisedSpeech } from './recognised-speech.js';
import { EmulatedService, Refusal } from './service.js';

const fields = [
  'file',
  'model',
  'language',
  'prompt',
  'response_format',
  'temperature',
  'include[]',
  'timestamp_granularities[]',
  'stream',
  'chunking_strategy',
];
const leastMs = 100;
const tokensPerSecond = 10;

/** What tells services of this interface apart. */
export interface TranscriptionKind {
  readonly path: string;
  readonly models: readonly string[];
  /** How an answer tells what it cost. */
  readonly usage: 'tokens' | 'duration' | 'none';
}

export const openAiKind: TranscriptionKind = {
  path: '/v1',
  models: ['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe'],
  usage: 'tokens',
};

export const groqKind: TranscriptionKind = { path: '/openai/v1', models: ['whisper-large-v3', 'whisper-large-v3-turbo'], usage: 'none' };

/** POST …/audio/transcriptions and GET …/models, of OpenAI and of Groq. It cannot flood, send base64 or ignore a cancel. */
export class OpenAiTranscription extends EmulatedService {
  readonly apiKey: string;
  readonly kind: TranscriptionKind;
  /** What is recognised in the next stretches of speech; in those beyond, no word. */
  readonly says: string[] = [];
  /** The files that were sent, and the form's other fields. */
  readonly requests: {
    readonly rateHz: number;
    readonly ms: number;
    readonly fields: Record<string, string>;
    readonly headers: IncomingMessage['headers'];
  }[] = [];
  /** Requests that are neither answered nor called off. */
  underWay = 0;
  /** How many requests fail from now on before the others are answered. */
  failures = 0;
  /** With which status. */
  failureStatus = 500;
  /** How long an answer takes. */
  lagMs = 0;
  /** Whether the server lists its models, which one of one's own may not. */
  listsModels = true;
  /** Changes what is answered; a text is sent as it is. */
  rewrite: (answer: object) => object | string = (answer) => answer;

  constructor(kind: TranscriptionKind = openAiKind, apiKey = 'openai-key') {
    super();
    this.kind = kind;
    this.apiKey = apiKey;
  }

  protected override accept(request: IncomingMessage, url: URL): void {
    if (request.headers.authorization !== `Bearer ${this.apiKey}`)
      throw refusal(401, 'invalid_api_key', `Incorrect API key provided: ${this.apiKey}`);
    const { path } = this.kind;
    const isKnown = request.method === 'POST' ? url.pathname === `${path}/audio/transcriptions` : url.pathname.startsWith(`${path}/models/`);
    if (!isKnown) throw refusal(404, 'unknown_url', 'Unknown request URL');
    if (url.search !== '') throw refusal(400, 'unknown_parameter', 'a query');
    const foreign = ['openai-organization', 'openai-project'].find((name) => request.headers[name] !== undefined);
    if (foreign) throw refusal(401, 'mismatched_organization', foreign);
  }

  protected override takeRequest(request: IncomingMessage, response: ServerResponse, url: URL): void {
    // The client would keep the connection for a while; tests want to see that none is left.
    response.setHeader('connection', 'close');
    this.underWay += 1;
    response.once('close', () => {
      this.underWay -= 1;
    });
    if (request.method === 'GET') {
      const model = url.pathname.slice(`${this.kind.path}/models/`.length);
      if (!this.listsModels) throw new Refusal(404, { detail: 'Not Found' });
      if (!this.kind.models.includes(model)) throw refusal(404, 'model_not_found', 'The model does not exist');
      response.end(JSON.stringify({ id: model, object: 'model', created: 1, owned_by: 'system' }));
      return;
    }
    const parts: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      this.#transcribe(Buffer.concat(parts), request)
        .then((answer) => this.#answer(response, answer))
        .catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error;
          this.violated(`a transcription was refused: ${JSON.stringify(error.body)}`);
          response.writeHead(error.status, { 'content-type': 'application/json' }).end(JSON.stringify(error.body));
        });
    });
  }

  async #transcribe(body: Buffer, request: IncomingMessage): Promise<object> {
    const bad = (code: string, message: string): never => {
      throw refusal(400, code, message);
    };
    const type = request.headers['content-type'] ?? '';
    if (!type.startsWith('multipart/form-data')) bad('invalid_content_type', type);
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    for (const name of form.keys()) if (!fields.includes(name)) bad('unknown_parameter', name);
    const text = (name: string): string => String(form.get(name) ?? '');
    if (!this.kind.models.includes(text('model'))) bad('model_not_found', 'model');
    if (form.has('language') && !/^[a-z]{2}$/.test(text('language'))) bad('invalid_language_format', 'language');
    if (form.has('response_format') && text('response_format') !== 'json') bad('unsupported', 'response_format');
    const file = form.get('file');
    if (!(file instanceof File)) return bad('missing_required_parameter', 'file');
    if (!file.name.endsWith('.wav')) bad('unsupported_format', file.name);
    const { pcm, rateHz } = readWav(Buffer.from(await file.arrayBuffer()));
    const ms = (pcm.length / 2 / rateHz) * 1000;
    if (ms < leastMs) bad('audio_too_short', `${ms} ms`);
    const others = Object.fromEntries([...form.entries()].filter(([name]) => name !== 'file').map(([name, value]) => [name, String(value)]));
    this.requests.push({ rateHz, ms, fields: others, headers: request.headers });
    const words: string[] = [];
    const speech = new RecognisedSpeech({ encoding: 'linear16', rateHz }, () => this.says.shift() ?? '');
    const endOfSpeech = Buffer.alloc((rateHz / 5) * 2);
    speech.hear(Buffer.concat([pcm, endOfSpeech]), (heard) => words.push(...heard.words.map((word) => word.text)));
    return { text: words.join(' '), ...this.#usageOf(ms / 1000) };
  }

  #usageOf(seconds: number): object {
    const tokens = Math.ceil(seconds * tokensPerSecond);
    switch (this.kind.usage) {
      case 'tokens': {
        const details = { input_token_details: { audio_tokens: tokens, text_tokens: 0 } };
        return { usage: { type: 'tokens', input_tokens: tokens, output_tokens: 5, total_tokens: tokens + 5, ...details } };
      }
      case 'duration':
        return { usage: { type: 'duration', seconds } };
      default:
        return { x_groq: { id: 'req-1' } };
    }
  }

  #answer(response: ServerResponse, answer: object): void {
    if (this.failures > 0) {
      this.failures -= 1;
      const body = JSON.stringify({ error: { message: 'as it was told to' } });
      this.later(this.lagMs, () => response.writeHead(this.failureStatus, { 'content-type': 'application/json' }).end(body));
      return;
    }
    const rewritten = this.rewrite(answer);
    const text = typeof rewritten === 'string' ? rewritten : JSON.stringify(rewritten);
    const half = Math.floor(text.length / 2);
    this.later(this.lagMs, () => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('content-length', Buffer.byteLength(text));
      if (this.faultOf('close-in-reply')) response.write(text.slice(0, half), () => response.destroy());
      else if (this.faultOf('stall-in-reply')) response.write(text.slice(0, half));
      else if (this.faultOf('garbage-json')) response.end(`"secret words"${text}`.slice(0, Buffer.byteLength(text)));
      else if (this.faultOf('drip')) this.#drip(response, text);
      else response.end(text);
    });
  }

  /** A character at a time, ten a second. */
  #drip(response: ServerResponse, text: string): void {
    response.write(text.slice(0, 1));
    if (text.length > 1) this.later(100, () => this.#drip(response, text.slice(1)));
  }
}

const refusal = (status: number, code: string, message: string): Refusal =>
  new Refusal(status, { error: { message, type: 'invalid_request_error', param: null, code } });

/** Throws a Refusal for anything but a whole 16-bit PCM WAV file of one channel. */
function readWav(file: Buffer): { pcm: Buffer; rateHz: number } {
  const isWav =
    file.length >= 44 &&
    file.toString('latin1', 0, 4) === 'RIFF' &&
    file.readUInt32LE(4) === file.length - 8 &&
    file.toString('latin1', 8, 16) === 'WAVEfmt ' &&
    file.readUInt32LE(16) === 16 &&
    file.readUInt16LE(20) === 1 &&
    file.readUInt16LE(22) === 1 &&
    file.readUInt32LE(28) === file.readUInt32LE(24) * 2 &&
    file.readUInt16LE(32) === 2 &&
    file.readUInt16LE(34) === 16 &&
    file.toString('latin1', 36, 40) === 'data' &&
    file.readUInt32LE(40) === file.length - 44;
  if (!isWav) throw refusal(400, 'invalid_value', 'Audio file might be corrupted or unsupported');
  return { pcm: file.subarray(44), rateHz: file.readUInt32LE(24) };
}
