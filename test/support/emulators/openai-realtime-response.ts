import type { Fault } from './fault.js';
import { toneOf, type WireFormat } from './openai-realtime-audio.js';
import type { Item, NewItem, ServerEvent } from './openai-realtime-conversation.js';
import { sendPaced } from './paced-audio.js';

/** A part of what the emulated model answers: something said, or the call of a tool with arguments as it writes them. */
export type AnswerPart =
  /** Its audio is a tone, of this frequency if it is to be told from others. */
  { readonly say: string; readonly ms: number; readonly hz?: number } | { readonly call: string; readonly arguments: string };

export interface Answer {
  readonly parts: readonly AnswerPart[];
  /** How the response ends, if not well. */
  readonly ends?: { readonly status: 'failed' | 'incomplete' | 'cancelled'; readonly details: object };
}

export interface ResponseOptions {
  readonly id: string;
  readonly answer: Answer;
  readonly metadata: unknown;
  readonly format: WireFormat;
  readonly pace: number;
  readonly fault: Fault | undefined;
  readonly later: (ms: number, action: () => void) => () => void;
  readonly send: (event: ServerEvent) => void;
  readonly sendText: (text: string) => void;
  readonly lose: () => void;
  readonly newItem: (item: NewItem) => Item;
  readonly nextCallId: () => string;
  readonly done: () => void;
}

const pieceMs = 100;
/** The text runs ahead of the audio that speaks it. */
const textLeadMs = 250;

const usage = {
  total_tokens: 320,
  input_tokens: 200,
  output_tokens: 120,
  input_token_details: {
    text_tokens: 120,
    audio_tokens: 80,
    image_tokens: 0,
    cached_tokens: 96,
    cached_tokens_details: { text_tokens: 64, audio_tokens: 32, image_tokens: 0 },
  },
  output_token_details: { text_tokens: 20, audio_tokens: 100 },
};

/** One response: its items one after the other, each event in the order of the real service. */
export class EmulatedResponse {
  readonly id: string;
  readonly #options: ResponseOptions;
  readonly #output: object[] = [];
  #stop: () => void = () => {};
  /** Ends the item at hand, in the middle of it. */
  #breakOff: () => void = () => {};
  #isOver = false;

  constructor(options: ResponseOptions) {
    this.id = options.id;
    this.#options = options;
  }

  begin(firstAudioMs: number): void {
    this.#send('response.created', { response: this.#body('in_progress', null, null) });
    this.#stop = this.#options.later(firstAudioMs, () => this.#part(0));
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#stop();
    this.#breakOff();
    this.#end('cancelled', { type: 'cancelled', reason: 'client_cancelled' });
  }

  /** The client is gone. */
  drop(): void {
    this.#isOver = true;
    this.#stop();
  }

