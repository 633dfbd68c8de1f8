import type { WebSocket } from 'ws';
import { type ContextOptions, ElevenLabsContext } from './elevenlabs-context.js';
import { type ElevenLabsMessage, readMessage } from './elevenlabs-messages.js';

export interface SocketOptions extends Pick<ContextOptions, 'format' | 'manner' | 'fault' | 'later' | 'inactivityMs' | 'onSpoken'> {
  readonly socket: WebSocket;
  readonly isKnownVoice: boolean;
  readonly onText: (settings: object | undefined) => void;
  readonly onKeptAlive: () => void;
  /** By how many there are more contexts, or fewer. */
  readonly onContexts: (change: number) => void;
  /** The error that the next text is answered with. */
  readonly nextError: () => string | undefined;
  readonly violated: (what: string) => void;
}

const mostContexts = 5;

/** One socket, with its contexts. */
export class ElevenLabsSocket {
  readonly #options: SocketOptions;
  readonly #contexts = new Map<string, ElevenLabsContext>();
  #isFirst = true;
  #lastText = '';

  constructor(options: SocketOptions) {
    this.#options = options;
    options.socket.on('close', () => {
      options.onContexts(-this.#contexts.size);
      for (const context of this.#contexts.values()) context.stop();
    });
    options.socket.on('message', (data: Buffer, isBinary) => {
      const message = isBinary ? 'a binary message' : readMessage(data.toString());
      if (typeof message === 'string') {
        options.violated(message);
        this.#breakOff('invalid_message');
      } else this.#take(message);
    });
  }

  #take(message: ElevenLabsMessage): void {
    const { socket, isKnownVoice, nextError } = this.#options;
    if (message.type === 'close-socket') {
      for (const context of this.#contexts.values()) context.close();
      socket.close(1000);
      return;
    }
    this.#checkOrder(message);
    const isText = message.type === 'text' && message.text !== ' ';
    const error = isKnownVoice ? (isText ? nextError() : undefined) : 'voice_id_does_not_exist';
    if (error !== undefined) {
      this.#breakOff(error);
      return;
    }
    const known = this.#contexts.get(message.context);
    const isOpen = known !== undefined && !known.isClosed;
    if (!isOpen && (message.type === 'close' || message.type === 'keep-alive')) return;
    // As observed: an order for a context that is not there opens one.
    const context = isOpen ? known : this.#open(message.context);
    if (context) this.#give(context, message);
  }

  #checkOrder(message: Exclude<ElevenLabsMessage, { type: 'close-socket' }>): void {
    const { violated } = this.#options;
    if (this.#isFirst && (message.type !== 'text' || message.text !== ' ')) violated('a first message that is not a space');
    this.#isFirst = false;
    const known = this.#contexts.get(message.context);
    const isOpen = known !== undefined && !known.isClosed;
    if (!isOpen && message.type !== 'text') violated(`${message.type} of a context that is not open`);
    if (isOpen && message.type === 'text' && message.settings) violated('voice_settings for a context that has some');
  }

  #give(context: ElevenLabsContext, message: Exclude<ElevenLabsMessage, { type: 'close-socket' }>): void {
    context.touch();
    if (message.type === 'keep-alive') this.#options.onKeptAlive();
    if (message.type === 'close') context.close();
    if (message.type === 'flush') context.flush();
    if (message.type !== 'text') return;
    this.#lastText = message.text;
    this.#options.onText(message.settings);
    context.add(message.text);
    if (message.flush) context.flush();
  }

  #open(id: string): ElevenLabsContext | undefined {
    const { socket, onContexts, violated } = this.#options;
    if (this.#contexts.size >= mostContexts) {
      violated(`more than ${mostContexts} contexts`);
      this.#breakOff('max_active_conversations');
      return undefined;
    }
    const context = new ElevenLabsContext({
      ...this.#options,
      id,
      send: (message) => this.#send(message),
      onEnded: (isTimeout) => {
        if (this.#contexts.get(id) === context) this.#contexts.delete(id);
        onContexts(-1);
        if (isTimeout && this.#contexts.size === 0) this.#breakOff('input_timeout_exceeded');
      },
      lose: () => socket.terminate(),
    });
    onContexts(1);
    this.#contexts.set(id, context);
    return context;
  }

  #send(message: object | string): void {
    this.#options.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** As the service tells errors: with a sentence that may repeat what was to be said. */
  #breakOff(error: string): void {
    this.#send({ message: `Sorry, ${error}. Your text was "${this.#lastText}".`, error, code: 1008 });
    this.#options.socket.close(1008, error.slice(0, 100));
  }
}
