import { type AudioFormat, audioMs, formatName, pcmMs } from '../base/audio-format.js';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import {
  type Effect,
  type Ending,
  type Event,
  initialState,
  type ReplyCause,
  type State,
  type Timer,
  type TurnTaking,
  transition,
} from '../conversation/machine.js';
import type { AgentEnd, SessionEvent } from '../native/agent-end.js';
import { toPcm16 } from '../native/g711-codec.js';
import type { CallContext, ToolAnswer } from '../providers/provider.js';
import { Bridge } from './bridge.js';
import { type AudioRecord, type CallRecord, type CallRecordView, type ReplyFailure, toAudioRecord } from './call-record.js';
import { HeardReplies } from './heard-replies.js';
import type { OwnLines, SpokenLine } from './own-lines.js';
import { Playout } from './playout.js';
import { type ChainEvent, type ChainLevel, ProviderChain } from './provider-chain.js';
import { Timers } from './timers.js';
import { ToolCalls, type UseTool } from './tool-calls.js';

/** What an agent may ask the call itself for. */
export type CallEnding = { readonly type: 'hang-up' } | { readonly type: 'transfer'; readonly to: string | undefined };

export interface CallOptions {
  readonly agentEnd: AgentEnd;
  /** The providers, the best first. */
  readonly levels: readonly ChainLevel[];
  /** The agent end's. */
  readonly agentRateHz: number;
  readonly pickFormat: (offered: readonly AudioFormat[]) => AudioFormat;
  readonly context: Omit<CallContext, 'done'>;
  readonly record: CallRecord;
  readonly turnTaking: TurnTaking;
  readonly bridgeAfterMs: number;
  readonly lines: Pick<OwnLines, 'fallback' | 'bridge'>;
  /** What the call itself is to do comes back to carryOut(). */
  readonly useTool: UseTool;
  /** What it may do. */
  readonly toolNames: readonly string[];
  /** Ends the call on the line; `to` is the destination of a transfer, where one was named. */
  readonly hangUp: (ending: Ending, to: string | undefined) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const drainBytes = 96_000; // 1 s at 48 kHz
/** A lost provider leaves a caller in the middle of a sentence: a word is due sooner. */
const bridgeAfterLossMs = 600;
/** Where the provider decides that the caller has finished, silence is only its back-stop. */
const leastBackStopMs = 3000;

const isReplyTimer = (timer: Timer): timer is 'reply-overdue' | 'playout-stalled' => timer === 'reply-overdue' || timer === 'playout-stalled';

/**
 * One call on the control thread: moves bytes between engine and providers, feeds the conversation machine and runs
 * its effects. It decides nothing.
 */
export class Call {
  readonly record: CallRecord;
  readonly #options: CallOptions;
  readonly #chain: ProviderChain;
  readonly #playout: Playout;
  readonly #heard: HeardReplies;
  readonly #timers: Timers<Timer>;
  readonly #bridge: Bridge;
  readonly #tools: ToolCalls;
  readonly #abort = new AbortController();
  readonly #drained = new Uint8Array(drainBytes);
  readonly #happening: Event[] = [];
  #state: State = initialState;
  #callerSpeaking = false;
  /** Speech has begun since audio was last taken. */
  #callerSpoke = false;
  #transferTo: string | undefined;
  #bridgeLines = 0;