  #part(index: number): void {
    const { answer } = this.#options;
    const part = answer.parts[index];
    if (!part) this.#end(answer.ends?.status ?? 'completed', answer.ends?.details ?? null);
    else if ('say' in part) this.#say(part, index);
    else this.#call(part.call, part.arguments, index);
  }

  #say({ say: text, ms: totalMs, hz }: Extract<AnswerPart, { readonly say: string }>, index: number): void {
    const { newItem, format, pace, fault, later, lose } = this.#options;
    const item = newItem({ type: 'message', role: 'assistant', text: '', audioMs: 0 });
    const of = { item_id: item.id, output_index: index, content_index: 0 };
    const body = (status: string, content: object[]) => ({
      id: item.id,
      object: 'realtime.item',
      type: 'message',
      status,
      role: 'assistant',
      content,
    });
    this.#send('response.output_item.added', { output_index: index, item: body('in_progress', []) });
    this.#send('conversation.item.added', { previous_item_id: null, item: body('in_progress', []) });
    this.#send('response.content_part.added', { ...of, part: { type: 'audio', transcript: '' } });
    const words = text.match(/\s*\S+/g) ?? [];
    let saidWords = 0;
    const say = (untilMs: number): void => {
      const until = Math.ceil((words.length * Math.min(totalMs, untilMs + textLeadMs)) / totalMs);
      for (; saidWords < until; saidWords += 1) {
        const delta = words[saidWords] ?? '';
        item.text += delta;
        this.#send('response.output_audio_transcript.delta', { ...of, delta, obfuscation: 'xxxx' });
      }
    };
    const finish = (status: string): void => {
      const content = [{ type: 'output_audio', transcript: item.text }];
      item.isDone = true;
      this.#send('response.output_audio.done', of);
      this.#send('response.output_audio_transcript.done', { ...of, transcript: item.text });
      this.#send('response.content_part.done', { ...of, part: { type: 'audio', transcript: item.text } });
      this.#send('conversation.item.done', { previous_item_id: null, item: body(status, content) });
      this.#send('response.output_item.done', { output_index: index, item: body(status, content) });
      this.#output.push(body(status, content));
      this.#breakOff = () => {};
    };
    this.#breakOff = () => finish('incomplete');
    this.#stop = sendPaced({
      pieceMs,
      pace,
      totalMs,
      fault,
      later,
      lose,
      send: (fromMs, ms) => {
        say(fromMs + ms);
        if (fault?.type === 'garbage-json' && fromMs > 0) this.#options.sendText('{"type":"response.output_audio.delta"');
        const delta = fault?.type === 'garbage-base64' && fromMs > 0 ? '<no base64>' : toneOf(format, fromMs, ms, hz).toString('base64');
        this.#send('response.output_audio.delta', { ...of, delta });
        item.audioMs = fromMs + ms;
      },
      done: () => {
        finish('completed');
        this.#part(index + 1);
      },
    });
  }

  #call(name: string, written: string, index: number): void {
    const item = this.#options.newItem({ type: 'function_call', name, callId: this.#options.nextCallId(), text: '', audioMs: undefined });
    const of = { item_id: item.id, output_index: index, call_id: item.callId };
    const body = (status: string, args: string) => ({
      id: item.id,
      object: 'realtime.item',
      type: 'function_call',
      status,
      name,
      call_id: item.callId,
      arguments: args,
    });
    this.#send('response.output_item.added', { output_index: index, item: body('in_progress', '') });
    this.#send('conversation.item.added', { previous_item_id: null, item: body('in_progress', '') });
    const half = Math.ceil(written.length / 2);
    this.#send('response.function_call_arguments.delta', { ...of, delta: written.slice(0, half) });
    const finish = (status: string, args: string): void => {
      item.text = args;
      item.isDone = true;
      this.#send('conversation.item.done', { previous_item_id: null, item: body(status, args) });
      this.#send('response.output_item.done', { output_index: index, item: body(status, args) });
      this.#output.push(body(status, args));
      this.#breakOff = () => {};
    };
    const tell = (args: string): void => this.#send('response.function_call_arguments.done', { ...of, name, arguments: args });
    this.#breakOff = () => {
      tell(written.slice(0, half));
      finish('incomplete', written.slice(0, half));
    };
    this.#stop = this.#options.later(5, () => {
      this.#send('response.function_call_arguments.delta', { ...of, delta: written.slice(half) });
      tell(written);
      this.#breakOff = () => finish('completed', written);
      // Until then the call is no part of the conversation, and cannot be answered.
      this.#stop = this.#options.later(5, () => {
        finish('completed', written);
        this.#part(index + 1);
      });
    });
  }

  #end(status: string, details: object | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.done();
    this.#send('response.done', { response: this.#body(status, details, usage) }, true);
  }

  #body(status: string, details: object | null, used: object | null): object {
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      status_details: details,
      output: [...this.#output],
      conversation_id: 'conv_1',
      output_modalities: ['audio'],
      max_output_tokens: 'inf',
      audio: { output: { format: this.#options.format, voice: 'marin' } },
      usage: used,
      metadata: this.#options.metadata ?? null,
    };
  }

  #send(type: string, fields: Record<string, unknown>, isLast = false): void {
    if (this.#isOver && !isLast) return;
    const of = type.startsWith('response.') && !('response' in fields) ? { response_id: this.id } : {};
    this.#options.send({ type, ...of, ...fields });
  }
}
