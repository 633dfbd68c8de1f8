import { type LlmAnswer, type OpenAiLlmOptions, OpenAiLlmService } from '#emulators/openai-llm.js';
import { type Clock, systemClock } from '#talkpath/base/clock.js';
import type { LanguageModel, LlmPart, LlmRequest, LlmSession, ReplyMeans } from '#talkpath/providers/cascade/llm/llm.js';
import { createOpenAiModel, type OpenAiModelOptions } from '#talkpath/providers/cascade/llm/openai/model.js';
import type { CallContext, Said } from '#talkpath/providers/provider.js';
import { callContext } from './call-context.js';
import { within } from './deadline.js';

export type ModelApiName = 'chat' | 'responses';
export const modelApis: readonly ModelApiName[] = ['chat', 'responses'];

export const testKey = 'sk-test-0123456789';

interface BenchOptions extends OpenAiLlmOptions {
  readonly api?: ModelApiName;
  readonly call?: Partial<CallContext>;
  readonly history?: readonly Said[];
  readonly clock?: Clock;
  readonly limits?: OpenAiModelOptions['limits'];
  readonly settings?: { readonly temperature?: number; readonly api_key?: string | undefined };
}

const open = new Set<ModelBench>();

/** For after each test, whatever became of it. */
export async function closeBenches(): Promise<void> {
  await Promise.all([...open].map((bench) => bench.close()));
  open.clear();
}

/** One call with a language model at an emulated service. */
export class ModelBench {
  readonly service: OpenAiLlmService;
  readonly model: LanguageModel;
  readonly session: LlmSession;

  private constructor(service: OpenAiLlmService, model: LanguageModel, session: LlmSession) {
    this.service = service;
    this.model = model;
    this.session = session;
  }

  static async open({ api = 'chat', call, history = [], clock = systemClock, limits, settings, ...options }: BenchOptions = {}): Promise<ModelBench> {
    const service = new OpenAiLlmService({ kind: 'compatible', key: testKey, ...options });
    await service.listen();
    const all = {
      type: 'openai' as const,
      url: `${service.url}/v1`,
      api_key: testKey,
      api,
      model: 'test-model',
      max_output_tokens: 200,
      ...settings,
    };
    const model = createOpenAiModel(all as Parameters<typeof createOpenAiModel>[0], clock, limits ? { limits } : {});
    const bench = new ModelBench(service, model, model.open(callContext(call), history));
    open.add(bench);
    return bench;
  }

  /** All of one reply. */
  async reply(request: Partial<LlmRequest>, answers: readonly LlmAnswer[] = [], means: Partial<ReplyMeans> = {}): Promise<Reply> {
    this.service.answers.push(...answers);
    const reply = new Reply();
    await within(5000, 'the reply', reply.take(this.start(request, means)));
    return reply;
  }

  /** A reply that is taken part by part. */
  start(request: Partial<LlmRequest>, { signal = new AbortController().signal, useTool }: Partial<ReplyMeans> = {}): AsyncIterator<LlmPart> {
    const refuse = (): Promise<never> => Promise.reject(new Error('no tool was expected'));
    const whole = { cause: 'caller' as const, text: '', last: false, ...request };
    return this.session.reply(whole, { signal, useTool: useTool ?? refuse })[Symbol.asyncIterator]();
  }

  /** What the last request reminded the model of, in chat completions: "user: Hello." */
  get told(): string[] {
    const { messages, input } = this.service.requests.at(-1) as { messages?: Message[]; input?: Message[] };
    return (messages ?? input ?? []).filter(({ role }) => role !== 'system').map(lineOf);
  }

  get instructions(): string {
    const { messages, instructions } = this.service.requests.at(-1) as { messages?: Message[]; instructions?: string };
    return instructions ?? messages?.[0]?.content ?? '';
  }

  async close(): Promise<void> {
    await this.model.close();
    await this.service.close();
  }
}

export class Reply {
  readonly parts: LlmPart[] = [];

  async take(parts: AsyncIterator<LlmPart>): Promise<void> {
    for (let next = await parts.next(); !next.done; next = await parts.next()) this.parts.push(next.value);
  }

  get sentences(): string[] {
    return this.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  }

  get usage(): object[] {
    return this.parts.flatMap((part) => (part.type === 'usage' ? [part.usage] : []));
  }
}

interface Message {
  readonly role?: string;
  readonly content?: string | null;
  readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly name: string; readonly arguments: string } }[];
  readonly tool_call_id?: string;
  readonly type?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly output?: string;
}

/** A message in either API as one line: "user: Hello.", "call_1: look_up {}", "call_1 → found". */
function lineOf(message: Message): string {
  if (message.type === 'function_call') return `${message.call_id}: ${message.name} ${message.arguments}`;
  if (message.type === 'function_call_output') return `${message.call_id} → ${message.output}`;
  if (message.role === 'tool') return `${message.tool_call_id} → ${message.content}`;
  const said = message.content ? [`${message.role}: ${message.content}`] : [];
  return [...said, ...(message.tool_calls ?? []).map(({ id, function: { name, arguments: args } }) => `${id}: ${name} ${args}`)].join(' | ');
}