  constructor(options: CallOptions) {
    const { record, clock, agentEnd } = options;
    this.#options = options;
    this.record = record;
    this.#playout = new Playout(agentEnd);
    this.#heard = new HeardReplies(record);
    record.replyAudioDropped = this.#playout.dropped;
    // After a stall of this thread a timer may be due although what it waits for has long happened.
    this.#timers = new Timers(clock, () => this.#takeSessionEvents());
    this.#bridge = new Bridge({
      clock,
      afterMs: options.bridgeAfterMs,
      afterLossMs: Math.min(bridgeAfterLossMs, options.bridgeAfterMs),
      say: (turn) => this.#sayBridge(turn),
    });
    this.#tools = new ToolCalls({
      useTool: options.useTool,
      signal: this.#abort.signal,
      answered: (id, answer) => this.#chain.answerTool(id, answer),
      idle: () => {
        this.#bridge.toolsOver();
        this.#happen({ type: 'tools-over', turn: this.#turn });
      },
    });
    this.#chain = new ProviderChain({
      levels: options.levels,
      agentRateHz: options.agentRateHz,
      pickFormat: options.pickFormat,
      call: () => ({ ...options.context, done: this.#tools.done }),
      clock,
      history: () => record.transcript.history(),
      isCallerKnown: (turn) => record.transcript.isCallerKnown(turn),
      isAtRest: () => this.#state.type === 'listening' && !this.#state.heardSpeech,
      on: (event) => this.#takeChainEvent(event),
    });
  }

  /** @param takesTurns false: of the first provider everything is one stream, and nobody takes turns until another has the call */
  start(takesTurns: boolean): void {
    this.#chain.start();
    if (takesTurns) this.#startTurns();
  }

  /** Moves everything that has come since the last tick. Called by the doorbell. */
  pump(): void {
    this.#takeSessionEvents();
    const bytes = this.#options.agentEnd.drain(this.#drained);
    // After a stall of this thread speech may have begun and ended in what has come meanwhile.
    const speaking = this.#callerSpeaking || this.#callerSpoke;
    this.#callerSpoke = false;
    // The provider may keep what it gets.
    if (bytes > 0) this.#chain.sendAudio(this.#drained.slice(0, bytes), speaking);
    this.#playout.pump();
  }

  /** The line is gone; nothing is heard any more. */
  end(): void {
    this.#happen({ type: 'call-ended' });
    this.#abort.abort();
    this.#bridge.replyOver();
    this.#chain.end();
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

  /** Changes nothing where turns are taken already. */
  #startTurns(): void {
    this.#happen({ type: 'call-started', greets: this.#options.context.greeting !== '' });
  }

  #noteFailure(turn: number, failure: ReplyFailure): void {
    this.record.turn(turn).failure ??= failure;
    this.#options.log.warn({ callId: this.record.callId, turn, failure }, 'reply failed');
  }

  get #turn(): number {
    return 'turn' in this.#state ? this.#state.turn : 1;
  }

  #takeSessionEvents(): void {
    if (this.#abort.signal.aborted) return;
    for (let event = this.#options.agentEnd.nextEvent(); event; event = this.#options.agentEnd.nextEvent()) this.#takeSessionEvent(event);
  }

  #takeSessionEvent(event: SessionEvent): void {
    switch (event.type) {
      case 'speech-started':
      case 'speech-ended':
        this.#callerSpeaking = event.type === 'speech-started';
        this.#callerSpoke ||= this.#callerSpeaking;
        this.#heard.takeSpeech(event);
        if (event.type === 'speech-ended') this.#bridge.resumed();
        this.#happen({ type: event.type });
        break;
      case 'playout-started':
      case 'playout-progressed':
      case 'playout-ended':
        this.#heard.takePlayout(event);
        this.#bridge.heard(event.turn, event.playedMs);
        this.#happen({ type: event.type, turn: event.turn });
        break;
      case 'playout-paused':
        this.#bridge.paused();
        this.#heard.takePlayout(event);
        break;
      case 'playout-flushed':
        this.#heard.takePlayout(event);
        break;
    }
  }

  #takeChainEvent(event: ChainEvent): void {
    // What a provider has used counts after the call, too.
    if (event.type === 'usage') this.record.used(event.provider, event.usage);
    if (this.#abort.signal.aborted) return;
    const { transcript } = this.record;
    switch (event.type) {
      case 'reply-audio': {
        const { turn, audio, format } = event;
        if (!this.#playout.push(turn, toPcm16(audio, format.encoding), format.rateHz)) break;
        transcript.audioGiven(turn, audioMs(audio, format));
        this.#bridge.audioGiven(turn, audioMs(audio, format));
        break;
      }
      case 'reply-ended':
        if (event.turn === this.#turn) this.#bridge.replyOver();
        transcript.audioEnds(event.turn);
        this.#playout.end(event.turn);
        break;
      case 'transcript':
        if (!event.final) break;
        if (event.who === 'caller') transcript.callerSaid(event.turn, event.text, this.record.sinceStartMs());
        else transcript.agentSays(event.turn, event.text);
        break;
      case 'turn-ended':
        this.#happen({ type: 'turn-ended' });
        break;
      case 'tool-call':
        this.#takeToolCall(event);
        break;
      case 'timing':
        this.record.turn(event.turn).stagesMs[event.stage] = Math.round(event.ms);
        break;
      case 'provider-taken':
      case 'provider-lost':
      case 'provider-unavailable':
        this.#takeProviderNews(event);
        break;
      case 'reply-failed':
        this.#noteFailure(event.turn, event.code);
        this.#happen({ type: 'reply-failed', turn: event.turn });
        break;
      case 'tool-call-withdrawn':
        this.#tools.withdraw(event.id);
        break;
      case 'usage':
        break;
    }
  }

  #takeProviderNews(news: Extract<ChainEvent, { type: 'provider-taken' | 'provider-lost' | 'provider-unavailable' }>): void {
    const { callId } = this.record;
    const { log } = this.#options;
    if (news.type === 'provider-taken') {
      const { provider, level, input, output } = news;
      this.record.providerTaken(provider, level, input, output);
      const formats = { lineRateHz: this.record.plan.lineRateHz, input: formatName(input), output: formatName(output) };
      log.info({ callId, provider, ladderLevel: level, ...formats }, 'provider takes the call');
      if (this.#chain.turnTaking !== 'none') this.#startTurns();
      return;
    }
    const { provider, code, message } = news;
    log.warn({ callId, provider, code, why: message }, news.type === 'provider-lost' ? 'provider lost' : 'provider cannot be had');
    this.record.providerLost(provider, code, news.type === 'provider-lost');
    if (news.type === 'provider-unavailable') {
      this.#startTurns();
      return;
    }
    this.#tools.forget();
    this.record.transcript.speakerLost(this.#turn);
    this.#bridge.providerLost();
  }

  /** Ends the call when the reply at hand has been heard. */
  carryOut(action: CallEnding): ToolAnswer {
    const turn = this.#turn;
    if (action.type === 'transfer') this.#transferTo = action.to;
    else if ('ending' in this.#state && this.#state.ending === 'transfer')
      return { text: 'Nothing is left to do: the caller is put through when you have said goodbye.', isSpokenOf: false };
    else this.#transferTo = undefined;
    this.#happen({ type: 'ending-asked', turn, ending: action.type });
    // A call is not ended without a word; a line that bridged the wait is none.
    const isSpokenOf = !this.record.transcript.speaks(turn);
    return { text: isSpokenOf ? 'It will be done when you have said goodbye, in one sentence.' : 'It is being done.', isSpokenOf };
  }

  #takeToolCall({ turn, id, name, arguments: args }: Extract<ChainEvent, { type: 'tool-call' }>): void {
    // A model may put anything into the name of a tool that is none.
    this.record.action(this.#options.toolNames.includes(name) ? name : 'unknown');
    this.#bridge.toolBegun();
    this.#happen({ type: 'tools-begun', turn });
    this.#tools.begin(id, name, args);
  }

  /** An event that comes out of an effect waits until all effects of the one before are done. */
  #happen(event: Event): void {
    if (this.#state.type === 'idle' && event.type !== 'call-started') return;
    this.#happening.push(event);
    if (this.#happening.length > 1) return;
    for (let first: Event | undefined = event; first; first = this.#happening[0]) {
      const [next, effects] = transition(this.#state, first, this.#turnTaking);
      this.#state = next;
      if (first.type === 'elapsed' && effects.length > 0 && isReplyTimer(first.timer)) this.#noteFailure(first.turn, first.timer);
      try {
        for (const effect of effects) this.#run(effect);
      } finally {
        this.#happening.shift();
      }
    }
  }

  get #turnTaking(): TurnTaking {
    const { turnTaking } = this.#options;
    return this.#chain.turnTaking === 'own' ? { ...turnTaking, silenceMs: Math.max(leastBackStopMs, turnTaking.silenceMs) } : turnTaking;
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
        this.#bridge.replyOver();
        this.#tools.callOff();
        this.#chain.cancelReply(effect.turn, this.#heard.cutNow(effect.turn));
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
        hangUp(effect.ending, this.#transferTo);
        break;
    }
  }

  #request(turn: number, cause: ReplyCause, last: boolean): void {
    this.record.turn(turn, cause);
    this.#bridge.replyAsked(turn);
    this.#chain.requestReply(turn, cause, last);
  }

  #sayBridge(turn: number): number {
    const line = this.#options.lines.bridge(this.#bridgeLines);
    if (!line) return 0;
    this.#bridgeLines += 1;
    this.record.bridged();
    return this.#sayOwn(turn, line);
  }

  #playFallback(turn: number, last: boolean): void {
    const line = this.#options.lines.fallback(last);
    if (!line) {
      this.record.notice('no-fallback-line');
      return;
    }
    this.record.turn(turn, 'fallback');
    this.#sayOwn(turn, line);
    this.record.transcript.audioEnds(turn);
    this.#playout.end(turn);
  }

  /** Puts a line of our own into a turn's audio; returns how long it is. */
  #sayOwn(turn: number, { text, pcm, rateHz }: SpokenLine): number {
    const ms = pcmMs(pcm, rateHz);
    this.record.transcript.agentSays(turn, text, true);
    this.record.transcript.audioGiven(turn, ms, true);
    this.#playout.push(turn, pcm, rateHz);
    return ms;
  }
}
