import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Fields, objectIn } from './llm-request-check.js';
import { chatForm, checkChatRequest } from './openai-chat.js';
import { checkResponsesRequest, responsesForm } from './openai-responses.js';
import { sendPaced } from './paced-audio.js';
import { EmulatedService, Refusal } from './service.js';

/** `compatible`: as servers of open models are: max_tokens, caller and agent by turns. */
export type LlmKind = 'openai' | 'compatible';

export interface LlmAnswer {
  readonly text?: string;
  readonly calls?: readonly { readonly id?: string; readonly name: string; readonly arguments: string }[];
  /** Why it ended before the model did. */
  readonly finish?: 'length' | 'content_filter';
  readonly usage?: { readonly input: number; readonly cached: number; readonly output: number };
  /** The service gives up when the words are said, with an error of this code. */
  readonly failure?: string;
  /** The stream ends there, as if that were all. */
  readonly isTruncated?: true;
  /** Sent as it is, in the place of all that: events, or text. */
  readonly raw?: readonly (object | string)[];
}

export type AnswerDelta =
  | { readonly type: 'text' | 'arguments'; readonly text: string }
  | { readonly type: 'call'; readonly id: string; readonly name: string };

/** How an API writes an answer. */
export interface StreamForm {
  begin(): object[];
  delta(delta: AnswerDelta): object[];
  end(): object[];
  failed(code: string): object[];
  readonly last: string;
  write(event: object): string;
}

export interface OpenAiLlmOptions {
  readonly kind?: LlmKind;
  /** Without one no key may be sent. */
  readonly key?: string | undefined;
  readonly model?: string;
  /** Between two pieces of an answer. */
  readonly tokenMs?: number;
  readonly hasModelList?: boolean;
}

/** OpenAI's language models, or those of a compatible server: chat completions and responses, as events. */
export class OpenAiLlmService extends EmulatedService {
  /** What it answers next, in order; when there is none: "Yes." */
  readonly answers: LlmAnswer[] = [];
  /** What it was asked, in order. */
  readonly requests: Fields[] = [];
  /** Replies whose client went away before the end. */
  brokenOff = 0;
  /** Answers that were given as far as they go. */
  answered = 0;
  /** Connections that requests came over. */
  readonly connections = new Set<object>();
  readonly #options: Required<OpenAiLlmOptions>;

  constructor(options: OpenAiLlmOptions = {}) {
    super();
    this.#options = { kind: 'openai', key: undefined, model: 'test-model', tokenMs: 1, hasModelList: true, ...options } as Required<OpenAiLlmOptions>;
  }

  protected override accept(request: IncomingMessage, url: URL): void {
    const route = `${request.method} ${url.pathname}`;
    const routes = ['POST /v1/chat/completions', 'POST /v1/responses', 'GET /v1/models'];
    if (!routes.includes(route) || url.search !== '') throw new Refusal(404, { error: { message: `no route ${route}${url.search}` } });
    const { authorization } = request.headers;
    const { key } = this.#options;
    if (authorization !== (key === undefined ? undefined : `Bearer ${key}`)) {
      throw new Refusal(401, { error: { message: 'incorrect API key', type: 'invalid_request_error', param: null, code: 'invalid_api_key' } });
    }
    for (const header of ['openai-organization', 'openai-project']) {
      if (request.headers[header] !== undefined) throw new Refusal(401, { error: { message: `${header} is not that of the key` } });
    }
    if (request.method === 'POST' && request.headers['content-type'] !== 'application/json') {
      throw new Refusal(415, { error: { message: 'the content is not application/json' } });
    }
  }

  protected override takeRequest(request: IncomingMessage, response: ServerResponse, url: URL): void {
    this.connections.add(request.socket);
    if (request.method === 'GET') {
      if (!this.#options.hasModelList) throw new Refusal(404, { error: { message: 'no list of models' } });
      const data = [{ id: this.#options.model, object: 'model', created: 1, owned_by: 'test' }];
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }));
      return;
    }
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('error', () => {});
    request.on('end', () => {
      try {
        this.#takeBody(Buffer.concat(pieces).toString(), url.pathname, response);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.violated(`${url.pathname} was refused: ${JSON.stringify(error.body)}`);
        response.writeHead(error.status, { 'content-type': 'application/json' }).end(JSON.stringify(error.body));
      }
    });
  }

  #takeBody(text: string, path: string, response: ServerResponse): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new Refusal(400, { error: { message: 'the body is no JSON' } });
    }
    const body = objectIn(value, 'body');
    this.requests.push(body);
    if (body.model !== this.#options.model) throw new Refusal(404, { error: { message: 'no such model', code: 'model_not_found' } });
    const isChat = path === '/v1/chat/completions';
    if (isChat) checkChatRequest(body, this.#options.kind);
    else checkResponsesRequest(body);
    const answer = this.answers.shift() ?? { text: 'Yes.' };
    this.#answer(answer, isChat ? chatForm(body, answer) : responsesForm(body, answer), response);
  }

  #answer(answer: LlmAnswer, form: StreamForm, response: ServerResponse): void {
    const write = (events: readonly object[]): void => {
      for (const event of events) response.write(form.write(event));
    };
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    response.flushHeaders();
    if (answer.raw) {
      for (const event of answer.raw) response.write(typeof event === 'string' ? event : form.write(event));
      response.end();
      return;
    }
    write(form.begin());
    const deltas = deltasOf(answer);
    const { tokenMs } = this.#options;
    let isOurs = false;
    const stop = sendPaced({
      pieceMs: tokenMs,
      pace: 1,
      totalMs: deltas.length * tokenMs,
      fault: this.fault,
      later: (ms, action) => this.later(ms, action),
      send: (fromMs) => {
        const at = Math.round(fromMs / tokenMs);
        if (this.faultOf('garbage-json') && at === Math.floor(deltas.length / 2)) response.write('data: {"choices":[{"delta":{"content":"secr\n\n');
        write(form.delta(deltas[at] ?? { type: 'text', text: 'and so on ' }));
      },
      done: () => {
        this.answered += 1;
        if (answer.isTruncated) return response.end();
        write(answer.failure === undefined ? form.end() : form.failed(answer.failure));
        return response.end(form.last);
      },
      lose: () => {
        isOurs = true;
        // What was written goes out first.
        this.later(1, () => response.destroy());
      },
    });
    response.on('close', () => {
      stop();
      if (!isOurs && !response.writableEnded) this.brokenOff += 1;
    });
  }
}

/** An answer in pieces of a few characters, as tokens are. */
function deltasOf({ text = '', calls = [] }: LlmAnswer): AnswerDelta[] {
  const cut = (whole: string): string[] => whole.match(/[\s\S]{1,5}/g) ?? [];
  return [
    ...cut(text).map((piece) => ({ type: 'text' as const, text: piece })),
    ...calls.flatMap(({ id, name, arguments: args }, i): AnswerDelta[] => [
      { type: 'call', id: id ?? `call_of_${i}`, name },
      ...cut(args).map((piece) => ({ type: 'arguments' as const, text: piece })),
    ]),
  ];
}
