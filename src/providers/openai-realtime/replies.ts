import { type AudioFormat, audioMs } from '../../base/audio-format.js';
import type { Clock } from '../../base/clock.js';
import { mostToolRounds } from '../../base/tool-bounds.js';
import type { Limits } from '../../config/providers.js';
import { parseArguments } from '../network/json-message.js';
import { ProviderError } from '../network/provider-error.js';
import type { Heard, ProviderEvent, ToolAnswer } from '../provider.js';
import type { EventIds, Send } from './client-event.js';
import { errorOf } from './fault.js';
import { type Outcome, type ServiceEvent, type ServiceFault, who } from './protocol.js';
import { Reply } from './reply.js';
import type { Response } from './response.js';
import { ResponseLine } from './response-line.js';

export interface RepliesOptions {
  readonly send: Send;
  readonly ids: EventIds;
  readonly clock: Clock;
  readonly limits: Pick<Limits, 'first_audio_ms' | 'idle_ms'>;
  /** What the model was told that it may use. */
  readonly tools: readonly string[];
  /** Of the audio that comes. */
  readonly format: AudioFormat;
  readonly emit: (event: ProviderEvent) => void;
  /** No reply can be had of this session any more. */
  readonly onStuck: (error: ProviderError) => void;
}

/** What the service says of a response, after its beginning and before its end. */
type ReplyEvent = Extract<ServiceEvent, { readonly itemId: string; readonly responseId: string }>;
type EventOf<T extends ServiceEvent['type']> = Extract<ServiceEvent, { readonly type: T }>;

const badArguments = '{"error":"The arguments were no JSON object. Call the tool again with arguments that follow its schema."}';

const noSuchTool = '{"error":"Nothing was done: there is no tool of that name."}';

/** The agent's side of a session: replies are asked for, come, call tools, and are cut. */
export class Replies {
  readonly #options: RepliesOptions;
  readonly #responses: ResponseLine;
  /** Calls of tools that wait for their answers, of replies that are over too: the model is to know what came of them. */
  readonly #calls = new Map<string, Response>();
  /** The last one asked for, until it is over for the caller. */
  #reply: Reply | undefined;

