import type { Clock } from '../../../../base/clock.js';
import { ProviderError } from '../../../network/provider-error.js';
import type { ServiceSocket } from '../../../network/web-socket.js';
import { AudioQueue } from '../audio-queue.js';
import { Places } from '../places.js';
import { ReopeningSocket } from '../reopening-socket.js';
import type { SocketVoice } from '../socket-voices.js';
import type { TtsOptions } from '../tts.js';
import { farewell, inactivityS, keepAlive, mostContexts, newsOf, opening, type Settings, sentence, socketUrl, who } from './protocol.js';

/** The context that is there as long as the socket, so that the service does not think it forgotten. */
const idleContext = 'idle';
const keepAliveMs = (inactivityS * 1000) / 3;
/** A sentence that nobody wants and that the service does not finish within this time: it will not. */
const finishMs = 10_000;

interface Sentence {
  readonly audio: AudioQueue;
  /** The service has ended its context. */
  readonly release: () => void;
  stopWaiting: () => void;
}

/**
 * The socket of one call, with a context for each sentence: the service tells the end of a context, and not that of
 * what was flushed in one. A context that was flushed goes on to its end whatever it is told: the audio of a sentence
 * that nobody wants is dropped here.
 */
export class ElevenLabsVoice implements SocketVoice {
  readonly who = who;
  readonly places = new Places(mostContexts - 1);
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #on: TtsOptions['on'];
  readonly #socket: ReopeningSocket;
  readonly #sentences = new Map<string, Sentence>();
  #last = 0;
  #stopKeepingAlive = (): void => {};

  constructor(settings: Settings, { output, language, on }: TtsOptions, clock: Clock, connectMs: number) {
    this.#settings = settings;
    this.#clock = clock;
    this.#on = on;
    this.#socket = new ReopeningSocket({
      who,
      url: socketUrl(settings, output, language),
      headers: { 'xi-api-key': settings.api_key },
      clock,
      connectMs,
      onOpened: (socket) => {
        socket.sendJson(opening(idleContext, settings));
        this.#keepAlive(socket);
      },
      onText: (text) => this.#take(text),
      onLost: (error) => this.#lose(error),
    });
  }

  async open(): Promise<void> {
    await this.#socket.get();
  }

  async ask(text: string, stop: AbortSignal, release: () => void): Promise<AudioQueue> {
    const audio = new AudioQueue(who);
    this.#last += 1;
    const context = `sentence-${this.#last}`;
    stop.addEventListener('abort', () => this.#leave(context, audio, stop));
    try {
      const socket = await this.#socket.get();
      stop.throwIfAborted();
      this.#sentences.set(context, { audio, release, stopWaiting: () => {} });
      for (const message of sentence(context, text, this.#settings)) socket.sendJson(message);
      return audio;
    } catch (error) {
      release();
      throw error;
    }
  }

  close(): void {
    this.#lose(new ProviderError('TP_ERR_PROVIDER_LOST', `The session with ${who} is over`));
    this.#socket.close(farewell);
  }

  #take(text: string): void {
    const { context, audio, isFinal } = newsOf(text);
    const sentence = this.#sentences.get(context);
    if (audio) sentence?.audio.push(audio);
    if (!isFinal) return;
    this.#sentences.delete(context);
    sentence?.audio.end();
    sentence?.stopWaiting();
    sentence?.release();
  }

  /** The rest of a sentence is not wanted. */
  #leave(context: string, audio: AudioQueue, { reason }: AbortSignal): void {
    audio.end();
    const sentence = this.#sentences.get(context);
    const late = new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not end a context within ${finishMs} ms`);
    // A service that falls silent may do so for good.
    if (reason instanceof ProviderError) this.#socket.drop(reason);
    else if (sentence) sentence.stopWaiting = this.#clock.after(finishMs, () => this.#socket.drop(late));
  }

  #lose(error: ProviderError): void {
    this.#stopKeepingAlive();
    const lost = [...this.#sentences.values()];
    this.#sentences.clear();
    for (const { audio, release, stopWaiting } of lost) {
      audio.fail(error);
      stopWaiting();
      release();
    }
    // Between sentences there is nobody to tell it to, unless the next one is sure to be refused as well.
    if (lost.length === 0 && !error.isRetryable) this.#on({ type: 'failed', error });
  }

  #keepAlive(socket: ServiceSocket): void {
    this.#stopKeepingAlive = this.#clock.after(keepAliveMs, () => {
      socket.sendJson(keepAlive(idleContext));
      this.#keepAlive(socket);
    });
  }
}
