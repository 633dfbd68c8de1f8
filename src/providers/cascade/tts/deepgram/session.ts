import type { Clock } from '../../../../base/clock.js';
import { ProviderError } from '../../../network/provider-error.js';
import { AudioQueue } from '../audio-queue.js';
import { Places } from '../places.js';
import { ReopeningSocket } from '../reopening-socket.js';
import type { SocketVoice } from '../socket-voices.js';
import type { TtsOptions } from '../tts.js';
import { clear, eventOf, farewell, flush, type Settings, socketUrl, speakText, who } from './protocol.js';
import { StreamAllowance } from './stream-allowance.js';

/** A service that does not confirm an order to forget within this time goes on speaking: the socket is of no use. */
const clearMs = 1000;

/** What the one stream of audio is about. */
type Stage =
  | { readonly type: 'idle' }
  | { readonly type: 'speaking'; readonly audio: AudioQueue; readonly release: () => void }
  /** What comes is of a sentence that nobody wants any more. */
  | { readonly type: 'clearing'; readonly release: () => void; readonly stopWaiting: () => void };

const idle: Stage = { type: 'idle' };

/** The socket of one call. Its audio does not say which sentence it is of: one is spoken at a time. */
export class DeepgramVoice implements SocketVoice {
  readonly who = who;
  readonly places = new Places(1);
  readonly #clock: Clock;
  readonly #on: TtsOptions['on'];
  readonly #socket: ReopeningSocket;
  readonly #allowance = new StreamAllowance();
  #stage: Stage = idle;

  constructor(settings: Settings, { output, on }: TtsOptions, clock: Clock, connectMs: number) {
    this.#clock = clock;
    this.#on = on;
    this.#socket = new ReopeningSocket({
      who,
      url: socketUrl(settings, output),
      headers: { Authorization: `Token ${settings.api_key}` },
      clock,
      connectMs,
      onOpened: () => this.#allowance.renew(),
      onText: (text) => this.#take(text),
      onBinary: (audio) => {
        if (this.#stage.type === 'speaking') this.#stage.audio.push(audio);
      },
      onLost: (error) => this.#lose(error),
    });
  }

  async open(): Promise<void> {
    await this.#socket.get();
  }

  async ask(text: string, stop: AbortSignal, release: () => void): Promise<AudioQueue> {
    const audio = new AudioQueue(who);
    stop.addEventListener('abort', () => this.#stop(audio, stop));
    try {
      await this.#socket.get();
      if (!this.#allowance.take(text.length, this.#clock.nowMs())) {
        this.#socket.drop();
        await this.#socket.get();
        this.#allowance.take(text.length, this.#clock.nowMs());
      }
      const socket = await this.#socket.get();
      stop.throwIfAborted();
      this.#stage = { type: 'speaking', audio, release };
      socket.sendJson(speakText(text));
      socket.sendJson(flush);
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

  #stop(audio: AudioQueue, { reason }: AbortSignal): void {
    audio.end();
    // A service that falls silent may do so for good.
    if (reason instanceof ProviderError) {
      this.#socket.drop(reason);
      return;
    }
    const stage = this.#stage;
    if (stage.type !== 'speaking' || stage.audio !== audio) return;
    const stopWaiting = this.#clock.after(clearMs, () =>
      this.#socket.drop(new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not stop speaking within ${clearMs} ms`)),
    );
    this.#stage = { type: 'clearing', release: stage.release, stopWaiting };
    this.#socket.get().then(
      (socket) => socket.sendJson(clear),
      () => {},
    );
  }

  #take(text: string): void {
    const event = eventOf(text);
    const stage = this.#stage;
    if (event.type === 'flushed' || event.type === 'cleared') {
      if (event.type === 'flushed' && stage.type === 'speaking') stage.audio.end();
      else if (event.type === 'cleared' && stage.type === 'clearing') stage.stopWaiting();
      else return;
      this.#stage = idle;
      stage.release();
    } else if (event.type === 'limited' && stage.type === 'speaking') {
      // The sentence will not come, or not in time: what is left of it is forgotten with the stream.
      this.#socket.drop(event.error);
    }
  }

  #lose(error: ProviderError): void {
    const stage = this.#stage;
    this.#stage = idle;
    if (stage.type === 'speaking') stage.audio.fail(error);
    if (stage.type === 'clearing') stage.stopWaiting();
    if (stage.type !== 'idle') stage.release();
    // Between sentences there is nobody to tell it to, unless the next one is sure to be refused as well.
    else if (!error.isRetryable) this.#on({ type: 'failed', error });
  }
}
