import type { Clock } from '../../../../base/clock.js';
import type { SttSettings } from '../../../../config/providers.js';
import { KeepAlive } from '../../../network/keep-alive.js';
import { asProviderError, ProviderError } from '../../../network/provider-error.js';
import { openSocket, type ServiceSocket } from '../../../network/web-socket.js';
import { AudioMeter } from '../audio-meter.js';
import { HeardWords, type Result } from '../heard-words.js';
import { LiveSession } from '../live-session.js';
import type { SttOptions } from '../stt.js';
import { Takes } from '../takes.js';
import { closeStream, finalize, keepAlive, listenUrl, parseListenMessage, who } from './protocol.js';

/** The answer to Finalize takes a round trip and the recognition of what is left. */
const finalizeMs = 1000;

/** One call's stream of audio to Deepgram. */
export class DeepgramSession extends LiveSession {
  readonly #words = new HeardWords();
  readonly #meter: AudioMeter;
  #socket: ServiceSocket | undefined;
  readonly #keepAlive: KeepAlive;

  private constructor(options: SttOptions, clock: Clock) {
    super(options, new Takes(clock, finalizeMs));
    this.#meter = new AudioMeter(options.input, this.emit);
    this.#keepAlive = new KeepAlive(clock, () => this.#socket?.sendJson(keepAlive));
  }

  /** Rejects with a ProviderError when the service cannot be had within `connectMs`. */
  static async open(settings: SttSettings<'deepgram'>, options: SttOptions, clock: Clock, connectMs: number): Promise<DeepgramSession> {
    const session = new DeepgramSession(options, clock);
    try {
      const socket = await openSocket({
        who,
        url: listenUrl(settings, options.input, options.language),
        headers: { authorization: `Token ${settings.api_key}` },
        clock,
        connectMs,
        signal: options.signal,
        onText: (text) => session.#receive(text),
        onLost: (error) => session.fail(error),
      });
      if (session.isOpen) session.#socket = socket;
      else socket.close();
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  protected override send(audio: Uint8Array, speaking: boolean): void {
    this.#socket?.sendBytes(audio);
    this.#words.sent(this.#meter.add(audio), speaking);
    this.#keepAlive.audioSent();
  }

  protected override takeWords(): Promise<string> {
    const untilMs = this.#words.openUntilMs;
    if (!this.#words.isSettled(untilMs)) this.#socket?.sendJson(finalize);
    return this.takes.wait({
      isReady: () => this.#words.isSettled(untilMs),
      words: () => this.#words.takeFinal(),
      late: () => {
        if (!this.#words.isUnanswered) return this.#words.takeGuess();
        throw new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} said nothing within ${finalizeMs} ms after the caller had spoken`);
      },
    });
  }

  protected override release(): void {
    this.#keepAlive.stop();
    this.#socket?.sendJson(closeStream);
    this.#socket?.close();
    this.#socket = undefined;
  }

  #receive(text: string): void {
    if (!this.isOpen) return;
    let result: Result | undefined;
    try {
      result = parseListenMessage(text);
    } catch (error) {
      this.fail(asProviderError(who, error, 'TP_ERR_PROVIDER_PROTOCOL'));
      return;
    }
    this.#words.told();
    if (!result) return;
    this.#words.hear(result);
    this.takes.settle();
    const soFar = this.#words.soFar;
    if (result.text !== '' && soFar !== '') this.emit({ type: 'partial', text: soFar });
  }
}
