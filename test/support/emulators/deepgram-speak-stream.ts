import type { WebSocket } from 'ws';
import type { Fault } from './fault.js';
import { type Manner, sendSpeech } from './sent-speech.js';
import type { VoiceFormat } from './voice-sound.js';

export interface SpeakStreamOptions {
  readonly format: VoiceFormat;
  readonly manner: Manner;
  readonly fault: () => Fault | undefined;
  readonly later: (ms: number, action: () => void) => () => void;
  readonly socket: WebSocket;
  /** A text is being spoken. */
  readonly onSpoken: (text: string) => void;
  readonly violated: (what: string) => void;
}

const mostFlushesAMinute = 20;
const mostCharactersAMinute = 2400;
/** Until an order to forget is carried out: audio that is on its way still comes. */
const clearMs = 5;

/** The one stream of a socket: texts are spoken in the order in which they were flushed. */
export class DeepgramSpeakStream {
  readonly #options: SpeakStreamOptions;
  readonly #flushed: string[] = [];
  #text = '';
  #isSpeaking = false;
  #sequence = 0;
  #flushes = 0;
  #characters = 0;
  #stopSpeaking = (): void => {};

  constructor(options: SpeakStreamOptions) {
    this.#options = options;
  }

  /** What was not flushed yet. */
  get text(): string {
    return this.#text;
  }

  tell(message: object): void {
    this.#options.socket.send(JSON.stringify(message));
  }

  add(text: string): void {
    this.#characters += text.length;
    this.#options.later(60_000, () => {
      this.#characters -= text.length;
    });
    this.#text += text;
    if (this.#characters <= mostCharactersAMinute) return;
    this.#options.violated(`more than ${mostCharactersAMinute} characters a minute`);
    this.#options.socket.close(1008, 'RATE_LIMIT');
  }

  flush(): void {
    this.#flushes += 1;
    this.#options.later(60_000, () => {
      this.#flushes -= 1;
    });
    if (this.#flushes > mostFlushesAMinute) {
      this.#options.violated(`more than ${mostFlushesAMinute} flushes a minute`);
      this.tell({ type: 'Warning', description: 'Too many flushes', code: 'EXCESSIVE_FLUSH' });
      return;
    }
    this.#flushed.push(this.#text);
    this.#text = '';
    this.#speak();
  }

  clear(): void {
    if (this.#options.fault()?.type === 'ignore-cancel') return;
    const wasSpeaking = this.#isSpeaking;
    this.stop();
    this.#flushed.length = 0;
    this.#text = '';
    this.#options.later(clearMs, () => {
      if (wasSpeaking) this.#options.socket.send(Buffer.alloc(320, 1));
      this.#isSpeaking = false;
      this.#answer('Cleared');
      this.#speak();
    });
  }

  stop(): void {
    this.#stopSpeaking();
  }

  #answer(type: 'Flushed' | 'Cleared'): void {
    this.tell({ type, sequence_id: this.#sequence });
    this.#sequence += 1;
  }

  #speak(): void {
    const { format, manner, fault, later, socket, onSpoken } = this.#options;
    if (this.#isSpeaking) return;
    const text = this.#flushed.shift();
    if (text === undefined) return;
    this.#isSpeaking = true;
    onSpoken(text);
    const now = fault();
    this.#stopSpeaking = sendSpeech({
      text,
      format,
      manner,
      fault: now,
      later,
      send: (audio) => socket.send(audio),
      afterFirst: () => {
        if (now?.type === 'garbage-json') socket.send('{"type": ');
      },
      done: () => {
        this.#isSpeaking = false;
        this.#answer('Flushed');
        this.#speak();
      },
      lose: () => socket.terminate(),
    });
  }
}
