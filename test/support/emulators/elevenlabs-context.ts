import type { Fault } from './fault.js';
import { type Manner, sendSpeech } from './sent-speech.js';
import type { VoiceFormat } from './voice-sound.js';

export interface ContextOptions {
  readonly id: string;
  readonly format: VoiceFormat;
  readonly manner: Manner;
  readonly fault: () => Fault | undefined;
  readonly later: (ms: number, action: () => void) => () => void;
  readonly inactivityMs: number;
  readonly send: (message: object | string) => void;
  /** A text is being spoken. */
  readonly onSpoken: (text: string) => void;
  readonly onEnded: (isTimeout: boolean) => void;
  readonly lose: () => void;
}

/** One context of a socket: text is gathered, spoken when flushed, and what was flushed is finished even when it is closed. */
export class ElevenLabsContext {
  readonly #options: ContextOptions;
  readonly #flushed: string[] = [];
  #text = '';
  #isSpeaking = false;
  #isClosed = false;
  #isTimeout = false;
  #stopWaiting = (): void => {};
  #stopSpeaking = (): void => {};

  constructor(options: ContextOptions) {
    this.#options = options;
    this.touch();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Something was heard of the client. */
  touch(): void {
    this.#stopWaiting();
    this.#stopWaiting = this.#options.later(this.#options.inactivityMs, () => {
      this.#isTimeout = true;
      this.close();
    });
  }

  add(text: string): void {
    this.#text += text;
  }

  flush(): void {
    if (this.#text.trim() !== '') this.#flushed.push(this.#text.trim());
    this.#text = '';
    this.#speak();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopWaiting();
    this.#speak();
  }

  /** The socket is gone. */
  stop(): void {
    this.#stopWaiting();
    this.#stopSpeaking();
  }

  #speak(): void {
    const { id, format, manner, fault, later, send, onSpoken, onEnded, lose } = this.#options;
    if (this.#isSpeaking) return;
    const text = this.#flushed.shift();
    if (text === undefined) {
      if (!this.#isClosed) return;
      send({ isFinal: true, contextId: id });
      onEnded(this.#isTimeout);
      return;
    }
    this.#isSpeaking = true;
    onSpoken(text);
    const now = fault();
    this.#stopSpeaking = sendSpeech({
      text,
      format,
      manner,
      fault: now,
      later,
      send: (audio) => send({ audio: audio.toString('base64'), normalizedAlignment: null, alignment: null, contextId: id }),
      afterFirst: () => {
        if (now?.type === 'garbage-json') send('{"audio": ');
        if (now?.type === 'garbage-base64') send({ audio: '%%% no base64 %%%', contextId: id });
      },
      done: () => {
        this.#isSpeaking = false;
        this.#speak();
      },
      lose,
    });
  }
}
