import type { Clock } from '../../../base/clock.js';
import { hasWords } from '../../../base/text.js';
import type { Places } from './places.js';
import { type SpeechLimits, serviceSpeech } from './service-speech.js';
import type { SpeechPiece, TtsOptions, TtsSession } from './tts.js';

/** What a service does for the session of one call. */
export interface ServiceVoice {
  /** The service as an operator knows it, for messages. */
  readonly who: string;
  /** Sentences of the call that the service can be asked for at a time; without it, any number. */
  readonly places?: Places;
  /** Asks for one sentence, and resolves when it is asked for; see ServiceSpeech. `release` is called when it is over. */
  ask(text: string, stop: AbortSignal, release: () => void): Promise<AsyncIterable<Uint8Array>>;
  close?(): void;
}

/** One call's half of a text-to-speech that a service does. Thread: control. */
export class ServiceSession implements TtsSession {
  readonly #voice: ServiceVoice;
  readonly #options: TtsOptions;
  readonly #clock: Clock;
  readonly #limits: SpeechLimits;
  readonly #over = new AbortController();

  constructor(voice: ServiceVoice, options: TtsOptions, clock: Clock, limits: SpeechLimits) {
    this.#voice = voice;
    this.#options = options;
    this.#clock = clock;
    this.#limits = limits;
    options.signal.addEventListener('abort', this.#end, { once: true });
    if (options.signal.aborted) this.close();
  }

  async *speak(text: string, _turn: number, signal: AbortSignal): AsyncGenerator<SpeechPiece> {
    if (!hasWords(text)) return;
    const wanted = AbortSignal.any([signal, this.#over.signal]);
    // The time in the queue is that of the sentences before, and no sign of a service that does not answer.
    const release = await this.#voice.places?.take(wanted).catch(() => undefined);
    if (wanted.aborted) {
      release?.();
      return;
    }
    yield* serviceSpeech({
      who: this.#voice.who,
      format: this.#options.output,
      clock: this.#clock,
      limits: this.#limits,
      signal: wanted,
      ask: async (stop) => {
        const audio = await this.#voice.ask(text, stop, release ?? (() => {}));
        if (!stop.aborted) this.#options.on({ type: 'usage', usage: { tts_characters: [...text].length } });
        return audio;
      },
    });
  }

  /** What is being spoken ends without an error. */
  close(): void {
    if (this.#over.signal.aborted) return;
    this.#options.signal.removeEventListener('abort', this.#end);
    this.#over.abort();
    this.#voice.close?.();
  }

  readonly #end = (): void => this.close();
}
