import type { Clock } from '../../base/clock.js';
import { messageOf, TalkpathError } from '../../base/errors.js';
import type { ConnectOptions, Heard, Provider, ProviderSession, ReplyCause } from '../provider.js';
import type { LanguageModel, LlmSession } from './llm/llm.js';
import { during, eachOf, stageError } from './stage.js';
import type { SpeechToText, SttSession } from './stt/stt.js';
import type { TextToSpeech } from './tts/tts.js';

export interface CascadeParts {
  readonly stt: SpeechToText;
  readonly llm: LanguageModel;
  readonly tts: TextToSpeech;
}

/** Any speech-to-text with any language model with any text-to-speech, streaming at every joint. */
export function createCascadeProvider(name: string, parts: CascadeParts, clock: Clock): Provider {
  return {
    name,
    abilities: { inputRatesHz: [parts.stt.inputRateHz], turnTaking: 'ours' },
    connect: async (options) => new CascadeSession(parts, options, clock),
  };
}

interface Reply {
  readonly turn: number;
  readonly abort: AbortController;
  /** The language model was asked for it. */
  isAsked: boolean;
  /** Stages whose time was told; only their first work of a reply delays it. */
  readonly timed: Set<string>;
}

class CascadeSession implements ProviderSession {
  readonly #stt: SttSession;
  readonly #llm: LlmSession;
  readonly #tts: TextToSpeech;
  readonly #options: ConnectOptions;
  readonly #clock: Clock;
  #reply: Reply | undefined;
  #isSpeaking = false;
  /** Since when the caller is known to be silent. */
  #silentSinceMs: number | undefined;
  /** Words of a request that was cancelled before the language model had them. */
  #unanswered = '';
  /** The language model's last reply was cut: it has something to say even to a noise. */
  #wasCut = false;

  constructor({ stt, llm, tts }: CascadeParts, options: ConnectOptions, clock: Clock) {
    this.#stt = during('speech to text', () => stt.open());
    this.#llm = during('language model', () => llm.open(options.call));
    this.#tts = tts;
    this.#options = options;
    this.#clock = clock;
  }

  sendAudio(pcm: Uint8Array, speaking: boolean): void {
    if (this.#isSpeaking !== speaking) this.#silentSinceMs = speaking ? undefined : this.#clock.nowMs();
    this.#isSpeaking = speaking;
    during('speech to text', () => this.#stt.push(pcm, speaking));
  }

  requestReply(turn: number, cause: ReplyCause, last: boolean): void {
    this.#reply?.abort.abort();
    const reply = { turn, abort: new AbortController(), isAsked: false, timed: new Set<string>() };
    this.#reply = reply;
    if (cause === 'caller' && this.#silentSinceMs !== undefined) this.#took(reply, 'silence', this.#silentSinceMs);
    this.#answer(reply, cause, last).catch((error: unknown) => {
      if (reply.abort.signal.aborted) return;
      const code = error instanceof TalkpathError ? error.code : 'TP_ERR_PROVIDER_CONNECT';
      this.#options.on({ type: 'failed', turn, code, message: messageOf(error), retryable: true });
    });
  }

  cancelReply(turn: number, heard: Heard): void {
    if (this.#reply?.turn !== turn) return;
    this.#reply.abort.abort();
    if (this.#reply.isAsked) {
      during('language model', () => this.#llm.heard(heard.text));
      this.#wasCut = true;
    }
    this.#reply = undefined;
  }

  close(): void {
    this.#reply?.abort.abort();
    during('speech to text', () => this.#stt.close());
  }

  /** Words in, sentences out, each spoken while the next is written. */
  async #answer(reply: Reply, cause: ReplyCause, last: boolean): Promise<void> {
    const { on } = this.#options;
    const { turn } = reply;
    const { signal } = reply.abort;
    let text = '';
    if (cause === 'caller') {
      const words = await this.#recognised(reply);
      text = `${this.#unanswered} ${words}`.trim();
      this.#unanswered = signal.aborted ? text : '';
    }
    if (signal.aborted) return;
    if (cause === 'caller') on({ type: 'transcript', turn, who: 'caller', text, final: true });
    // A noise that the recogniser finds no words in is not answered: the caller is listened to again.
    const nothingSaid = cause === 'caller' && text === '' && !this.#wasCut;
    if (!nothingSaid) {
      reply.isAsked = true;
      this.#wasCut = false;
      const startedMs = this.#clock.nowMs();
      for await (const part of eachOf('language model', () => this.#llm.reply({ cause, text, last }, signal))) {
        if (signal.aborted) return;
        if (part.type === 'text') this.#took(reply, 'llm', startedMs);
        if (part.type === 'tool-call') on({ type: 'tool-call', turn, name: part.name, arguments: part.arguments });
        else await this.#speak(reply, part.text);
      }
    }
    if (!signal.aborted) on({ type: 'reply-ended', turn });
  }

  async #speak(reply: Reply, sentence: string): Promise<void> {
    const { on } = this.#options;
    const { turn } = reply;
    const { signal } = reply.abort;
    on({ type: 'transcript', turn, who: 'agent', text: sentence, final: true });
    const startedMs = this.#clock.nowMs();
    for await (const { pcm, rateHz } of eachOf('text to speech', () => this.#tts.speak(sentence, signal))) {
      if (signal.aborted) return;
      this.#took(reply, 'tts', startedMs);
      on({ type: 'reply-audio', turn, pcm, rateHz });
    }
  }

  async #recognised(reply: Reply): Promise<string> {
    const startedMs = this.#clock.nowMs();
    const words = await this.#stt.take().catch((error: unknown) => {
      throw stageError('speech to text', error);
    });
    this.#took(reply, 'stt', startedMs);
    return words;
  }

  /** Tells how long a stage of the reply took, the first time. */
  #took({ turn, timed }: Reply, stage: 'silence' | 'stt' | 'llm' | 'tts', startedMs: number): void {
    if (timed.has(stage)) return;
    timed.add(stage);
    this.#options.on({ type: 'timing', turn, stage, ms: this.#clock.nowMs() - startedMs });
  }
}
