import type { AudioFormat } from '../base/audio-format.js';
import type { Clock } from '../base/clock.js';
import { type ErrorCode, messageOf, TalkpathError } from '../base/errors.js';
import type { ReplyCause } from '../conversation/machine.js';
import type { CallContext, Heard, Provider, ProviderEvent, ProviderSession, Said, ToolAnswer } from '../providers/provider.js';
import { Climb, type ClimbOutcome } from './climb.js';
import { InputConverter } from './input-converter.js';
import { UnansweredSpeech } from './unanswered-speech.js';

/** One step of the ladder that a call goes down when providers fail, and up again. */
export interface ChainLevel {
  readonly name: string;
  /** Makes the provider ready; rejects when it cannot be had on this machine. */
  readonly get: () => Promise<Provider>;
  /** Whether it would take a call now, as far as is known. */
  readonly admits: () => boolean;
  /** An operator has calls begin further down. */
  readonly isHeldBack: () => boolean;
}

export interface ChainOptions {
  /** The best first. */
  readonly levels: readonly ChainLevel[];
  /** Rate of what sendAudio() gets, int16. */
  readonly agentRateHz: number;
  readonly pickFormat: (offered: readonly AudioFormat[]) => AudioFormat;
  /** What a provider that takes the call over at this moment may know of it. */
  readonly call: () => CallContext;
  readonly clock: Clock;
  /** What was said so far. */
  readonly history: () => readonly Said[];
  /** Whether the words of that turn of the caller's are part of the history. */
  readonly isCallerKnown: (turn: number) => boolean;
  /** Nobody speaks, and no reply is waited for or heard. */
  readonly isAtRest: () => boolean;
  readonly on: (event: ChainEvent) => void;
}

export type ChainEvent =
  | Exclude<ProviderEvent, { readonly type: 'failed' | 'usage' }>
  | (Extract<ProviderEvent, { readonly type: 'usage' }> & { readonly provider: string })
  /** A provider answers for the call from now on: the first one, or the next after a loss, or a better one again. */
  | { readonly type: 'provider-taken'; readonly level: number; readonly provider: string; readonly input: AudioFormat; readonly output: AudioFormat }
  /** The provider at hand is gone. */
  | ({ readonly type: 'provider-lost' } & ProviderFailure)
  /** A provider was asked for and cannot be had. */
  | ({ readonly type: 'provider-unavailable' } & ProviderFailure)
  /** No provider gives the turn's reply. */
  | { readonly type: 'reply-failed'; readonly turn: number; readonly code: ErrorCode };

export interface ProviderFailure {
  readonly provider: string;
  readonly code: ErrorCode;
  readonly message: string;
}

interface Asked {
  readonly turn: number;
  readonly cause: ReplyCause;
  readonly last: boolean;
  /** Some of it was given. */
  begun: boolean;
  /** Providers that were lost over it. */
  losses: number;
}

interface Connected {
  readonly level: number;
  readonly provider: Provider;
  readonly session: ProviderSession;
  readonly input: AudioFormat;
  readonly output: AudioFormat;
  readonly converter: InputConverter;
  readonly sinceMs: number;
}

/** Between rounds in which no provider could be had. */
const firstPauseMs = 400;
const longestPauseMs = 8000;

/**
 * The providers of one call, as one: when one fails the next takes the conversation up where it stands, in the same
 * turn, and when a better one can be had again it comes back while nobody speaks. Thread: control.
 */
export class ProviderChain {
  readonly #options: ChainOptions;
  readonly #abort = new AbortController();
  readonly #unanswered: UnansweredSpeech;
  readonly #climb: Climb;
  #connected: Connected | undefined;
  #asked: Asked | undefined;
  #isSeeking = false;
  /** Times that the caller cut words short that a lost provider had handed on. */
  #cuts = 0;
  /** Replies that were asked for. */
  #requests = 0;
  #lastCode: ErrorCode = 'TP_ERR_PROVIDER_CONNECT';
  /** Rounds, one after the other, in which no level gave a reply. */
  #rounds = 0;
  #cancelPause: () => void = () => {};

  constructor(options: ChainOptions) {
    this.#options = options;
    this.#unanswered = new UnansweredSpeech(options.agentRateHz);
    this.#climb = new Climb(options.clock, () => this.#goUp());
  }

  start(): void {
    void this.#seekFrom(0);
  }

  /** The call is over: whatever is open is closed. */
  end(): void {
    this.#abort.abort();
    this.#cancelPause();
    this.#climb.stop();
    this.#letGo();
  }

