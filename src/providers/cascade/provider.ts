import { pcm16 } from '../../base/audio-format.js';
import type { Clock } from '../../base/clock.js';
import { messageOf, TalkpathError } from '../../base/errors.js';
import { hasWords } from '../../base/text.js';
import type { Usage } from '../../base/usage.js';
import { ProviderError } from '../network/provider-error.js';
import type { ConnectOptions, Heard, Provider, ProviderSession, ReplyCause, Said, ToolAnswer } from '../provider.js';
import { EarlyReplies } from './early-replies.js';
import { partsOf } from './early-reply.js';
import type { LanguageModel, LlmSession } from './llm/llm.js';
import { PendingTools } from './pending-tools.js';
import { during, eachOf, stageError } from './stage.js';
import type { SpeechToText, SttSession } from './stt/stt.js';
import type { TextToSpeech, TtsSession } from './tts/tts.js';

export interface CascadeParts {
  readonly stt: SpeechToText;
  readonly llm: LanguageModel;
  readonly tts: TextToSpeech;
}

/** Of a voice that gives what it has: anything is as good as anything else. */
const anyOutput = [8000, 16_000, 24_000].map(pcm16);

export interface CascadeOptions {
  /** The language model begins when the caller falls silent, by the words so far, and not when the turn is over. */
  readonly earlyReply?: boolean;
}

/** Any speech-to-text with any language model with any text-to-speech, streaming at every joint. */
export function createCascadeProvider(name: string, parts: CascadeParts, clock: Clock, { earlyReply = false }: CascadeOptions = {}): Provider {
  const { stt, llm, tts } = parts;
  return {
    name,
    abilities: { inputs: stt.inputs, outputs: tts.outputs.length > 0 ? tts.outputs : anyOutput, turnTaking: stt.turnTaking },
    connect: (options) => CascadeSession.open(parts, options, clock, earlyReply),
    async probe(signal) {
      await Promise.all([stt.probe?.(signal), llm.probe?.(signal), tts.probe?.(signal)]);
    },
  };
}

interface Reply {
  readonly turn: number;
  readonly abort: AbortController;
  /** The language model was asked for it. */
  isAsked: boolean;
  /** All of it was given. */
  isDone: boolean;
  /** Stages whose time was told; only their first work of a reply delays it. */
  readonly timed: Set<string>;
}

class CascadeSession implements ProviderSession {
  readonly #stt: SttSession;
  readonly #llm: LlmSession;
  readonly #tts: TtsSession;
  readonly #options: ConnectOptions;
  readonly #clock: Clock;
  readonly #tools: PendingTools;
  #reply: Reply | undefined;
  #isSpeaking = false;
  /** Since when the caller is known to be silent. */
  #silentSinceMs: number | undefined;
  /** Undefined where the model is asked when the turn is over, and not before. */
  readonly #early: EarlyReplies | undefined;
  /** Of what is being said, the words so far. */
  #partial = '';
  /** The caller has spoken since a reply was asked for. */
  #hasSpoken = false;
  /** Words that the language model has not had, as those of a request that was cancelled. */
  #unanswered = '';
  /** The latest words that are waited for. */
  #recognition: Promise<void> | undefined;
  /** The language model's last reply was cut: it has something to say even to a noise. */
  #wasCut = false;

  private constructor(parts: { stt: SttSession; llm: LlmSession; tts: TtsSession }, options: ConnectOptions, clock: Clock, isEarly: boolean) {
    this.#stt = parts.stt;
    this.#llm = parts.llm;
    this.#tts = parts.tts;
    this.#options = options;
    this.#clock = clock;
    if (isEarly && parts.llm.takeBack) this.#early = new EarlyReplies(parts.llm, this.#onUsage);
    this.#tools = new PendingTools((call) => options.on({ type: 'tool-call', ...call }));
  }

