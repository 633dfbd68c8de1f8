import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendSpeech, usualManner } from './sent-speech.js';
import { EmulatedService, Refusal } from './service.js';

const format = { encoding: 'pcm16', rateHz: 24_000 } as const;
const fields = ['model', 'voice', 'input', 'response_format', 'instructions', 'speed', 'stream_format'];

/** The speech of OpenAI's HTTP interface, in its PCM form: 24 kHz as it is made. */
export class EmulatedOpenAiSpeech extends EmulatedService {
  readonly key = 'openai-key';
  /** Whether a request without a key is one too many, or as it should be. */
  needsKey = true;
  readonly models = ['gpt-4o-mini-tts', 'tts-1'];
  readonly voices = ['alloy', 'marin'];
  readonly manner = usualManner();
  /** Texts, in the order in which they were begun. */
  readonly spoken: string[] = [];
  readonly instructions: unknown[] = [];
  /** Requests that are not finished. */
  atWork = 0;
  /** Answers with this type of content instead of audio. */
  contentType = 'audio/pcm';
  knowsModels = true;
  /** The next request is answered with this HTTP status, those after it as usual. */
  nextStatus: number | undefined;

  protected override accept(request: IncomingMessage, url: URL): void {
    const { authorization } = request.headers;
    if (this.needsKey ? authorization !== `Bearer ${this.key}` : authorization !== undefined)
      throw new Refusal(401, { error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } });
    for (const header of ['openai-organization', 'openai-project'])
      if (request.headers[header] !== undefined) throw new Refusal(401, { error: { message: header, code: 'mismatched_organization' } });
    if (`${request.method} ${url.pathname}` === 'POST /v1/audio/speech') return;
    if (this.knowsModels && `${request.method} ${url.pathname}` === 'GET /v1/models') return;
    throw new Refusal(404, { error: { message: 'Not found' } });
  }

  protected override takeRequest(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ object: 'list', data: this.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'openai' })) }));
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const wrong = this.#faultOf(body);
      if (wrong) {
        this.violated(wrong);
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: `${wrong} in ${body}` } }));
        return;
      }
      if (this.nextStatus !== undefined) response.writeHead(this.nextStatus).end();
      else this.#speak(JSON.parse(body), response);
      this.nextStatus = undefined;
    });
  }

  #speak({ input, instructions }: { input: string; instructions?: string }, response: ServerResponse): void {
    this.spoken.push(input);
    this.instructions.push(instructions);
    this.atWork += 1;
    response.writeHead(200, { 'content-type': this.contentType });
    const stop = sendSpeech({
      text: input,
      format,
      manner: this.manner,
      fault: this.fault,
      later: (ms, action) => this.later(ms, action),
      send: (audio) => response.write(audio),
      done: () => response.end(),
      lose: () => response.destroy(),
    });
    response.on('close', () => {
      this.atWork -= 1;
      stop();
    });
  }

  #faultOf(body: string): string | undefined {
    let request: Record<string, unknown>;
    try {
      request = JSON.parse(body);
    } catch {
      return 'a body that is no JSON';
    }
    const { model, voice, input, response_format, instructions } = request;
    const strange = Object.keys(request).find((field) => !fields.includes(field));
    if (strange) return `the field ${strange}`;
    if (!this.models.includes(String(model))) return 'a model that is not there';
    if (!this.voices.includes(String(voice))) return 'a voice that is not there';
    if (typeof input !== 'string' || input === '' || input.length > 4096) return 'an input that is no text of 1 to 4096 characters';
    if (response_format !== 'pcm') return 'a response_format other than pcm';
    if (instructions !== undefined && (typeof instructions !== 'string' || instructions === '')) return 'instructions that are no text';
    return undefined;
  }
}
