import type { Clock } from '../../base/clock.js';
import type { SettingsOf } from '../../config/providers.js';
import { KeepAlive } from '../network/keep-alive.js';
import { ProviderError } from '../network/provider-error.js';
import type { ServiceSocket } from '../network/web-socket.js';
import type { ConnectOptions, Heard, ProviderEvent, ProviderSession, ReplyCause, ToolAnswer } from '../provider.js';
import type { ComingReply } from './coming-reply.js';
import { type ConversationListener, openConversation } from './connection.js';
import { HeldReply } from './held-reply.js';
import { Injection } from './injection.js';
import { injectionFor, isInstruction } from './instructions.js';
import { NoiseWatch } from './noise-watch.js';
import { type ClientMessage, type FunctionCall, type ServiceEvent, who } from './protocol.js';
import { Replies } from './replies.js';
import { isFlux, settingsMessage } from './settings-message.js';
import { TurnEvents } from './turn-events.js';

/** A service that has noticed no speech so long after the caller is silent will notice none. */
const unheardMs = 1500;

/** One call's conversation with the service, which hears, thinks and speaks by itself. Thread: control. */
export class DeepgramAgentSession implements ProviderSession, ConversationListener {
  readonly #socket: ServiceSocket;
  readonly #settings: SettingsOf<'deepgram-agent'>;
  readonly #options: ConnectOptions;
  readonly #clock: Clock;
  readonly #replies: Replies;
  readonly #injection: Injection;
  readonly #keepAlive: KeepAlive;
  /** Functions that the service waits for. */
  readonly #calls = new Map<string, { readonly name: string; readonly reply: ComingReply }>();
  readonly #aborted = (): void => this.close();
  #stopWaiting: () => void = () => {};
  #isOver = false;