  /** Of the provider at hand; undefined while there is none. */
  get turnTaking(): 'ours' | 'own' | 'none' | undefined {
    return this.#connected?.provider.abilities.turnTaking;
  }

  /** Takes the caller's audio, int16 bytes that nobody else changes. */
  sendAudio(pcm: Uint8Array, speaking: boolean): void {
    this.#unanswered.take(pcm, speaking);
    this.#use(({ session, converter }) => session.sendAudio(converter.convert(pcm), speaking));
  }

  requestReply(turn: number, cause: ReplyCause, last: boolean): void {
    this.#asked = { turn, cause, last, begun: false, losses: 0 };
    this.#requests += 1;
    if (this.#connected) this.#use(({ session }) => session.requestReply(turn, cause, last));
    else if (!this.#isSeeking) void this.#seekFrom(0);
  }

  cancelReply(turn: number, heard: Heard): void {
    if (this.#asked?.turn === turn) this.#asked = undefined;
    if (heard.before !== undefined) this.#cuts += 1;
    this.#use(({ session }) => session.cancelReply(turn, heard));
  }

  answerTool(id: string, answer: ToolAnswer): void {
    this.#use(({ session }) => session.answerTool(id, answer));
  }

  /** A provider that throws is lost, and nothing else is. */
  #use(act: (connected: Connected) => void): void {
    const connected = this.#connected;
    if (!connected) return;
    try {
      act(connected);
    } catch (error) {
      this.#lose(connected, codeOf(error), messageOf(error));
    }
  }

  /** Tries every level once, from this one on and then from the top; when none can be had, again after a pause. */
  async #seekFrom(first: number): Promise<void> {
    const count = this.#options.levels.length;
    this.#cancelPause();
    this.#isSeeking = true;
    for (let i = 0; i < count; i += 1) {
      const connected = await this.#connectKnowing((first + i) % count);
      if (this.#abort.signal.aborted) return;
      if (!connected) continue;
      this.#isSeeking = false;
      this.#take(connected);
      return;
    }
    this.#isSeeking = false;
    this.#giveUpReply();
  }

  /** The same as #connect(); once more when the caller has cut short what the session was told that they had heard. */
  async #connectKnowing(level: number): Promise<Connected | undefined> {
    const cuts = this.#cuts;
    const connected = await this.#connect(level);
    if (!connected || cuts === this.#cuts) return connected;
    this.#close(connected);
    return this.#connect(level);
  }

  /** Undefined when the level cannot be had, which is told, or when the call is over. */
  async #connect(level: number): Promise<Connected | undefined> {
    const { levels, agentRateHz, pickFormat, call, history, clock, on } = this.#options;
    const { name, get, isHeldBack } = levels[level] as ChainLevel;
    if (isHeldBack()) return undefined;
    let connected: Connected | undefined;
    let failed: { code: ErrorCode; message: string } | undefined;
    try {
      const provider = await get();
      if (this.#abort.signal.aborted) return undefined;
      const [input, output] = [pickFormat(provider.abilities.inputs), pickFormat(provider.abilities.outputs)];
      const session = await provider.connect({
        signal: this.#abort.signal,
        input,
        output,
        call: call(),
        history: history(),
        on: (event) => {
          // What it has used counts, whoever has the call by now.
          if (event.type === 'usage') on({ ...event, provider: provider.name });
          else if (connected && connected === this.#connected) this.#hear(connected, event);
          // Lost before it was taken: at once, or while it waited for its turn to take over.
          else if (event.type === 'failed' && event.turn === undefined) failed = event;
        },
      });
      connected = { level, provider, session, input, output, converter: new InputConverter(agentRateHz, input), sinceMs: clock.nowMs() };
      if (failed) throw new TalkpathError(failed.code, failed.message);
      if (!this.#abort.signal.aborted) return connected;
      this.#close(connected);
    } catch (error) {
      if (connected) this.#close(connected);
      this.#lastCode = codeOf(error);
      if (!this.#abort.signal.aborted) on({ type: 'provider-unavailable', provider: name, code: this.#lastCode, message: messageOf(error) });
    }
    return undefined;
  }

  #take(connected: Connected): void {
    this.#letGo();
    this.#connected = connected;
    const { level, provider, input, output } = connected;
    // What is asked for because of the news goes to it at once.
    const asked = this.#asked;
    this.#climb.stop();
    if (level > 0) this.#climb.begin();
    this.#options.on({ type: 'provider-taken', level, provider: provider.name, input, output });
    this.#takeUp(connected, asked);
  }

  /** Tells the new provider what the one before did not answer. */
  #takeUp(connected: Connected, asked: Asked | undefined): void {
    const { isAtRest, isCallerKnown } = this.#options;
    // Of what was said over the last reply nobody has made a turn.
    if (!asked && isAtRest()) this.#unanswered.answered();
    const isKnown = asked !== undefined && (asked.begun || (asked.cause === 'caller' && isCallerKnown(asked.turn)));
    // Over a reply that has begun somebody may be coming in at this moment.
    if (!isKnown || (asked.begun && this.#unanswered.isSpeaking)) {
      for (const { pcm, speaking } of this.#unanswered.pieces) {
        this.#use(({ session, converter }) => session.sendAudio(converter.convert(pcm), speaking));
      }
    }
    if (!asked || this.#connected !== connected) return;
    this.#use(({ session }) => session.requestReply(asked.turn, isKnown ? 'resume' : asked.cause, asked.last));
  }

  #hear(from: Connected, event: ProviderEvent): void {
    const { on } = this.#options;
    switch (event.type) {
      case 'failed':
        if (event.turn === undefined || event.turn === this.#asked?.turn) this.#lose(from, event.code, event.message, event.expired);
        return;
      case 'usage':
        return;
      case 'reply-audio':
        // What is said over the answer belongs to the next turn.
        if (event.turn !== this.#asked?.turn || this.#asked.begun) break;
        this.#asked.begun = true;
        this.#unanswered.answered();
        break;
      case 'reply-ended':
        if (event.turn !== this.#asked?.turn) break;
        if (!this.#asked.begun) this.#unanswered.answered();
        this.#asked = undefined;
        this.#rounds = 0;
        break;
      default:
        break;
    }
    on(event);
  }

  /** The next in line takes over, or the same one anew whose session has come to its end; one that keeps losing providers over the same reply gives it up. */
  #lose(lost: Connected, code: ErrorCode, message: string, hasExpired = false): void {
    if (lost !== this.#connected) return;
    this.#letGo();
    this.#lastCode = code;
    this.#options.on({ type: 'provider-lost', provider: lost.provider.name, code, message });
    const { levels } = this.#options;
    if (this.#asked) this.#asked.losses += 1;
    if (this.#asked && this.#asked.losses > levels.length) this.#giveUpReply();
    else void this.#seekFrom((lost.level + (hasExpired ? 0 : 1)) % levels.length);
  }

  /** Nobody gives the reply; somebody may give the next one. */
  #giveUpReply(): void {
    const asked = this.#asked;
    this.#asked = undefined;
    this.#rounds += 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(10, this.#rounds));
    this.#cancelPause();
    // Calls that lost the same provider must not come back all at once.
    this.#cancelPause = this.#options.clock.after(pauseMs * (0.5 + Math.random() / 2), () => void this.#seekFrom(0));
    if (asked) this.#options.on({ type: 'reply-failed', turn: asked.turn, code: this.#lastCode });
  }

  /** Tries the levels above the one at hand, while nobody speaks. */
  async #goUp(): Promise<ClimbOutcome> {
    const from = this.#connected;
    const { levels, isAtRest } = this.#options;
    if (!from || this.#asked || !isAtRest()) return 'not-now';
    const requests = this.#requests;
    for (let level = 0; level < from.level; level += 1) {
      if (!levels[level]?.admits()) continue;
      const better = await this.#connect(level);
      if (this.#abort.signal.aborted) return 'done';
      if (!better) continue;
      // In the middle of a conversation a stream without turns is nothing better.
      if (better.provider.abilities.turnTaking === 'none') {
        this.#close(better);
        continue;
      }
      // One that does not know what was said and done while it was connected has missed a turn.
      if (this.#connected === from && requests === this.#requests && isAtRest()) {
        this.#take(better);
        return 'done';
      }
      this.#close(better);
      return 'not-now';
    }
    return 'in-vain';
  }

  #letGo(): void {
    const connected = this.#connected;
    this.#connected = undefined;
    if (connected) this.#close(connected);
  }

  #close({ provider, session, converter, sinceMs }: Connected): void {
    const seconds = (this.#options.clock.nowMs() - sinceMs) / 1000;
    this.#options.on({ type: 'usage', usage: { connected_seconds: seconds }, provider: provider.name });
    converter.close();
    try {
      session.close();
    } catch {
      // It is gone all the same.
    }
  }
}

const codeOf = (error: unknown): ErrorCode => (error instanceof TalkpathError ? error.code : 'TP_ERR_PROVIDER_CONNECT');
