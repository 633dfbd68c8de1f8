import OpenAI from 'openai';
import type { Clock } from '../../../../base/clock.js';
import type { Usage } from '../../../../base/usage.js';
import type { Limits, LlmSettings } from '../../../../config/providers.js';
import { messagesOf } from '../../../network/event-stream.js';
import { KeptConnections } from '../../../network/kept-connections.js';
import { ProviderError } from '../../../network/provider-error.js';
import type { AnswerEvent, ModelApi, Question } from './answer.js';
import { createChatApi } from './chat.js';
import { Patience } from './patience.js';
import { createResponsesApi } from './responses.js';
import { asServiceError } from './service-error.js';
import { ThoughtFilter } from './thought-filter.js';

export type ModelLimits = Pick<Limits, 'connect_ms' | 'first_audio_ms' | 'idle_ms'>;

/** Far more than anybody says in one reply; the events of an API weigh up to 100 times their words. */
const mostCharacters = 64_000;
const mostBytes = 8 << 20;

/** One language model at one service. Whatever the service does is thrown as a TalkpathError; who aborts gets none. */
export class ModelClient {
  /** For messages. */
  readonly who: string;
  readonly #api: ModelApi;
  readonly #client: OpenAI;
  readonly #connections: KeptConnections;
  readonly #clock: Clock;
  readonly #limits: ModelLimits;

  constructor(settings: LlmSettings<'openai'>, clock: Clock, limits: ModelLimits) {
    this.who = `language model at ${new URL(settings.url).host}`;
    this.#api = settings.api === 'chat' ? createChatApi(settings, this.who) : createResponsesApi(settings, this.who);
    this.#connections = new KeptConnections({ who: this.who, mostBytes });
    this.#clock = clock;
    this.#limits = limits;
    this.#client = new OpenAI({
      baseURL: settings.url,
      // The SDK wants a key; a server that needs none gets none, and never one that stands in this process's environment.
      ...(settings.api_key ? { apiKey: settings.api_key } : { apiKey: 'none', defaultHeaders: { Authorization: null } }),
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      maxRetries: 0,
      // Patience is shorter.
      timeout: 2 * limits.first_audio_ms,
      logLevel: 'off',
      fetch: this.#connections.fetch,
    });
  }

  /** One answer. Usage comes last; when aborted it ends, and the request with it. */
  async *ask(question: Question, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const patience = new Patience(this.#clock, signal);
    const answer = new Answer(this.who);
    const reader = this.#api.reader();
    try {
      patience.wait(this.#limits.first_audio_ms);
      const { body } = await this.#api.open(this.#client, question, patience.signal);
      for await (const message of messagesOf(this.who, body ?? [])) {
        const events = answer.take(reader.read(message));
        if (answer.hasBegun) patience.rest();
        for (const event of events) {
          if (signal.aborted) return;
          yield event;
        }
        if (answer.hasBegun) patience.wait(this.#limits.idle_ms);
      }
      if (!answer.hasEnded && !signal.aborted && !patience.isOver) throw answer.brokenOff();
    } catch (error) {
      // Once all is said, only the bill may be lost.
      if (!answer.hasEnded && !signal.aborted && !patience.isOver) throw asServiceError(this.who, error, answer.hasBegun);
    } finally {
      patience.end();
    }
    if (signal.aborted) return;
    if (patience.isOver && !answer.hasEnded) throw this.#late(answer.hasBegun);
    if (answer.usage) yield { type: 'usage', usage: answer.usage };
  }

  /** Rejects unless the service answers. That it has no list of models says nothing against it. */
  async probe(signal: AbortSignal): Promise<void> {
    const patience = new Patience(this.#clock, signal);
    patience.wait(this.#limits.connect_ms);
    try {
      const response = await this.#client.get('/models', { signal: patience.signal }).asResponse();
      await response.body?.cancel();
    } catch (error) {
      const { status } = error as { status?: unknown };
      if (status === 404 || status === 405) return;
      throw patience.isOver ? this.#late(false) : asServiceError(this.who, error, false);
    } finally {
      patience.end();
    }
  }

  close(): void {
    this.#connections.close();
  }

  #late(hasBegun: boolean): ProviderError {
    return new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${this.who} ${hasBegun ? 'stopped in the middle of an answer' : 'did not answer in time'}`);
  }
}

/** What has come of an answer so far. */
class Answer {
  readonly #who: string;
  readonly #thoughts = new ThoughtFilter();
  #characters = 0;
  #messages = 0;
  hasBegun = false;
  hasEnded = false;
  usage: Usage | undefined;

  constructor(who: string) {
    this.#who = who;
  }

  /** Of the events of one message those that go on. */
  take(events: readonly AnswerEvent[]): AnswerEvent[] {
    this.#messages += 1;
    const passed = events.flatMap((event) => this.#passed(event));
    if (passed.length > 0 || events.some(({ type }) => type === 'calling')) this.hasBegun = true;
    if (this.#characters <= mostCharacters) return passed;
    throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${this.#who} does not come to an end: ${mostCharacters} characters in one answer`);
  }

  brokenOff(): ProviderError {
    return this.#messages === 0
      ? new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${this.#who} answered without a stream of events`)
      : new ProviderError('TP_ERR_PROVIDER_LOST', `${this.#who} broke its answer off`);
  }

  #passed(event: AnswerEvent): AnswerEvent[] {
    switch (event.type) {
      case 'text':
        this.#characters += event.delta.length;
        return this.#said(this.#thoughts.push(event.delta));
      case 'call':
        this.#characters += event.arguments.length;
        return [event];
      case 'ended':
        this.hasEnded = true;
        return [...this.#said(this.#thoughts.end()), event];
      case 'calling':
        return [];
      case 'usage':
        this.usage = event.usage;
        return [];
    }
  }

  #said(delta: string): AnswerEvent[] {
    return delta === '' ? [] : [{ type: 'text', delta }];
  }
}
