import { audioBytes } from '../../../../base/audio-format.js';
import type { Clock } from '../../../../base/clock.js';
import type { SttSettings } from '../../../../config/providers.js';
import { asProviderError, ProviderError } from '../../../network/provider-error.js';
import { openSocket, type ServiceSocket } from '../../../network/web-socket.js';
import { AudioMeter } from '../audio-meter.js';
import { LiveSession } from '../live-session.js';
import type { SttOptions } from '../stt.js';
import { Takes } from '../takes.js';
import { HeardTurns } from './heard-turns.js';
import { closeStream, type FluxEvent, fluxUrl, forceEndTurn, parseFluxMessage, UnknownMessageError, who } from './protocol.js';

/** Flux works in steps of this length, and wants audio in them. */
const stepMs = 80;
const forceMs = 1000;
/** Flux tells of a turn four times a second, whatever is heard: so long a silence is a fault. */
const longestSilenceMs = 5000;

/** Whether the service knows ForceEndTurn, which one of one's own may not: it gives up the session that says it. Shared by all calls. */
export interface FluxAbilities {
  canForceEnd: boolean;
}

/** One call's stream of audio to Flux. */
export class FluxSession extends LiveSession {
  readonly #clock: Clock;
  readonly #abilities: FluxAbilities;
  readonly #turns = new HeardTurns();
  readonly #meter: AudioMeter;
  readonly #stepBytes: number;
  #step: Uint8Array[] = [];
  #socket: ServiceSocket | undefined;
  #greeted: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;
  #toldAtMs: number;
  #toldAtSentMs = 0;
  #partial = '';

  private constructor(options: SttOptions, clock: Clock, abilities: FluxAbilities) {
    super(options, new Takes(clock, forceMs));
    this.#clock = clock;
    this.#abilities = abilities;
    this.#meter = new AudioMeter(options.input, this.emit);
    this.#stepBytes = audioBytes(stepMs, options.input);
    this.#toldAtMs = clock.nowMs();
  }

  /** Rejects with a ProviderError when the service has not said that it is there within `connectMs`. */
  static async open(
    settings: SttSettings<'deepgram-flux'>,
    options: SttOptions,
    { clock, connectMs, abilities }: { readonly clock: Clock; readonly connectMs: number; readonly abilities: FluxAbilities },
  ): Promise<FluxSession> {
    const session = new FluxSession(options, clock, abilities);
    const greeted = new Promise<void>((resolve, reject) => {
      session.#greeted = { resolve, reject };
    });
    greeted.catch(() => {});
    const stopWaiting = clock.after(connectMs, () =>
      session.#lose(new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not say that it is there within ${connectMs} ms`)),
    );
    try {
      const socket = await openSocket({
        who,
        url: fluxUrl(settings, options.input, options.language),
        headers: { authorization: `Token ${settings.api_key}` },
        clock,
        connectMs,
        signal: options.signal,
        onText: (text) => session.#receive(text),
        onLost: (error) => session.#lose(error),
      });
      if (session.isOpen) session.#socket = socket;
      else socket.close();
      await greeted;
      return session;
    } catch (error) {
      session.close();
      throw error;
    } finally {
      stopWaiting();
    }
  }

  protected override send(audio: Uint8Array): void {
    // Whoever pushes may use the bytes again.
    this.#step.push(Buffer.from(audio));
    if (this.#step.reduce((sum, { byteLength }) => sum + byteLength, 0) >= this.#stepBytes) this.#sendStep();
    const silentMs = Math.min(this.#clock.nowMs() - this.#toldAtMs, this.#meter.sentMs - this.#toldAtSentMs);
    if (silentMs > longestSilenceMs) this.#lose(new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} fell silent for ${longestSilenceMs} ms`));
  }

  protected override async takeWords(): Promise<string> {
    const isAlone = this.takes.isEmpty;
    if (isAlone && this.#turns.hasEnded) return this.#turns.takeEnded();
    if (isAlone && (this.#turns.unfinished === '' || !this.#abilities.canForceEnd)) return this.#turns.takeAll();
    if (isAlone) {
      this.#sendStep();
      this.#socket?.sendJson(forceEndTurn);
    }
    return this.takes.wait({
      isReady: () => this.#turns.hasEnded || this.#turns.unfinished === '',
      words: () => this.#turns.takeEnded(),
      late: () => this.#turns.takeAll(),
    });
  }

  protected override release(): void {
    this.#greeted?.reject(new ProviderError('TP_ERR_PROVIDER_CONNECT', `The call ended before ${who} stood`));
    this.#greeted = undefined;
    this.#step = [];
    this.#socket?.sendJson(closeStream);
    this.#socket?.close();
    this.#socket = undefined;
  }

  #sendStep(): void {
    if (this.#step.length === 0) return;
    const audio = Buffer.concat(this.#step);
    this.#step = [];
    this.#socket?.sendBytes(audio);
    this.#meter.add(audio);
  }

  /** Before the service has said that it is there, it is open() that fails. */
  #lose(error: ProviderError): void {
    if (this.#greeted) {
      this.#greeted.reject(error);
      this.close();
    } else {
      this.fail(error);
    }
  }

  #receive(text: string): void {
    if (!this.isOpen) return;
    let event: FluxEvent;
    try {
      event = parseFluxMessage(text);
    } catch (error) {
      if (error instanceof UnknownMessageError) this.#abilities.canForceEnd = false;
      this.#lose(asProviderError(who, error, 'TP_ERR_PROVIDER_PROTOCOL') as ProviderError);
      return;
    }
    this.#toldAtMs = this.#clock.nowMs();
    this.#toldAtSentMs = this.#meter.sentMs;
    if (event.type === 'connected') {
      this.#greeted?.resolve();
      this.#greeted = undefined;
    } else if (event.type === 'turn') {
      this.#hear(event);
    }
  }

  #hear(turn: Extract<FluxEvent, { type: 'turn' }>): void {
    if (!turn.isOver) {
      this.#turns.hear(turn);
      const partial = this.#turns.unfinished;
      if (partial !== '' && partial !== this.#partial) this.emit({ type: 'partial', text: partial });
      this.#partial = partial;
      return;
    }
    const isWaitedFor = !this.takes.isEmpty;
    const hasNewWords = this.#turns.end(turn);
    this.#partial = '';
    this.takes.settle();
    // A turn that was taken before its end is over already, so far as talkpath goes.
    if (hasNewWords && !isWaitedFor) this.emit({ type: 'turn-ended' });
  }
}
