import type { Clock } from '../../base/clock.js';
import type { Usage } from '../../base/usage.js';
import type { SettingsOf } from '../../config/providers.js';
import { cutBefore } from '../call-facts.js';
import type { ProviderError } from '../network/provider-error.js';
import type { ConnectOptions, Heard, ProviderEvent, ProviderSession, ReplyCause, Said, ToolAnswer } from '../provider.js';
import { type CallerAudio, GatedAudio, StreamedAudio } from './caller-audio.js';
import { CallerItems, type CallerWords } from './caller-items.js';
import { isAbout } from './client-event.js';
import { type Connection, type ConnectionUser, openSession } from './connection.js';
import { errorOf, isExpiry, reachOf } from './fault.js';
import { instructionsOfCall, instructionsOfReply } from './instructions.js';
import type { ServiceEvent } from './protocol.js';
import { Replies } from './replies.js';
import { sessionRequestOf } from './session-request.js';

type Settings = SettingsOf<'openai-realtime'>;

/** A session that expires sooner is no better than one that is lost, and the next may be no better than it. */
const leastLifeMs = 60_000;

/** One call with the service: what talkpath wants becomes messages, and what the service says becomes events. */
export class RealtimeSession implements ProviderSession, ConnectionUser {
  readonly #connection: Connection;
  readonly #options: ConnectOptions;
  readonly #audio: CallerAudio;
  readonly #callerItems = new CallerItems();
  readonly #clock: Clock;
  readonly #sinceMs: number;
  readonly #replies: Replies;
  #isOver = false;

