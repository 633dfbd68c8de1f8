import type { WebSocket } from 'ws';
import type { Fault } from '../fault.js';
import { impossibleIn, laterMessages, type SettingsMessage, settings as settingsShape } from './client-messages.js';
import { Ear } from './ear.js';
import { type Answer, type Manner, Reply } from './reply.js';

/** What a conversation takes from the service that it belongs to. */
export interface Surroundings {
  readonly manner: Manner;
  readonly fault: () => Fault | undefined;
  readonly violated: (what: string) => void;
  readonly later: (ms: number, action: () => void) => () => void;
  /** What is recognised of the caller's next words. */
  readonly words: () => string;
  readonly answer: () => Answer;
  readonly lose: () => void;
  /** Until an Error, when the client sends nothing. */
  readonly quietMs: number;
  readonly refusesInjections: boolean;
  /** Settings are taken, and never applied. */
  readonly isDeaf: boolean;
}

interface ClientMessage {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly content?: string;
  readonly message?: string;
  readonly behavior?: 'default' | 'queue' | 'interrupt';
}

/** One socket's conversation, on the service's side. */
export class Conversation {
  /** What the client has said, audio left out. */
  readonly received: ClientMessage[] = [];
  /** Of the caller's audio. */
  receivedBytes = 0;
  settings: SettingsMessage | undefined;
  isClosed = false;
  readonly #socket: WebSocket;
  readonly #around: Surroundings;
  readonly #cancelled = new Set<string>();
  readonly #expected = new Map<string, string>();
  #ear: Ear | undefined;
  #reply: Reply | undefined;
  #replies = 0;
  #stopQuiet: () => void = () => {};

  constructor(socket: WebSocket, around: Surroundings) {
    this.#socket = socket;
    this.#around = around;
    socket.on('message', (data: Buffer, isBinary) => {
      this.#heardFrom();
      if (isBinary) this.#takeAudio(data);
      else this.#takeText(data.toString());
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.#reply?.stop();
      this.#stopQuiet();
    });
    this.#heardFrom();
  }

  /** A function was called, and not answered. */
  get isWaiting(): boolean {
    return (this.#reply?.waiting.size ?? 0) > 0;
  }

  /** For a call that the test makes itself. */
  expectAnswer(id: string, name: string): void {
    this.#expected.set(id, name);
  }

  get isReplying(): boolean {
    return this.#reply !== undefined && !this.#reply.isOver;
  }

  tell(message: object): void {
    if (!this.isClosed) this.#socket.send(JSON.stringify(message));
  }

  tellText(text: string): void {
    if (!this.isClosed) this.#socket.send(text);
  }

  tellAudio(audio: Uint8Array): void {
    if (!this.isClosed) this.#socket.send(audio);
  }

  /** Resolves when the client has taken everything that was said to it so far, and we what it had said until then. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once('pong', () => resolve());
      this.#socket.ping();
    });
  }

  /** As the service does when it cannot go on. */
  fail(code: string, description = 'as it was told to'): void {
    this.#reply?.stop();
    this.tell({ type: 'Error', description, code });
    this.#socket.close(1011);
  }

  /** Closes the connection without a word. */
  leave(): void {
    this.#socket.close(1001);
  }

  /** The caller, by what the service hears. */
  callerStarts(): void {
    const reply = this.#reply;
    this.tell({ type: 'UserStartedSpeaking' });
    if (!reply || reply.isOver || this.#around.fault()?.type === 'ignore-cancel') return;
    const functions = [...reply.waiting].map(([id, name]) => ({ id, name }));
    for (const { id } of functions) this.#cancelled.add(id);
    reply.cut();
    if (functions.length > 0) this.tell({ type: 'FunctionCallCancelled', functions });
  }

  callerEnds(trigger: 'model' | 'manual'): void {
    this.tell({ type: 'LatencyReport', stt_latency: 0.08 });
    this.tell({ type: 'ConversationText', role: 'user', content: this.#around.words() });
    if (this.#around.manner.tellsEndOfTurn && this.#isFlux) this.tell({ type: 'EndOfTurn', trigger });
    this.#say(this.#around.answer());
  }

  get #isFlux(): boolean {
    return this.settings?.agent.listen.provider.version === 'v2';
  }

  #say(answer: Answer): void {
    const format = this.settings?.audio.output;
    if (!format) return;
    this.#replies += 1;
    const { manner, fault, later, lose } = this.#around;
    if (fault()?.type !== 'ignore-cancel') this.#reply?.stop();
    this.#reply = new Reply(
      {
        manner,
        fault: fault(),
        format,
        mark: this.#replies,
        later,
        send: (message) => this.tell(message),
        sendAudio: (audio) => this.tellAudio(audio),
        sendGarbage: () => this.tellText('{"type":'),
        lose,
        done: () => {},
      },
      answer,
    );
  }

  #takeAudio(audio: Buffer): void {
    if (!this.#ear) {
      this.#refuse('NON_SETTINGS_MESSAGE_BEFORE_SETTINGS', 'audio came before the settings were applied');
      return;
    }
    this.receivedBytes += audio.length;
    this.#ear.hear(audio, this.#around.manner.endMs, (what) => (what === 'started' ? this.callerStarts() : this.callerEnds('model')));
  }

  #takeText(text: string): void {
    let message: ClientMessage;
    try {
      message = JSON.parse(text) as ClientMessage;
    } catch {
      this.#refuse('UNPARSABLE_CLIENT_MESSAGE', 'a message is no JSON');
      return;
    }
    this.received.push(message);
    if (this.#around.isDeaf) return;
    if (message.type === 'Settings') {
      this.#takeSettings(message);
      return;
    }
    if (!this.settings) {
      this.#refuse('NON_SETTINGS_MESSAGE_BEFORE_SETTINGS', `${message.type} came before the settings`);
      return;
    }
    const faults = laterMessages[message.type]?.(message, message.type) ?? [`${message.type} is not known`];
    if (faults.length > 0) this.#refuse('UNPARSABLE_CLIENT_MESSAGE', ...faults);
    else this.#take(message);
  }

  #takeSettings(message: unknown): void {
    if (this.settings) {
      this.#refuse('SETTINGS_ALREADY_APPLIED', 'the settings came twice');
      return;
    }
    const faults = settingsShape(message, 'Settings');
    const impossible = faults.length === 0 ? impossibleIn(message as SettingsMessage) : [];
    if (faults.length > 0) this.#refuse('UNPARSABLE_CLIENT_MESSAGE', ...faults);
    else if (impossible.length > 0) this.#refuse('INVALID_SETTINGS', ...impossible);
    else {
      this.settings = message as SettingsMessage;
      this.#ear = new Ear(this.settings.audio.input);
      this.tell({ type: 'SettingsApplied' });
    }
  }