  /** Opens the parts side by side; when one cannot be had, none stays open. */
  static async open({ stt, llm, tts }: CascadeParts, options: ConnectOptions, clock: Clock, isEarly: boolean): Promise<CascadeSession> {
    let session: CascadeSession | undefined;
    const { signal, input, output, on, call, history } = options;
    const fail = (error: unknown): void => {
      const { code, message } = stageError('speech', error);
      on({ type: 'failed', code, message, ...prospect(error) });
    };
    const dialogue = during('language model', () => llm.open(call, history));
    const openEars = async (): Promise<SttSession> =>
      stt.open({
        input,
        language: call.language,
        signal,
        on: (event) => {
          if (event.type === 'failed') fail(event.error);
          else if (event.type !== 'partial') on(event);
          else if (session) session.#hearSoFar(event.text);
        },
      });
    const openVoice = async (): Promise<TtsSession> =>
      tts.open({ output, language: call.language, signal, on: (event) => (event.type === 'failed' ? fail(event.error) : on(event)) });
    const [ears, voice] = await Promise.allSettled([openEars(), openVoice()]);
    if (ears.status === 'fulfilled' && voice.status === 'fulfilled') {
      session = new CascadeSession({ stt: ears.value, llm: dialogue, tts: voice.value }, options, clock, isEarly);
      return session;
    }
    if (ears.status === 'fulfilled') ears.value.close();
    if (voice.status === 'fulfilled') voice.value.close();
    throw ears.status === 'rejected'
      ? stageError('speech to text', ears.reason)
      : stageError('text to speech', (voice as PromiseRejectedResult).reason);
  }

