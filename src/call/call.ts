import { type AudioFormat, audioMs, pcmMs } from '../base/audio-format.js';
import type { Clock } from '../base/clock.js';
import { type ErrorCode, messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import {
  type Effect,
  type Event,
  initialState,
  type ReplyCause,
  type State,
  type Timer,
  type TurnTaking,
  transition,
} from '../conversation/machine.js';
import type { AgentEnd, SessionEvent } from '../native/agent-end.js';
import { fromPcm16, toPcm16 } from '../native/g711-codec.js';
import type { CallContext, Provider, ProviderEvent, ProviderSession } from '../providers/provider.js';
import { type AudioRecord, type CallRecord, type CallRecordView, type ReplyFailure, toAudioRecord } from './call-record.js';
import { HeardReplies } from './heard-replies.js';
import { Playout } from './playout.js';
import { Timers } from './timers.js';

/** What is said without any provider. */
export interface SpokenLine {
  readonly text: string;
  readonly pcm: Uint8Array;
  readonly rateHz: number;
}

export interface CallOptions {
  readonly agentEnd: AgentEnd;
  readonly provider: Provider;
  /** What the provider gets of the caller, at the agent end's rate, and what it is to give. */
  readonly input: AudioFormat;
  readonly output: AudioFormat;
  readonly context: CallContext;
  readonly record: CallRecord;
  readonly turnTaking: TurnTaking;
  /** The line for a reply that failed; `last` before the call is ended for it. Undefined when there is no voice. */
  readonly fallbackLine: (last: boolean) => SpokenLine | undefined;
  readonly hangUp: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

const drainBytes = 96_000; // 1 s at 48 kHz

const isReplyTimer = (timer: Timer): timer is 'reply-overdue' | 'playout-stalled' => timer === 'reply-overdue' || timer === 'playout-stalled';

/**
 * One call on the control thread: moves bytes between engine and provider, feeds the conversation machine and runs
 * its effects. It decides nothing.
 */
export class Call {
  readonly record: CallRecord;
  readonly #options: CallOptions;
  readonly #playout: Playout;
  readonly #heard: HeardReplies;
  readonly #timers: Timers<Timer>;
  readonly #abort = new AbortController();
  readonly #drained = new Uint8Array(drainBytes);
  readonly #happening: Event[] = [];
  #state: State = initialState;
  #provider: ProviderSession | undefined;
  #providerLost = false;
  #waitingRequest: { turn: number; cause: ReplyCause; last: boolean } | undefined;
  #callerSpeaking = false;
  /** Speech has begun since audio was last taken. */
  #callerSpoke = false;

  constructor(options: CallOptions) {
    this.#options = options;
    this.record = options.record;
    this.#playout = new Playout(options.agentEnd);
    this.#heard = new HeardReplies(options.record);
    this.record.replyAudioDropped = this.#playout.dropped;
    // After a stall of this thread a timer may be due although what it waits for has long happened.
    this.#timers = new Timers(options.clock, () => this.#takeSessionEvents());
  }

  start(): void {
    void this.#connect();
    if (this.#takesTurns) this.#happen({ type: 'call-started', greets: this.#options.context.greeting !== '' });
  }

  /** Moves everything that has come since the last tick. Called by the doorbell. */
  pump(): void {
    this.#takeSessionEvents();
    const bytes = this.#options.agentEnd.drain(this.#drained);
    // After a stall of this thread speech may have begun and ended in what has come meanwhile.
    const speaking = this.#callerSpeaking || this.#callerSpoke;
    this.#callerSpoke = false;
    // The provider may keep what it gets.
    if (bytes > 0)
      this.#askProvider((provider) => provider.sendAudio(fromPcm16(this.#drained.slice(0, bytes), this.#options.input.encoding), speaking));
    this.#playout.pump();
  }

  /** The line is gone; nothing is heard any more. */
  end(): void {
    this.#happen({ type: 'call-ended' });
    this.#abort.abort();
    this.#provider?.close();
    this.#provider = undefined;
    this.#options.agentEnd.release();
  }

  /** The record as it stands, with the engine's counters of this moment. */
  view(): CallRecordView {
    return this.record.view(this.#options.agentEnd.snapshot());
  }

  /** The engine's counters of this moment; undefined when the session is gone. */
  audio(): AudioRecord | undefined {
    const snapshot = this.#options.agentEnd.snapshot();
    return snapshot && toAudioRecord(snapshot);
  }

  get #takesTurns(): boolean {
    return this.#options.provider.abilities.turnTaking !== 'none';
  }

  async #connect(): Promise<void> {
    const { provider, context } = this.#options;
    try {
      const session = await provider.connect({
        signal: this.#abort.signal,
        input: this.#options.input,
        output: this.#options.output,
        on: (event) => this.#takeProviderEvent(event),
        call: context,
        history: [],
      });
      if (this.#abort.signal.aborted) return session.close();
      this.#provider = session;
      const waiting = this.#waitingRequest;
      this.#waitingRequest = undefined;
      if (waiting) this.#askProvider((provider) => provider.requestReply(waiting.turn, waiting.cause, waiting.last));
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#loseProvider(messageOf(error));
    }
  }

  #replyFailed(turn: number, code: ErrorCode, why: string): void {
    this.#noteFailure(turn, code, why);
    this.#happen({ type: 'reply-failed', turn });
  }

  #noteFailure(turn: number, failure: ReplyFailure, why?: string): void {
    this.record.turn(turn).failure ??= failure;
    this.#options.log.warn({ callId: this.record.callId, provider: this.#options.provider.name, turn, failure, why }, 'reply failed');
  }

  #loseProvider(why: string): void {
    this.#providerLost = true;
    this.record.notice('provider-lost');
    this.#options.log.warn({ callId: this.record.callId, provider: this.#options.provider.name, why }, 'provider lost');
    this.#happen({ type: 'reply-failed', turn: this.#turn });
  }

  get #turn(): number {
    return 'turn' in this.#state ? this.#state.turn : 1;
  }

  #takeSessionEvents(): void {
    if (this.#abort.signal.aborted) return;
    for (let event = this.#options.agentEnd.nextEvent(); event; event = this.#options.agentEnd.nextEvent()) this.#takeSessionEvent(event);
  }

  /** A provider that throws is lost, and nothing else is. */
  #askProvider(ask: (provider: ProviderSession) => void): void {
    if (!this.#provider || this.#providerLost) return;
    try {
      ask(this.#provider);
    } catch (error) {
      this.#loseProvider(messageOf(error));
    }
  }

  #takeSessionEvent(event: SessionEvent): void {
    switch (event.type) {
      case 'speech-started':
      case 'speech-ended':
        this.#callerSpeaking = event.type === 'speech-started';
        this.#callerSpoke ||= this.#callerSpeaking;
        this.#heard.takeSpeech(event);
        if (this.#takesTurns) this.#happen({ type: event.type });
        break;
      case 'playout-started':
      case 'playout-progressed':
      case 'playout-ended':
        this.#heard.takePlayout(event);
        this.#happen({ type: event.type, turn: event.turn });
        break;
      case 'playout-paused':
      case 'playout-flushed':
        this.#heard.takePlayout(event);
        break;
    }
  }

  #takeProviderEvent(event: ProviderEvent): void {
    if (this.#abort.signal.aborted) return;
    switch (event.type) {
      case 'reply-audio':
        if (this.#playout.push(event.turn, toPcm16(event.audio, event.format.encoding), event.format.rateHz)) {
          this.record.transcript.audioGiven(event.turn, audioMs(event.audio, event.format));
        }
        break;
      case 'reply-ended':
        this.record.transcript.audioEnds(event.turn);
        this.#playout.end(event.turn);
        break;
      case 'transcript':
        if (!event.final) break;
        if (event.who === 'caller') this.record.transcript.callerSaid(event.turn, event.text, this.record.sinceStartMs());
        else this.record.transcript.agentSays(event.turn, event.text);
        break;
      case 'tool-call':
        this.record.action(event.name);
        if (event.name === 'hang_up') this.#happen({ type: 'ending-asked', turn: event.turn, ending: 'hang-up' });
        if (event.name === 'transfer') this.#happen({ type: 'ending-asked', turn: event.turn, ending: 'transfer' });
        break;
      case 'timing':
        this.record.turn(event.turn).stagesMs[event.stage] = Math.round(event.ms);
        break;
      case 'failed':
        if (event.turn === undefined) this.#loseProvider(event.message);
        else this.#replyFailed(event.turn, event.code, event.message);
        break;
      case 'turn-ended':
      case 'tool-call-withdrawn':
      case 'usage':
        break;
    }
  }

  /** An event that comes out of an effect waits until all effects of the one before are done. */
  #happen(event: Event): void {
    this.#happening.push(event);
    if (this.#happening.length > 1) return;
    for (let first: Event | undefined = event; first; first = this.#happening[0]) {
      const [next, effects] = transition(this.#state, first, this.#options.turnTaking);
      this.#state = next;
      if (first.type === 'elapsed' && effects.length > 0 && isReplyTimer(first.timer)) this.#noteFailure(first.turn, first.timer);
      try {
        for (const effect of effects) this.#run(effect);
      } finally {
        this.#happening.shift();
      }
    }
  }

  #run(effect: Effect): void {
    const { agentEnd, hangUp } = this.#options;
    switch (effect.type) {
      case 'set-timer':
        this.#timers.set(effect.timer, effect.afterMs, () => this.#happen({ type: 'elapsed', timer: effect.timer, turn: effect.turn }));
        break;
      case 'clear-timers':
        this.#timers.clear(effect.except);
        break;
      case 'request-reply':
        this.#request(effect.turn, effect.cause, effect.last);
        break;
      case 'cancel-reply':
        this.#waitingRequest = undefined;
        this.#cancelReply(effect.turn);
        break;
      case 'flush-playout':
        this.#playout.drop(effect.turn);
        agentEnd.command('flush', effect.turn);
        break;
      case 'pause-playout':
        agentEnd.command('pause');
        break;
      case 'resume-playout':
        agentEnd.command('resume');
        break;
      case 'arm-barge-in':
        agentEnd.command(effect.armed ? 'arm-barge-in' : 'disarm-barge-in');
        break;
      case 'play-fallback':
        this.#playFallback(effect.turn, effect.last);
        break;
      case 'end-call':
        this.record.endingBegun(effect.ending);
        hangUp();
        break;
    }
  }

  #request(turn: number, cause: ReplyCause, last: boolean): void {
    this.record.turn(turn, cause);
    if (this.#providerLost) this.#happen({ type: 'reply-failed', turn });
    else if (this.#provider) this.#askProvider((provider) => provider.requestReply(turn, cause, last));
    else this.#waitingRequest = { turn, cause, last };
  }

  #cancelReply(turn: number): void {
    const heard = this.#heard.cutNow(turn);
    this.#askProvider((provider) => provider.cancelReply(turn, heard));
  }

  #playFallback(turn: number, last: boolean): void {
    const line = this.#options.fallbackLine(last);
    if (!line) {
      this.record.notice('no-fallback-line');
      return;
    }
    this.record.turn(turn, 'fallback');
    this.record.transcript.agentSays(turn, line.text);
    this.record.transcript.audioGiven(turn, pcmMs(line.pcm, line.rateHz));
    this.record.transcript.audioEnds(turn);
    this.#playout.push(turn, line.pcm, line.rateHz);
    this.#playout.end(turn);
  }
}