  #take(message: ClientMessage): void {
    const { id = '', name = '', content = '', message: words = '', behavior = 'default' } = message;
    switch (message.type) {
      case 'ForceEndTurn':
        if (!this.#isFlux) {
          this.#around.violated('ForceEndTurn needs a Flux model');
          this.tell({ type: 'Warning', code: 'FORCE_END_TURN_UNSUPPORTED', description: 'as it was told to' });
        } else if (this.#ear?.isSpeech) {
          this.#ear.forget();
          this.callerEnds('manual');
        }
        break;
      case 'InjectUserMessage':
        this.tell({ type: 'ConversationText', role: 'user', content });
        if (this.#isFlux && this.#around.manner.tellsEndOfTurn) this.tell({ type: 'EndOfTurn', trigger: 'manual' });
        this.#say(this.#around.answer());
        break;
      case 'InjectAgentMessage':
        if (this.#around.refusesInjections || (behavior !== 'interrupt' && (this.#ear?.isSpeech || (behavior === 'default' && this.isReplying))))
          this.tell({ type: 'InjectionRefused', message: 'somebody is speaking' });
        else this.#say({ says: [{ text: words, ms: 20 * words.length }] });
        break;
      case 'FunctionCallResponse':
        if (this.#cancelled.has(id)) this.#around.violated(`the cancelled call ${id} was answered`);
        else if (this.#expected.get(id) === name) this.#expected.delete(id);
        else if (this.#reply?.waiting.get(id) !== name) this.#around.violated(`an answer to ${name} ${id}, which was not called`);
        else this.#reply.answered(id, name, content);
        break;
    }
  }

  #refuse(code: string, ...faults: string[]): void {
    for (const fault of faults) this.#around.violated(fault);
    this.fail(code, faults.join('; '));
  }

  #heardFrom(): void {
    this.#stopQuiet();
    this.#stopQuiet = this.#around.later(this.#around.quietMs, () => {
      this.#around.violated('the client was silent for too long');
      this.fail('CLIENT_MESSAGE_TIMEOUT');
    });
  }
}
