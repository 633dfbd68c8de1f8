import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import type { Answer } from './openai-realtime-response.js';
import { type ClientEvent, EmulatedRealtimeSession } from './openai-realtime-session.js';
import { EmulatedService, Refusal } from './service.js';

export type { Item } from './openai-realtime-conversation.js';
export type { Answer, AnswerPart } from './openai-realtime-response.js';
export type { ClientEvent, EmulatedRealtimeSession } from './openai-realtime-session.js';

interface ServiceError {
  readonly type: string;
  readonly code: string | null;
}

/** OpenAI's Realtime API, GA protocol, and the question whether a model is there. What it hears and answers is set by the test. */
export class OpenAiRealtimeService extends EmulatedService {
  readonly key = 'sk-test';
  readonly model = 'gpt-realtime';
  readonly sessions: EmulatedRealtimeSession[] = [];
  /** What clients sent, without the audio. */
  readonly received: ClientEvent[] = [];
  /** What was sent to clients. */
  readonly sent: ({ readonly type: string } & Readonly<Record<string, unknown>>)[] = [];
  /** The caller's audio of all appends, as it came. */
  audio = Buffer.alloc(0);
  /** What the next responses are; when there is none left, a sentence of 400 ms. */
  readonly answers: Answer[] = [];
  /** What the caller says, turn by turn; when there is none left, "hello". */
  readonly words: string[] = [];
  recogniseMs = 20;
  recognitionFails = false;
  recognitionUsage: object = { type: 'tokens', total_tokens: 24, input_tokens: 16, output_tokens: 8 };
  /** From a request to its response's beginning, and from there to its first audio. */
  createMs = 2;
  firstAudioMs = 10;
  /** Times real time. */
  pace = 8;
  /** How far a session comes: `mute` says nothing, `created` never agrees to what it is asked to be. */
  stage: 'mute' | 'created' | 'ready' = 'ready';
  /** What a session.update is answered with. */
  updateFault: ServiceError | undefined;
  /** What every response.create is answered with. */
  createFault: ServiceError | undefined;
  readonly #waiting = new Set<() => void>();
  #lastId = 0;

  /** The base address, as it stands in the settings. */
  get base(): string {
    return `${this.url}/v1`;
  }

  get session(): EmulatedRealtimeSession {
    const session = this.sessions.at(-1);
    if (!session) throw new Error('nobody has connected');
    return session;
  }

  /** Resolves when `ask` first returns something else than undefined or false; asked whenever something was sent or came. */
  until<T>(ask: () => T | undefined | false): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const answer = ask();
        if (answer === undefined || answer === false) return;
        this.#waiting.delete(look);
        resolve(answer);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Messages of this type, of those that clients sent. */
  receivedOf(type: string): ClientEvent[] {
    return this.received.filter((event) => event.type === type);
  }

  progress(): void {
    for (const look of [...this.#waiting]) look();
  }

  appended(audio: Buffer): void {
    this.audio = Buffer.concat([this.audio, audio]);
  }

  nextId(kind: string): string {
    this.#lastId += 1;
    return `${kind}_${this.#lastId}`;
  }

  protected accept(request: IncomingMessage, url: URL): void {
    const isHandshake = url.pathname === '/v1/realtime' && request.headers.upgrade === 'websocket';
    if (isHandshake) return;
    if (!url.pathname.startsWith('/v1/models/')) throw new Refusal(404, { error: { type: 'invalid_request_error', code: 'unknown_url' } });
    if (!this.#isAuthorized(request)) throw new Refusal(401, { error: { type: 'invalid_request_error', code: 'invalid_api_key' } });
  }

  protected override takeRequest(_request: IncomingMessage, response: ServerResponse, url: URL): void {
    if (decodeURIComponent(url.pathname.slice('/v1/models/'.length)) !== this.model)
      throw new Refusal(404, { error: { type: 'invalid_request_error', code: 'model_not_found' } });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: this.model, object: 'model' }));
  }

  /** A handshake is always accepted: what is wrong with it comes as the first and last event. */
  protected override takeSocket(socket: WebSocket, url: URL, request: IncomingMessage): void {
    const model = url.searchParams.get('model');
    if (!this.#isAuthorized(request)) this.#turnAway(socket, 'invalid_api_key', 3000);
    else if (request.headers['openai-beta'] !== undefined) this.#turnAway(socket, 'beta_api_shape_disabled', 4000);
    else if (model === null) this.#turnAway(socket, 'missing_model', 4000);
    else if (model !== this.model) this.#turnAway(socket, 'invalid_model', 4000);
    else {
      const means = { later: (ms: number, action: () => void) => this.later(ms, action), violated: (what: string) => this.violated(what) };
      this.sessions.push(new EmulatedRealtimeSession(this, socket, means));
    }
  }

  #isAuthorized(request: IncomingMessage): boolean {
    return request.headers.authorization === `Bearer ${this.key}`;
  }

  #turnAway(socket: WebSocket, code: string, closeCode: number): void {
    this.violated(`a handshake was turned away: ${code}`);
    const error = { type: 'invalid_request_error', code, message: 'as the real service does', param: null, event_id: null };
    socket.send(JSON.stringify({ type: 'error', event_id: this.nextId('event'), error }));
    socket.close(closeCode, `invalid_request_error.${code}`);
  }
}