  private constructor(connection: Connection, settings: Settings, options: ConnectOptions, clock: Clock) {
    this.#connection = connection;
    this.#options = options;
    this.#clock = clock;
    this.#sinceMs = clock.nowMs();
    this.#audio = settings.turn_detection === 'ours' ? new GatedAudio(options.input, settings.prefix_ms) : new StreamedAudio(options.input);
    this.#replies = new Replies({
      ...connection,
      clock,
      limits: settings.limits,
      tools: options.call.tools.map(({ name }) => name),
      format: options.output,
      emit: (event) => this.#emit(event),
      onStuck: (error) => this.lost(error),
    });
    for (const said of options.history) this.#recall(said);
    options.signal.addEventListener('abort', this.#aborted);
  }

  /** Rejects with a ProviderError when the session cannot be had, or is aborted. */
  static open(settings: Settings, options: ConnectOptions, clock: Clock): Promise<RealtimeSession> {
    const request = sessionRequestOf(settings, options);
    const start = (connection: Connection): RealtimeSession => new RealtimeSession(connection, settings, options, clock);
    return openSession({ settings, request, clock, signal: options.signal }, start);
  }

  sendAudio(audio: Uint8Array, speaking: boolean): void {
    if (this.#isOver) return;
    for (const { buffer, byteOffset, byteLength } of this.#audio.take(audio, speaking)) {
      this.#connection.send({ type: 'input_audio_buffer.append', audio: Buffer.from(buffer, byteOffset, byteLength).toString('base64') });
    }
  }

  requestReply(turn: number, cause: ReplyCause, last: boolean): void {
    if (this.#isOver) return;
    const { call, history } = this.#options;
    this.#tell(this.#callerItems.turnAsked(turn));
    if (cause === 'greeting' && call.greeting === '') {
      this.#replies.skip(turn);
      return;
    }
    if (cause === 'caller') this.#commit(turn);
    const more = instructionsOfReply(cause, last, { greeting: call.greeting, history });
    // The instructions of a response stand in place of those of the session.
    const instructions = more === undefined ? undefined : `${instructionsOfCall(call)}\n\n${more}`;
    this.#replies.ask(turn, instructions, () => cause !== 'caller' || this.#callerItems.hasSpeech(turn));
  }

  cancelReply(turn: number, heard: Heard): void {
    if (this.#isOver) return;
    if (this.#replies.cancel(turn, heard)) this.#callerItems.turnOver(turn);
    if (heard.before !== undefined) this.#note(cutBefore(heard.before));
  }

  answerTool(id: string, answer: ToolAnswer): void {
    if (!this.#isOver) this.#replies.answerTool(id, answer);
  }

  close(): void {
    this.#isOver = true;
    this.#options.signal.removeEventListener('abort', this.#aborted);
    this.#replies.close();
    this.#connection.close();
  }

  lost({ code, message, isRetryable }: ProviderError, isExpired = false): void {
    if (this.#isOver) return;
    this.close();
    this.#options.on({ type: 'failed', code, message, retryable: isRetryable, ...(isExpired && { expired: true }) });
  }

  take(event: ServiceEvent): void {
    if (this.#isOver) return;
    switch (event.type) {
      case 'session-created':
      case 'session-updated':
        break;
      case 'speech-started':
        this.#audio.speechStarted();
        break;
      case 'committed':
        this.#takeCommit(event.itemId);
        break;
      case 'transcribed':
        this.#use(event.usage);
        this.#tell(this.#callerItems.transcribed(event.itemId, event.text));
        break;
      case 'not-transcribed':
        this.#callerItems.notTranscribed(event.itemId);
        break;
      case 'response-created':
        this.#replies.created(event);
        break;
      case 'item-added':
      case 'audio':
      case 'words':
      case 'words-ended':
      case 'tool-called':
        this.#replies.take(event);
        break;
      case 'response-done':
        this.#use(event.usage);
        this.#replies.ended(event);
        break;
      case 'error':
        this.#takeError(event);
        break;
    }
  }

  readonly #aborted = (): void => this.close();

  #emit(event: ProviderEvent): void {
    if (!this.#isOver) this.#options.on(event);
  }

  /** What was said before this session: the model reads it, as audio of it is not to be had. */
  #recall({ who, text }: Said): void {
    const { send, ids } = this.#connection;
    const event_id = ids.next('item');
    if (who === 'caller')
      send({ type: 'conversation.item.create', event_id, item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] } });
    else send({ type: 'conversation.item.create', event_id, item: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] } });
  }

  /** Something that the model is to know, and nobody said. */
  #note(text: string): void {
    const { send, ids } = this.#connection;
    const event_id = ids.next('item');
    send({ type: 'conversation.item.create', event_id, item: { type: 'message', role: 'system', content: [{ type: 'input_text', text }] } });
  }

  /** Makes what the caller said a part of the conversation, if the service has not. */
  #commit(turn: number): void {
    if (!this.#audio.isWorthCommitting) return;
    this.#audio.committed();
    this.#callerItems.expect(turn);
    this.#connection.send({ type: 'input_audio_buffer.commit', event_id: this.#connection.ids.next('commit') });
  }

  #takeCommit(itemId: string): void {
    if (this.#callerItems.committed(itemId)) return;
    this.#audio.committed();
    this.#emit({ type: 'turn-ended' });
  }

  #takeError({ error, eventId }: Extract<ServiceEvent, { readonly type: 'error' }>): void {
    const reach = reachOf(error);
    if (reach === 'session') this.lost(errorOf(error, 'ended the session'), isExpiry(error) && this.#clock.nowMs() - this.#sinceMs >= leastLifeMs);
    else if (error.code === 'response_cancel_not_active' || isAbout(eventId, 'cancel')) this.#replies.nothingToCancel();
    else if (error.code === 'input_audio_buffer_commit_empty' || isAbout(eventId, 'commit')) this.#callerItems.commitFailed();
    else if (reach === 'turn' && !isAbout(eventId, 'cut', 'item')) this.#replies.refused(error, eventId);
  }

  #use(usage: Usage): void {
    if (Object.keys(usage).length > 0) this.#emit({ type: 'usage', usage });
  }

  #tell(words: readonly CallerWords[]): void {
    for (const { turn, text } of words) this.#emit({ type: 'transcript', turn, who: 'caller', text, final: true });
  }
}
