import { status } from '@grpc/grpc-js';
import { type Heard, type HeardFormat, RecognisedSpeech } from './recognised-speech.js';
import type { Riva, RivaCall, RivaRequest } from './riva.js';

export interface RivaConfig {
  readonly encoding: string;
  readonly sample_rate_hertz: number;
  readonly language_code: string;
  readonly max_alternatives: number;
  readonly audio_channel_count: number;
  readonly enable_automatic_punctuation: boolean;
  readonly model: string;
}

const encodings: Readonly<Record<string, HeardFormat['encoding']>> = { LINEAR_PCM: 'linear16', MULAW: 'mulaw', ALAW: 'alaw' };
/** Silence that makes a result final. */
const stopHistoryMs = 800;
const interimEveryMs = 300;

/** One stream of StreamingRecognize: a configuration, then audio until the client ends it. */
export class RivaStream {
  readonly #call: RivaCall;
  readonly #riva: Riva;
  #speech: RecognisedSpeech | undefined;
  #wantsInterim = false;
  #words: string[] = [];
  #toldMs = 0;
  #loudMs = 0;
  #isStalled = false;
  #isOver = false;

  constructor(call: RivaCall, riva: Riva, onOver: () => void) {
    this.#call = call;
    this.#riva = riva;
    call.once('close', onOver);
    call.on('data', (request: RivaRequest) => this.#take(request));
    call.on('end', () => this.#end());
    call.on('cancelled', () => {
      this.#isOver = true;
    });
  }

  #take(request: RivaRequest): void {
    if (this.#isOver) return;
    const fault = this.#speech ? this.#audioFault(request, this.#speech) : this.#configFault(request);
    if (fault === undefined) return;
    this.#isOver = true;
    this.#call.emit('error', this.#riva.refusal(status.INVALID_ARGUMENT, fault));
  }

  /** Begins with the configuration, or tells what is wrong with it. */
  #configFault({ streaming_config: streaming }: RivaRequest): string | undefined {
    if (!streaming) return 'the first message is no configuration';
    const { config, interim_results } = streaming;
    const encoding = encodings[config.encoding];
    if (!encoding) return `encoding ${config.encoding}`;
    if (config.sample_rate_hertz < 8000) return `sample_rate_hertz ${config.sample_rate_hertz}`;
    if (!/^[a-z]{2}-[A-Z]{2}$/.test(config.language_code)) return `language_code ${config.language_code}`;
    if (config.audio_channel_count > 1) return 'audio_channel_count';
    if (!this.#riva.models.includes(config.model)) return `model ${config.model}`;
    this.#riva.configs.push(config);
    this.#wantsInterim = interim_results;
    this.#speech = new RecognisedSpeech({ encoding, rateHz: config.sample_rate_hertz }, () => this.#riva.says.shift() ?? '');
    return undefined;
  }

  #audioFault({ streaming_request, audio_content: audio }: RivaRequest, speech: RecognisedSpeech): string | undefined {
    if (streaming_request !== 'audio_content' || !audio) return 'a second configuration';
    if (audio.length === 0) return 'a message without audio';
    speech.hear(audio, (heard) => this.#step(heard));
    return undefined;
  }

  #step({ atMs, isLoud, silentMs, words }: Heard): void {
    if (isLoud) this.#loudMs += 20;
    this.#words.push(...words.map(({ text }) => text));
    if (this.#words.length === 0) return;
    if (silentMs === stopHistoryMs && this.#riva.endpoints) this.#final(atMs);
    else if (this.#wantsInterim && atMs - this.#toldMs >= interimEveryMs) this.#tell(atMs, false);
  }

  #end(): void {
    if (this.#isOver || !this.#speech) return;
    if (this.#riva.atEnd === 'nothing') return;
    if (this.#words.length > 0 && this.#riva.atEnd !== 'guess') this.#final(this.#speech.atMs);
    else if (this.#words.length > 0) this.#tell(this.#speech.atMs, false);
    if (this.#riva.atEnd !== 'unended') this.#afterDelay(() => this.#call.end());
  }

  #final(atMs: number): void {
    this.#tell(atMs, true);
    this.#words = [];
    if (this.#riva.quits) this.#afterDelay(() => this.#call.end());
  }

  #tell(atMs: number, isFinal: boolean): void {
    this.#toldMs = atMs;
    const { fault } = this.#riva;
    if (fault?.type === 'close-in-reply' && this.#loudMs >= fault.afterMs) this.#riva.dropAll();
    if (fault?.type === 'stall-in-reply' && this.#loudMs >= fault.afterMs) this.#isStalled = true;
    const transcript = `${this.#words.join(' ')} `;
    const response = this.#riva.rewrite({
      results: [
        {
          alternatives: [{ transcript, confidence: isFinal ? 0.9 : 0 }],
          is_final: isFinal,
          stability: isFinal ? 0 : 0.1,
          channel_tag: 1,
          audio_processed: this.#riva.countsAudio ? atMs / 1000 : 0,
        },
      ],
    });
    this.#afterDelay(() => this.#call.write(response));
  }

  #afterDelay(action: () => void): void {
    if (this.#isStalled) return;
    const { delayMs } = this.#riva;
    const unlessOver = (): void => {
      if (!this.#isOver) action();
    };
    if (delayMs === 0) unlessOver();
    else this.#riva.later(delayMs, unlessOver);
  }
}
