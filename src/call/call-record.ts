import { type AudioFormat, formatName } from '../base/audio-format.js';
import type { Clock } from '../base/clock.js';
import type { ErrorCode } from '../base/errors.js';
import { addUsage, type Usage, type UsageUnit } from '../base/usage.js';
import type { Ending, ReplyCause } from '../conversation/machine.js';
import { Transcript, type TranscriptEntry } from '../conversation/transcript.js';
import { type GapCause, gapCauses, type SessionSnapshot } from '../native/addon.js';
import type { LineCounters } from '../transports/transport.js';
import { type Cost, costOf, type Prices } from './cost.js';

export type EndReason =
  | 'caller-hung-up'
  | 'hung-up'
  | 'agent-hung-up'
  | 'transferred'
  | 'provider-failed'
  | 'connection-reset'
  | 'protocol-error'
  | 'line-blocked'
  | 'line-flooded'
  | 'shut-down';

/** What a call was set up with, and why. */
export interface CallPlan {
  readonly provider: string;
  readonly profile: string;
  readonly context: string | undefined;
  readonly lineRateHz: number;
  /** Formats of the caller's audio to the provider and of its own back, as "mulaw 8000": known as soon as the provider is. */
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly chosenBy: ChosenBy;
}

/** Where a choice was made, the strongest first: what was said of this call, its context, the defaults of the settings. */
export type ChoiceSource = 'call' | 'context' | 'default';

export interface ChosenBy {
  readonly provider: ChoiceSource;
  readonly profile: ChoiceSource;
  readonly context: 'call' | 'default';
}

/** A provider that answered for the call, and from when on. */
export interface ProviderRecord {
  readonly provider: string;
  /** How far down its chain: 0 is the best. */
  readonly level: number;
  readonly fromMs: number;
  readonly input: string;
  readonly output: string;
}

/** A provider that could not be had, or was lost in the middle of the call. */
export interface ProviderFailureRecord {
  readonly provider: string;
  readonly code: ErrorCode;
  readonly atMs: number;
  readonly wasTalking: boolean;
}

/** The code of the provider's error, or which wait for its audio was in vain. */
export type ReplyFailure = ErrorCode | 'reply-overdue' | 'playout-stalled';

export interface TurnRecord {
  readonly turn: number;
  readonly cause: ReplyCause | 'fallback';
  /** From the end of the caller's speech to the first sample of the reply on the line. */
  replyLatencyMs?: number;
  /** From the caller's first sample of speech over the agent to the agent's last. */
  bargeInStopMs?: number;
  /** How much of the reply was heard, when it was cut. */
  cutAfterMs?: number;
  /** Why there was no reply, or only the beginning of one. */
  failure?: ReplyFailure;
  /** What the provider says its stages took. */
  readonly stagesMs: Record<string, number>;
}

export interface AudioRecord extends Omit<SessionSnapshot, 'gaps'> {
  readonly gaps: Record<GapCause, { episodes: number; ms: number }>;
}

/** Audio of replies that never reached the engine. */
export interface DroppedAudio {
  /** Of turns that were over when it came. */
  lateMs: number;
  /** More than a call may have waiting. */
  noRoomMs: number;
}

/** All that is known of a call, as the admin API shows it. */
export interface CallRecordView {
  readonly callId: string;
  readonly state: 'live' | 'ended';
  readonly startedAt: string;
  readonly durationMs: number;
  readonly plan: CallPlan;
  readonly endReason: EndReason | undefined;
  readonly disposition: Disposition;
  readonly transcript: readonly TranscriptEntry[];
  readonly turns: readonly TurnRecord[];
  readonly digits: readonly { readonly digit: string; readonly atMs: number }[];
  readonly notices: readonly string[];
  readonly actions: readonly { readonly name: string; readonly atMs: number }[];
  readonly line: LineCounters | undefined;
  readonly audio: AudioRecord | undefined;
  readonly replyAudioDropped: Readonly<DroppedAudio>;
  /** In the order in which they took the call. */
  readonly providers: readonly ProviderRecord[];
  readonly providerFailures: readonly ProviderFailureRecord[];
  /** Lines of talkpath's own that were said while a reply was late. */
  readonly bridgeLines: number;
  /** By provider. */
  readonly usage: Readonly<Record<string, Usage>>;
  readonly cost: Cost | undefined;
}

/** What the dialplan should do when talkpath hands the call back. */
export type Disposition = 'live' | 'completed' | 'transfer' | 'failed';

/** Ends that are nobody's choice: a person should have the call. */
const failures: readonly EndReason[] = ['line-blocked', 'line-flooded', 'protocol-error', 'connection-reset', 'shut-down'];
const hangUpReasons = { live: 'hung-up', completed: 'agent-hung-up', transfer: 'transferred', failed: 'provider-failed' } as const;
const dispositions = { 'hang-up': 'completed', transfer: 'transfer', 'give-up': 'failed' } as const;
const maxTurnsKept = 500;
const mostProvidersKept = 500;

/** Writes a call's history down as it happens. Thread: control. */
export class CallRecord {
  readonly callId: string;
  plan: CallPlan;
  replyAudioDropped: Readonly<DroppedAudio> = { lateMs: 0, noRoomMs: 0 };
  readonly transcript = new Transcript();
  readonly #clock: Clock;
  readonly #startedAt: Date;
  readonly #startedMs: number;
  #endedMs: number | undefined;
  #endReason: EndReason | undefined;
  #ending: Ending | undefined;
  #providerFailed = false;
  #audio: SessionSnapshot | undefined;
  #line: LineCounters | undefined;
  readonly #turns = new Map<number, TurnRecord>();
  readonly #digits: { digit: string; atMs: number }[] = [];
  readonly #notices: string[] = [];
  readonly #actions: { name: string; atMs: number }[] = [];
  readonly #providers: ProviderRecord[] = [];
  readonly #providerFailures: ProviderFailureRecord[] = [];
  readonly #usage = new Map<string, Partial<Record<UsageUnit, number>>>();
  readonly #prices: Prices;
  #bridgeLines = 0;