  private constructor(socket: ServiceSocket, settings: SettingsOf<'deepgram-agent'>, options: ConnectOptions, clock: Clock) {
    const { input, output, signal } = options;
    this.#socket = socket;
    this.#settings = settings;
    this.#options = options;
    this.#clock = clock;
    this.#replies = new Replies({
      tell: new TurnEvents((event) => this.#emit(event), output),
      held: new HeldReply(output),
      noise: new NoiseWatch(input),
    });
    this.#injection = new Injection({
      clock,
      patienceMs: settings.limits.first_audio_ms,
      isWanted: (turn) => this.#replies.isUnheard(turn),
      send: (message) => this.#inject(message),
      onGivenUp: (turn) => this.#fail(turn, `${who} did not let the agent speak`),
    });
    this.#keepAlive = new KeepAlive(clock, () => this.#send({ type: 'KeepAlive' }));
    signal.addEventListener('abort', this.#aborted);
  }

  static open(settings: SettingsOf<'deepgram-agent'>, options: ConnectOptions, clock: Clock): Promise<DeepgramAgentSession> {
    const { url, api_key: apiKey, limits } = settings;
    return openConversation(
      { url, apiKey, settings: settingsMessage(settings, options), connectMs: limits.connect_ms, clock, signal: options.signal },
      (socket) => new DeepgramAgentSession(socket, settings, options, clock),
    );
  }

  sendAudio(audio: Uint8Array, speaking: boolean): void {
    // To the service an empty message is no audio.
    if (this.#isOver || audio.byteLength === 0) return;
    this.#socket.sendBytes(audio);
    this.#keepAlive.audioSent();
    this.#replies.hear(audio, speaking);
  }

  requestReply(turn: number, cause: ReplyCause, last: boolean): void {
    if (this.#isOver) return;
    this.#dropWaits();
    if (this.#replies.ask(turn, cause, last)) return;
    if (cause === 'caller') {
      this.#endCallersTurn(turn);
      return;
    }
    const message = injectionFor(cause, last, this.#options.call, this.#options.history);
    if (message) this.#injection.start(turn, message);
    else this.#replies.end(turn);
  }

  /** The service cannot be told what was heard: it knows only of what it has cut itself. */
  cancelReply(turn: number, _heard: Heard): void {
    if (!this.#isOver) this.#replies.cancel(turn);
  }

  answerTool(id: string, { text, isSpokenOf }: ToolAnswer): void {
    const call = this.#calls.get(id);
    if (this.#isOver || !call) return;
    this.#calls.delete(id);
    this.#send({ type: 'FunctionCallResponse', id, name: call.name, content: text });
    this.#replies.answered(call.reply, id, isSpokenOf);
    this.#awaitAnswer();
  }

  close(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#socket.close();
  }

  event(event: ServiceEvent): void {
    if (this.#isOver) return;
    switch (event.type) {
      case 'caller-started':
        this.#replies.callerStarted();
        break;
      case 'caller-ended':
      case 'thinking':
        this.#replies.callerEnded();
        break;
      case 'words':
        this.#takeWords(event.who, event.text);
        break;
      case 'agent-started':
        this.#replies.agentStarted();
        this.#replies.took(event.took);
        break;
      case 'audio-done':
        this.#replies.audioDone();
        this.#injection.again();
        this.#awaitAnswer();
        break;
      case 'took':
        this.#replies.took(event.took);
        break;
      case 'function-calls':
        for (const call of event.calls) this.#takeCall(call);
        break;
      case 'calls-cancelled':
        for (const id of event.ids) this.#withdraw(id);
        break;
      case 'injection-refused':
        this.#replies.injectionRefused();
        this.#injection.refused(this.#replies.isSpeaking);
        break;
      case 'welcome':
      case 'settings-applied':
      case 'error':
        break;
    }
  }

  audio(audio: Uint8Array): void {
    if (this.#isOver) return;
    this.#replies.agentAudio(audio);
    this.#awaitAnswer();
  }

  lost({ code, message, isRetryable }: ProviderError): void {
    if (this.#isOver) return;
    this.#finish();
    this.#options.on({ type: 'failed', code, message, retryable: isRetryable });
  }

  #takeWords(speaker: 'caller' | 'agent', text: string): void {
    if (speaker === 'caller' && isInstruction(text)) {
      this.#replies.injectionTaken();
    } else if (speaker === 'caller') {
      this.#replies.callerSaid(text);
    } else {
      if (this.#injection.isSaid(text)) this.#replies.injectionTaken();
      this.#replies.agentSays(text);
    }
  }

  #takeCall(asked: FunctionCall): void {
    const isKnown = this.#options.call.tools.some(({ name }) => name === asked.name);
    // What cannot be done is answered here, and nobody is told of it.
    const call = isKnown ? asked : { ...asked, arguments: undefined };
    const reply = this.#replies.called(call);
    if (!reply) {
      this.#send({ type: 'FunctionCallResponse', id: call.id, name: call.name, content: 'Not done: the caller has interrupted.' });
      return;
    }
    this.#calls.set(call.id, { name: call.name, reply });
    const fault = isKnown ? 'the arguments are no JSON object' : 'there is no function of that name';
    if (!call.arguments) this.answerTool(call.id, { text: `Not done: ${fault}.`, isSpokenOf: true });
  }

  #withdraw(id: string): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (call) this.#replies.withdrawn(call.reply, id);
  }

  /** talkpath holds the caller's turn to be over, and the service has not said so. */
  #endCallersTurn(turn: number): void {
    if (isFlux(this.#settings.listen_model)) this.#send({ type: 'ForceEndTurn' });
    this.#wait(unheardMs, () => {
      // To the service nobody has spoken: there is nothing to be answered.
      if (this.#replies.isUnheard(turn)) this.#replies.end(turn);
    });
  }

  /** What a function gave is spoken of soon, or never. */
  #awaitAnswer(): void {
    const turn = this.#replies.owesAnswer;
    if (turn === undefined) return;
    this.#wait(this.#settings.limits.first_audio_ms, () => {
      if (this.#replies.owesAnswer === turn) this.#replies.end(turn);
    });
  }

  #inject(message: ClientMessage): void {
    this.#replies.injected();
    this.#send(message);
  }

  #send(message: ClientMessage): void {
    this.#socket.sendJson(message);
  }

  #fail(turn: number, message: string): void {
    this.#replies.cancel(turn);
    const { code, isRetryable } = new ProviderError('TP_ERR_PROVIDER_TIMEOUT', message);
    this.#emit({ type: 'failed', turn, code, message, retryable: isRetryable });
  }

  #emit(event: ProviderEvent): void {
    if (!this.#isOver) this.#options.on(event);
  }

  #wait(ms: number, action: () => void): void {
    this.#stopWaiting();
    this.#stopWaiting = this.#clock.after(ms, action);
  }

  #dropWaits(): void {
    this.#stopWaiting();
    this.#injection.stop();
  }

  #finish(): void {
    this.#isOver = true;
    this.#dropWaits();
    this.#keepAlive.stop();
    this.#calls.clear();
    this.#options.signal.removeEventListener('abort', this.#aborted);
  }
}