  constructor(options: RepliesOptions) {
    this.#options = options;
    this.#responses = new ResponseLine({
      ...options,
      onStuck: () => options.onStuck(new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not end a response that was cancelled`)),
    });
  }

  /** Asks for the reply of a turn, in place of any other; one that `isOwed` when it ends may not be without a sound. */
  ask(turn: number, instructions: string | undefined, isOwed: () => boolean): void {
    this.#askFor(this.#begin(turn, isOwed), instructions);
  }

  /** A reply in which nothing is said. */
  skip(turn: number): void {
    this.#responses.cancel();
    this.#end(this.#begin(turn, () => false));
  }

  /** Returns whether it was the reply at hand. */
  cancel(turn: number, { ms }: Heard): boolean {
    const reply = this.#reply;
    if (reply?.turn !== turn) return false;
    this.#reply = undefined;
    reply.isOver = true;
    this.#responses.cancel();
    const { send, ids } = this.#options;
    for (const cut of reply.cutsAfter(ms)) {
      if (cut.type === 'delete') this.#delete(cut.itemId);
      else
        send({ type: 'conversation.item.truncate', event_id: ids.next('cut'), item_id: cut.itemId, content_index: 0, audio_end_ms: cut.audioEndMs });
    }
    return true;
  }

  answerTool(id: string, { text, isSpokenOf }: ToolAnswer): void {
    const response = this.#calls.get(id);
    if (!response) return;
    this.#calls.delete(id);
    response.answer({ callId: id, text }, isSpokenOf);
    this.#giveOutputs(response);
    this.#settle(response);
  }

  created({ responseId, label }: EventOf<'response-created'>): void {
    this.#responses.created(responseId, label);
  }

  take(event: ReplyEvent): void {
    const response = this.#responses.of(event.responseId);
    if (!response) return;
    if (!response.count(event.itemId, event.type === 'tool-called')) this.#options.onStuck(endless());
    else if (event.type === 'item-added') this.#takeItem(response, event);
    else if (!response.isCancelled) this.#takeContent(response, event);
  }

  ended({ responseId, outcome }: EventOf<'response-done'>): void {
    const response = this.#responses.of(responseId);
    if (response) {
      response.isDone = true;
      for (const itemId of response.unheardItems) this.#delete(itemId);
      this.#giveOutputs(response);
    }
    this.#responses.done(responseId);
    if (!response || response.isCancelled) return;
    const { reply } = response;
    if (outcome.status === 'completed') {
      this.#say(reply, reply.complete());
      this.#settle(response);
    } else {
      this.#fail(reply, errorOfEnd(outcome));
    }
  }

  /** An error of the service that concerns one reply, if any: the one whose request it refuses, or the one at hand. */
  refused(fault: ServiceFault, eventId: string | undefined): void {
    const refused = this.#responses.refused(eventId);
    if (refused && fault.code === 'conversation_already_has_active_response' && !refused.isRetry) {
      this.#responses.askAgain(refused);
      return;
    }
    const reply = refused?.reply ?? this.#reply;
    if (reply) this.#fail(reply, errorOf(fault, 'refused a request'));
    this.#responses.advance();
  }

  nothingToCancel(): void {
    this.#responses.nothingToCancel();
  }

  close(): void {
    if (this.#reply) this.#reply.isOver = true;
    this.#responses.close();
  }

  #begin(turn: number, isOwed: () => boolean): Reply {
    if (this.#reply) this.#reply.isOver = true;
    this.#reply = new Reply(turn, isOwed);
    return this.#reply;
  }

  #askFor(reply: Reply, instructions: string | undefined): void {
    reply.rounds += 1;
    this.#responses.ask(reply, instructions);
  }

  #takeItem(response: Response, { itemId, kind, name }: EventOf<'item-added'>): void {
    if (kind === 'function_call') {
      response.unheardItems.add(itemId);
      if (name !== undefined) response.toolNames.set(itemId, name);
    } else if (kind === 'message') {
      if (response.isCancelled) response.unheardItems.add(itemId);
      else response.reply.item(itemId);
    }
  }

  #takeContent(response: Response, event: Exclude<ReplyEvent, EventOf<'item-added'>>): void {
    const { reply } = response;
    switch (event.type) {
      case 'words':
        this.#say(reply, reply.item(event.itemId).words.add(event.text));
        break;
      case 'words-ended':
        this.#say(reply, reply.item(event.itemId).words.end(event.text));
        break;
      case 'audio': {
        if (event.audio.byteLength === 0) break;
        const item = reply.item(event.itemId);
        this.#say(reply, item.words.beforeAudio());
        item.audioMs += audioMs(event.audio, this.#options.format);
        this.#takeAudio(response, event.audio);
        break;
      }
      case 'tool-called':
        this.#takeCall(response, event);
        break;
    }
  }

  #takeAudio(response: Response, audio: Uint8Array): void {
    const { clock, format } = this.#options;
    const { reply, askedMs } = response;
    const { turn } = reply;
    if (!reply.hasAudio) this.#tell(reply, { type: 'timing', turn, stage: 'llm', ms: clock.nowMs() - askedMs });
    reply.hasAudio = true;
    this.#tell(reply, { type: 'reply-audio', turn, audio, format });
  }

  #takeCall(response: Response, { itemId, callId, name, arguments: written }: EventOf<'tool-called'>): void {
    const args = parseArguments(written);
    const toolName = name ?? response.toolNames.get(itemId);
    response.reply.hasCalls = true;
    response.unheardItems.delete(itemId);
    if (!args || toolName === undefined || !this.#options.tools.includes(toolName)) {
      response.answer({ callId, text: args ? noSuchTool : badArguments }, true);
      return;
    }
    response.openCalls.add(callId);
    this.#calls.set(callId, response);
    this.#tell(response.reply, { type: 'tool-call', turn: response.reply.turn, id: callId, name: toolName, arguments: args });
  }

  #say(reply: Reply, pieces: readonly string[]): void {
    for (const text of pieces) this.#tell(reply, { type: 'transcript', turn: reply.turn, who: 'agent', text, final: true });
  }

  /** What is told may lead to a cancelReply() at once. */
  #tell(reply: Reply, event: ProviderEvent): void {
    if (!reply.isOver) this.#options.emit(event);
  }

  /** The reply goes on when all that its response wanted done is done, or ends. */
  #settle(response: Response): void {
    const { reply, isDone, openCalls, hasCalls, isSpokenOf } = response;
    if (!isDone || openCalls.size > 0 || reply.isOver) return;
    if (hasCalls && isSpokenOf && !reply.isLastRound) this.#askFor(reply, undefined);
    else if (hasCalls && isSpokenOf)
      this.#fail(reply, new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} asked for tools ${mostToolRounds} times in one reply`));
    else if (reply.isMissed) this.#fail(reply, new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} answered without a sound`));
    else this.#end(reply);
  }

  #end(reply: Reply): void {
    reply.isOver = true;
    this.#options.emit({ type: 'reply-ended', turn: reply.turn });
  }

  #fail(reply: Reply, { code, message, isRetryable }: ProviderError): void {
    if (reply.isOver) return;
    reply.isOver = true;
    this.#responses.cancel();
    this.#options.emit({ type: 'failed', turn: reply.turn, code, message, retryable: isRetryable });
  }

  #giveOutputs(response: Response): void {
    const { send, ids } = this.#options;
    for (const { callId, text } of response.takeOutputs()) {
      send({ type: 'conversation.item.create', event_id: ids.next('item'), item: { type: 'function_call_output', call_id: callId, output: text } });
    }
  }

  #delete(itemId: string): void {
    const { send, ids } = this.#options;
    send({ type: 'conversation.item.delete', event_id: ids.next('cut'), item_id: itemId });
  }
}

const endless = (): ProviderError =>
  new ProviderError(
    'TP_ERR_PROVIDER_PROTOCOL',
    `${who} does not come to an end: it has more items or calls more tools in one response than it can need`,
  );

function errorOfEnd(outcome: Exclude<Outcome, { readonly status: 'completed' }>): ProviderError {
  if (outcome.status === 'cancelled') return new ProviderError('TP_ERR_PROVIDER_LOST', `${who} broke off a response by itself`);
  return errorOf(outcome.fault, `ended a response as ${outcome.status}`);
}