  constructor(callId: string, plan: CallPlan, clock: Clock, prices: Prices = { currency: '', providers: {} }) {
    this.#prices = prices;
    this.callId = callId;
    this.plan = plan;
    this.#clock = clock;
    this.#startedAt = clock.wallTime();
    this.#startedMs = clock.nowMs();
  }

  /** Milliseconds since the call started. */
  sinceStartMs(atMs = this.#clock.nowMs()): number {
    return Math.round(atMs - this.#startedMs);
  }

  turn(turn: number, cause: TurnRecord['cause'] = 'caller'): TurnRecord {
    const known = this.#turns.get(turn);
    if (known) return known;
    const created: TurnRecord = { turn, cause, stagesMs: {} };
    this.#turns.set(turn, created);
    if (this.#turns.size > maxTurnsKept) this.#turns.delete(this.#turns.keys().next().value as number);
    return created;
  }

  digit(digit: string): void {
    if (this.#digits.length < 1000) this.#digits.push({ digit, atMs: this.sinceStartMs() });
  }

  notice(notice: string): void {
    if (!this.#notices.includes(notice)) this.#notices.push(notice);
  }

  /** The agent did something in the world. Its arguments are the caller's affair and not kept. */
  action(name: string): void {
    if (this.#actions.length < 1000) this.#actions.push({ name, atMs: this.sinceStartMs() });
  }

  /** A provider answers for the call from now on. */
  providerTaken(provider: string, level: number, input: AudioFormat, output: AudioFormat): void {
    const formats = { input: formatName(input), output: formatName(output) };
    if (this.#providers.length === 0) this.plan = { ...this.plan, provider, ...formats };
    if (this.#providers.length < mostProvidersKept) this.#providers.push({ provider, level, fromMs: this.sinceStartMs(), ...formats });
  }

  /** `wasTalking`: it had the call. */
  providerLost(provider: string, code: ErrorCode, wasTalking: boolean): void {
    if (this.#providerFailures.length < mostProvidersKept) this.#providerFailures.push({ provider, code, atMs: this.sinceStartMs(), wasTalking });
    this.notice(wasTalking ? 'provider-lost' : 'provider-unavailable');
  }

  bridged(): void {
    this.#bridgeLines += 1;
  }

  used(provider: string, usage: Usage): void {
    const sum = this.#usage.get(provider) ?? {};
    this.#usage.set(provider, sum);
    addUsage(sum, usage);
  }

  /** The agent's side has ended the call; the line follows. */
  endingBegun(ending: Ending): void {
    this.#ending = ending;
  }

  /** No provider could be had at all; the line is hung up. */
  providerFailed(): void {
    this.#providerFailed = true;
  }

  /** `reason` is what the line saw; that it was hung up has reasons of its own, and a caller whom Asterisk sends on seems to have done so. */
  ended(reason: EndReason, line: LineCounters | undefined, audio: SessionSnapshot | undefined): void {
    if (this.#endedMs !== undefined) return;
    this.#endedMs = this.#clock.nowMs();
    const isSentOn = reason === 'caller-hung-up' && this.#ending === 'transfer';
    this.#endReason = reason === 'hung-up' || isSentOn ? hangUpReasons[this.disposition] : reason;
    this.#line = line;
    this.#audio = audio;
  }

  get disposition(): Disposition {
    if (this.#providerFailed) return 'failed';
    if (this.#ending) return dispositions[this.#ending];
    if (this.#endReason === undefined) return 'live';
    return failures.includes(this.#endReason) ? 'failed' : 'completed';
  }

  view(liveAudio?: SessionSnapshot): CallRecordView {
    const audio = this.#audio ?? liveAudio;
    return {
      callId: this.callId,
      state: this.#endedMs === undefined ? 'live' : 'ended',
      startedAt: this.#startedAt.toISOString(),
      durationMs: this.sinceStartMs(this.#endedMs),
      plan: this.plan,
      endReason: this.#endReason,
      disposition: this.disposition,
      transcript: this.transcript.entries(),
      turns: [...this.#turns.values()],
      digits: this.#digits,
      notices: this.#notices,
      actions: this.#actions,
      line: this.#line,
      audio: audio && toAudioRecord(audio),
      providers: this.#providers,
      providerFailures: this.#providerFailures,
      bridgeLines: this.#bridgeLines,
      usage: Object.fromEntries([...this.#usage].map(([provider, amounts]) => [provider, rounded(amounts)])),
      cost: costOf(this.#prices, this.#usage),
      replyAudioDropped: { lateMs: Math.round(this.replyAudioDropped.lateMs), noRoomMs: Math.round(this.replyAudioDropped.noRoomMs) },
    };
  }
}

/** Thousandths are enough. */
function rounded(usage: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).map(([unit, amount]) => [unit, Math.round((amount ?? 0) * 1000) / 1000]));
}

export function toAudioRecord(snapshot: SessionSnapshot): AudioRecord {
  const gaps = Object.fromEntries(gapCauses.map((cause, i) => [cause, snapshot.gaps[i] ?? { episodes: 0, ms: 0 }]));
  return { ...snapshot, gaps: gaps as AudioRecord['gaps'] };
}