  sendAudio(audio: Uint8Array, speaking: boolean): void {
    if (this.#isSpeaking !== speaking) this.#silentSinceMs = speaking ? undefined : this.#clock.nowMs();
    const hasEnded = this.#isSpeaking && !speaking;
    this.#isSpeaking = speaking;
    this.#hasSpoken ||= speaking;
    during('speech to text', () => this.#stt.push(audio, speaking));
    if (speaking) this.#early?.takeBack();
    else if (hasEnded) this.#guess();
  }

  requestReply(turn: number, cause: ReplyCause, last: boolean): void {
    this.#reply?.abort.abort();
    this.#hasSpoken = this.#isSpeaking;
    this.#early?.turnOver(cause === 'caller');
    const reply = { turn, abort: new AbortController(), isAsked: false, isDone: false, timed: new Set<string>() };
    this.#reply = reply;
    if (cause === 'caller' && this.#silentSinceMs !== undefined) this.#took(reply, 'silence', this.#silentSinceMs);
    this.#answer(reply, cause, last).catch((error: unknown) => {
      if (reply.abort.signal.aborted) return;
      const code = error instanceof TalkpathError ? error.code : 'TP_ERR_PROVIDER_CONNECT';
      this.#options.on({ type: 'failed', turn, code, message: messageOf(error), ...prospect(error) });
    });
  }

  cancelReply(turn: number, heard: Heard): void {
    this.#early?.takeBack();
    if (this.#reply?.turn !== turn) return;
    this.#reply.abort.abort();
    if (this.#reply.isAsked) {
      during('language model', () => this.#llm.heard(heard.text, heard.before));
      this.#wasCut = true;
    }
    this.#reply = undefined;
  }

  answerTool(id: string, answer: ToolAnswer): void {
    this.#tools.answer(id, answer);
  }

  close(): void {
    this.#reply?.abort.abort();
    this.#early?.close();
    try {
      during('speech to text', () => this.#stt.close());
    } finally {
      during('text to speech', () => this.#tts.close());
    }
  }

  /** Words in, sentences out, each spoken while the next is written. */
  async #answer(reply: Reply, cause: ReplyCause, last: boolean): Promise<void> {
    const { on } = this.#options;
    const { turn } = reply;
    const { signal } = reply.abort;
    let text = '';
    if (cause === 'caller') {
      await this.#recognise(reply);
      if (signal.aborted) return;
      text = this.#unanswered;
      this.#unanswered = '';
    } else if (cause === 'resume') {
      text = unansweredIn(this.#options.history);
    }
    if (signal.aborted) return;
    if (cause === 'caller') on({ type: 'transcript', turn, who: 'caller', text, final: true });
    // A noise that the recogniser finds no words in is not answered: the caller is listened to again.
    const nothingSaid = cause === 'caller' && text === '' && !this.#wasCut;
    if (nothingSaid) {
      this.#early?.takeBack();
    } else {
      const early = this.#early?.take(text);
      reply.isAsked = true;
      this.#wasCut = false;
      const startedMs = this.#clock.nowMs();
      const means = { signal, useTool: this.#tools.toolUser(turn, signal) };
      for await (const part of partsOf(this.#llm, { cause, text, last }, means, this.#onUsage, early)) {
        if (signal.aborted) return;
        if (part.type === 'tool-call') {
          this.#tools.tell(turn, part.name, part.arguments);
        } else {
          this.#took(reply, 'llm', startedMs);
          await this.#speak(reply, part.text);
        }
      }
    }
    if (signal.aborted) return;
    reply.isDone = true;
    on({ type: 'reply-ended', turn });
  }

  #hearSoFar(words: string): void {
    this.#partial = words;
    this.#guess();
  }

  /** The caller is silent, and may have said all. */
  #guess(): void {
    if (this.#isSpeaking || !this.#hasSpoken || !hasWords(this.#partial) || this.#recognition || (this.#reply && !this.#reply.isDone)) return;
    this.#early?.guess(`${this.#unanswered} ${this.#partial}`.trim());
  }

  readonly #onUsage = (usage: Usage): void => this.#options.on({ type: 'usage', usage });

  async #speak(reply: Reply, sentence: string): Promise<void> {
    const { on } = this.#options;
    const { turn } = reply;
    const { signal } = reply.abort;
    on({ type: 'transcript', turn, who: 'agent', text: sentence, final: true });
    const startedMs = this.#clock.nowMs();
    for await (const { audio, format } of eachOf('text to speech', () => this.#tts.speak(sentence, turn, signal))) {
      if (signal.aborted) return;
      this.#took(reply, 'tts', startedMs);
      on({ type: 'reply-audio', turn, audio, format });
    }
  }

  /** Adds what was said to what is unanswered: in its order, also when a request that was cancelled still waits for its words. */
  #recognise(reply: Reply): Promise<void> {
    const startedMs = this.#clock.nowMs();
    const before = this.#recognition;
    const done = (async () => {
      if (before) await before.catch(() => {});
      const words = await this.#stt.take();
      this.#partial = '';
      this.#unanswered = `${this.#unanswered} ${words}`.trim();
    })();
    this.#recognition = done;
    const forget = (): void => {
      if (this.#recognition === done) this.#recognition = undefined;
    };
    done.then(forget, forget);
    return done.then(
      () => {
        if (!reply.abort.signal.aborted) this.#took(reply, 'stt', startedMs);
      },
      (error: unknown) => {
        throw stageError('speech to text', error);
      },
    );
  }

  /** Tells how long a stage of the reply took, the first time. */
  #took({ turn, timed }: Reply, stage: 'silence' | 'stt' | 'llm' | 'tts', startedMs: number): void {
    if (timed.has(stage)) return;
    timed.add(stage);
    this.#options.on({ type: 'timing', turn, stage, ms: this.#clock.nowMs() - startedMs });
  }
}

/** Whether the same might go well a little later, and when. */
function prospect(error: unknown): { readonly retryable: boolean; readonly retryAfterMs?: number } {
  if (!(error instanceof ProviderError)) return { retryable: true };
  return { retryable: error.isRetryable, ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }) };
}

/** What the caller said last and was not answered. */
function unansweredIn(history: readonly Said[]): string {
  const answered = history.findLastIndex(({ who }) => who === 'agent');
  return history
    .slice(answered + 1)
    .map(({ text }) => text)
    .join(' ');
}
