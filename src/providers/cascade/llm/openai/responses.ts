import type OpenAI from 'openai';
import type { ResponseCreateParamsStreaming, ResponseInputItem } from 'openai/resources/responses/responses';
import type { Usage } from '../../../../base/usage.js';
import type { LlmSettings } from '../../../../config/providers.js';
import { ProviderError } from '../../../network/provider-error.js';
import { type AnswerEvent, type AnswerReader, type EndOfAnswer, type ModelApi, mostCalls, type Question } from './answer.js';
import { MessageFields, tokensOf } from './message-fields.js';
import { failureOf } from './service-error.js';
import type { Entry } from './turn.js';

/** The Responses API, without its memory: nothing is stored at the service, and each request carries the conversation. */
export function createResponsesApi(settings: LlmSettings<'openai'>, who: string): ModelApi {
  return {
    open: (client: OpenAI, question, signal) => client.responses.create(responsesRequest(settings, question), { signal }).asResponse(),
    reader: () => new ResponsesReader(who),
  };
}

export function responsesRequest(settings: LlmSettings<'openai'>, question: Question): ResponseCreateParamsStreaming {
  const { model, temperature, max_output_tokens } = settings;
  const { instructions, entries, tools, wordsOnly } = question;
  return {
    model,
    instructions,
    input: entries.flatMap(itemsOf),
    stream: true,
    store: false,
    max_output_tokens,
    ...(temperature !== undefined && { temperature }),
    ...(tools.length > 0 && {
      // Strict is this API's default, and takes only schemas without optional arguments.
      tools: tools.map(({ name, description, parameters }) => ({ type: 'function' as const, name, description, parameters, strict: false })),
      ...(wordsOnly && { tool_choice: 'none' as const }),
    }),
  };
}

/** Calls go back without the service's own identifiers: with them it would ask for the reasoning that led to them. */
function itemsOf(entry: Entry): ResponseInputItem[] {
  if (entry.who === 'caller') return [{ role: 'user', content: entry.text }];
  const { text, uses } = entry;
  return [
    ...(text === '' ? [] : [{ role: 'assistant' as const, content: text }]),
    ...uses.map(({ id, name, arguments: args }) => ({ type: 'function_call' as const, call_id: id, name, arguments: args })),
    ...uses.map(({ id, answer }) => ({ type: 'function_call_output' as const, call_id: id, output: answer })),
  ];
}

export class ResponsesReader implements AnswerReader {
  readonly #who: string;
  readonly #fields: MessageFields;
  #calls = 0;
  #hasWords = false;

  constructor(who: string) {
    this.#who = who;
    this.#fields = new MessageFields(who);
  }

  read(message: unknown): AnswerEvent[] {
    const event = this.#fields.object('data', message);
    switch (this.#fields.text('type', event.type)) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return this.#words(this.#fields.text('delta', event.delta));
      case 'response.output_item.added':
        // Two messages in one answer are two sentences.
        return this.#hasWords && this.#fields.object('item', event.item).type === 'message' ? this.#words(' ') : [];
      case 'response.function_call_arguments.delta':
        return [{ type: 'calling' }];
      case 'response.output_item.done':
        return this.#item(event.item);
      case 'response.completed':
        return this.#end('complete', event.response);
      case 'response.incomplete': {
        const { incomplete_details } = this.#fields.object('response', event.response);
        const { reason } = this.#fields.object('incomplete_details', incomplete_details);
        return this.#end(reason === 'content_filter' ? 'withheld' : 'cut', event.response);
      }
      case 'response.failed': {
        const { error } = this.#fields.object('response', event.response);
        throw failureOf(this.#who, error);
      }
      case 'error':
        throw failureOf(this.#who, event.error ?? { code: event.code });
      default:
        return [];
    }
  }

  #words(delta: string): AnswerEvent[] {
    if (delta === '') return [];
    this.#hasWords = true;
    return [{ type: 'text', delta }];
  }

  #item(value: unknown): AnswerEvent[] {
    const item = this.#fields.object('item', value);
    if (item.type !== 'function_call') return [];
    this.#calls += 1;
    const name = this.#fields.text('function name', item.name);
    if (this.#calls > mostCalls) throw this.#broken(`asks for more than ${mostCalls} tools at once`);
    if (name === '') throw this.#broken('asks for a tool without a name');
    return [{ type: 'call', id: this.#fields.text('call_id', item.call_id), name, arguments: this.#fields.text('arguments', item.arguments) }];
  }

  #end(why: EndOfAnswer, response: unknown): AnswerEvent[] {
    const { usage } = this.#fields.object('response', response);
    const ended = { type: 'ended', why } as const;
    return typeof usage === 'object' && usage !== null ? [ended, { type: 'usage', usage: usageOf(usage as Record<string, unknown>) }] : [ended];
  }

  #broken(what: string): ProviderError {
    return new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${this.#who} ${what}`);
  }
}

function usageOf(usage: Readonly<Record<string, unknown>>): Usage {
  const details = usage.input_tokens_details as { cached_tokens?: unknown } | null | undefined;
  const cached = Math.min(tokensOf(details?.cached_tokens), tokensOf(usage.input_tokens));
  return {
    input_text_tokens: tokensOf(usage.input_tokens) - cached,
    cached_text_tokens: cached,
    output_text_tokens: tokensOf(usage.output_tokens),
  };
}
