import type OpenAI from 'openai';
import type { ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { Usage } from '../../../../base/usage.js';
import type { LlmSettings } from '../../../../config/providers.js';
import { ProviderError } from '../../../network/provider-error.js';
import { type AnswerEvent, type AnswerReader, type EndOfAnswer, type ModelApi, mostCalls, type Question } from './answer.js';
import { MessageFields, tokensOf } from './message-fields.js';
import { failureOf } from './service-error.js';
import type { Entry } from './turn.js';

/** Chat completions: what every compatible server has. */
export function createChatApi(settings: LlmSettings<'openai'>, who: string): ModelApi {
  return {
    open: (client: OpenAI, question, signal) => client.chat.completions.create(chatRequest(settings, question), { signal }).asResponse(),
    reader: () => new ChatReader(who),
  };
}

/** OpenAI's newer models refuse max_tokens; older servers of others know nothing else. */
const isOpenAi = (url: string): boolean => /(^|\.)openai\.(com|azure\.com)$/.test(new URL(url).hostname);

export function chatRequest(settings: LlmSettings<'openai'>, question: Question): ChatCompletionCreateParamsStreaming {
  const { model, temperature, max_output_tokens, url } = settings;
  const { instructions, entries, tools, wordsOnly } = question;
  return {
    model,
    messages: [{ role: 'system', content: instructions }, ...entries.flatMap(messagesOf)],
    stream: true,
    stream_options: { include_usage: true },
    ...(isOpenAi(url) ? { max_completion_tokens: max_output_tokens } : { max_tokens: max_output_tokens }),
    ...(temperature !== undefined && { temperature }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({ type: 'function' as const, function: { name, description, parameters } })),
      ...(wordsOnly && { tool_choice: 'none' as const }),
    }),
  };
}

function messagesOf(entry: Entry): ChatCompletionMessageParam[] {
  if (entry.who === 'caller') return [{ role: 'user', content: entry.text }];
  const { text, uses } = entry;
  if (uses.length === 0) return [{ role: 'assistant', content: text }];
  const calls = uses.map(({ id, name, arguments: args }) => ({ id, type: 'function' as const, function: { name, arguments: args } }));
  return [
    { role: 'assistant', content: text === '' ? null : text, tool_calls: calls },
    ...uses.map(({ id, answer }) => ({ role: 'tool' as const, tool_call_id: id, content: answer })),
  ];
}

interface OpenCall {
  readonly index: unknown;
  id: string;
  name: string;
  arguments: string;
}

export class ChatReader implements AnswerReader {
  readonly #who: string;
  readonly #fields: MessageFields;
  readonly #calls: OpenCall[] = [];
  #hasEnded = false;

  constructor(who: string) {
    this.#who = who;
    this.#fields = new MessageFields(who);
  }

  read(message: unknown): AnswerEvent[] {
    const { choices, usage, error } = this.#fields.object('data', message);
    if (error) throw failureOf(this.#who, error);
    const events = this.#fields.list('choices', choices).flatMap((choice) => this.#choice(choice));
    if (typeof usage === 'object' && usage !== null) events.push({ type: 'usage', usage: usageOf(usage as Record<string, unknown>) });
    return events;
  }

  #choice(value: unknown): AnswerEvent[] {
    const choice = this.#fields.object('choice', value);
    if (this.#hasEnded || (choice.index ?? 0) !== 0) return [];
    const delta = this.#fields.object('delta', choice.delta);
    const events: AnswerEvent[] = [];
    const words = this.#fields.text('content', delta.content) + this.#fields.text('refusal', delta.refusal);
    if (words !== '') events.push({ type: 'text', delta: words });
    for (const call of this.#fields.list('tool_calls', delta.tool_calls)) {
      this.#takeCall(call);
      events.push({ type: 'calling' });
    }
    const reason = this.#fields.text('finish_reason', choice.finish_reason);
    if (reason !== '') events.push(...this.#end(reason));
    return events;
  }

  /** A piece of a call. Some servers number all calls alike, some not at all; then the identifier tells them apart. */
  #takeCall(value: unknown): void {
    const piece = this.#fields.object('tool call', value);
    const { name, arguments: args } = this.#fields.object('function', piece.function);
    const id = this.#fields.text('id', piece.id);
    const known = piece.index === undefined ? this.#calls.at(-1) : this.#calls.findLast(({ index }) => index === piece.index);
    const isOther = known && id !== '' && known.id !== '' && known.id !== id;
    const call = known && !isOther ? known : { index: piece.index, id: '', name: '', arguments: '' };
    if (call !== known) this.#calls.push(call);
    if (this.#calls.length > mostCalls) throw this.#broken(`asks for more than ${mostCalls} tools at once`);
    call.id ||= id;
    call.name ||= this.#fields.text('function name', name);
    call.arguments += this.#fields.text('arguments', args);
  }

  #end(reason: string): AnswerEvent[] {
    this.#hasEnded = true;
    if (this.#calls.some(({ name }) => name === '')) throw this.#broken('asks for a tool without a name');
    const why: EndOfAnswer = reason === 'length' ? 'cut' : reason === 'content_filter' ? 'withheld' : 'complete';
    const calls = this.#calls.map(({ id, name, arguments: args }) => ({ type: 'call' as const, id, name, arguments: args }));
    return [...calls, { type: 'ended', why }];
  }

  #broken(what: string): ProviderError {
    return new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${this.#who} ${what}`);
  }
}

function usageOf(usage: Readonly<Record<string, unknown>>): Usage {
  const details = usage.prompt_tokens_details as { cached_tokens?: unknown } | null | undefined;
  const cached = Math.min(tokensOf(details?.cached_tokens), tokensOf(usage.prompt_tokens));
  return {
    input_text_tokens: tokensOf(usage.prompt_tokens) - cached,
    cached_text_tokens: cached,
    output_text_tokens: tokensOf(usage.completion_tokens),
  };
}
