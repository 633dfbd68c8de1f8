import type { SessionEvent } from '../native/agent-end.js';
import type { Heard } from '../providers/provider.js';
import type { CallRecord } from './call-record.js';

type SpeechEvent = Extract<SessionEvent, { readonly type: 'speech-started' | 'speech-ended' }>;
type PlayoutEvent = Exclude<SessionEvent, SpeechEvent>;

/** What the caller heard of each reply, and how long it took, written to the call's record. Thread: control. */
export class HeardReplies {
  readonly #record: CallRecord;
  #speechBeganMs = 0;
  #speechEndedMs: number | undefined;
  /** Where the agent fell silent under the caller's speech: a barge-in if the reply is cut, a cough if it goes on. */
  #pausedAtMs: number | undefined;
  #heard = { turn: 0, ms: 0 };

  constructor(record: CallRecord) {
    this.#record = record;
  }

  takeSpeech({ type, atMs, agoMs }: SpeechEvent): void {
    if (type === 'speech-started') this.#speechBeganMs = atMs - agoMs;
    this.#speechEndedMs = type === 'speech-ended' ? atMs - agoMs : undefined;
  }

  takePlayout({ type, turn, atMs, playedMs }: PlayoutEvent): void {
    if (type === 'playout-flushed') {
      this.#cut(turn, playedMs);
      return;
    }
    this.#heard = { turn, ms: type === 'playout-started' ? 0 : playedMs };
    if (type === 'playout-paused') this.#pausedAtMs = atMs;
    else if (type !== 'playout-ended') this.#pausedAtMs = undefined;
    if (type === 'playout-started') this.#record.transcript.turnHeardFrom(turn, this.#record.sinceStartMs(atMs));
    if (type === 'playout-started' || type === 'playout-progressed' || type === 'playout-ended') this.#replyHeard(turn, atMs, this.#heard.ms);
  }

  /** What the caller has heard of the provider's part in a reply that is about to be cut. */
  cutNow(turn: number): Heard {
    const ms = this.#heard.turn === turn ? this.#heard.ms : 0;
    const { transcript } = this.#record;
    transcript.turnCut(turn, ms);
    const before = transcript.heardBefore(turn);
    return { ...transcript.heard(turn), ...(before !== undefined && { before }) };
  }

  /** The first of the reply itself: a line that bridged the wait for it is no answer. */
  #replyHeard(turn: number, atMs: number, playedMs: number): void {
    const record = this.#record.turn(turn);
    const fromMs = this.#record.transcript.providerFromMs(turn);
    if (record.cause !== 'caller' || record.replyLatencyMs !== undefined || this.#speechEndedMs === undefined) return;
    if (fromMs === undefined || playedMs < fromMs) return;
    record.replyLatencyMs = Math.round(atMs - (playedMs - fromMs) - this.#speechEndedMs);
  }

  #cut(turn: number, heardMs: number): void {
    const record = this.#record.turn(turn);
    if (this.#pausedAtMs !== undefined) record.bargeInStopMs = Math.round(this.#pausedAtMs - this.#speechBeganMs);
    record.cutAfterMs = Math.round(heardMs);
    this.#record.transcript.turnCut(turn, heardMs);
  }
}
