import type { Call } from './call.js';
import type { CallRecord, CallRecordView } from './call-record.js';

const recordsKept = 1000;

/** The calls at hand, those still waiting for their provider too, and the last thousand that ended. Thread: control. */
export class CallRegistry {
  readonly #arriving = new Map<string, CallRecord>();
  readonly #live = new Map<string, Call>();
  readonly #ended = new Map<string, CallRecord>();

  /** A call has come; its provider is being made ready. */
  arrive(record: CallRecord): void {
    this.#arriving.set(record.callId, record);
  }

  /** The call has its provider. */
  add(call: Call): void {
    this.#arriving.delete(call.record.callId);
    this.#live.set(call.record.callId, call);
  }

  isAtHand(callId: string): boolean {
    return this.recordAtHand(callId) !== undefined;
  }

  /** Whether a call of that id is or was there. */
  isKnown(callId: string): boolean {
    return this.isAtHand(callId) || this.#ended.has(callId);
  }

  /** The record of a call that has come and not ended. */
  recordAtHand(callId: string): CallRecord | undefined {
    return this.#live.get(callId)?.record ?? this.#arriving.get(callId);
  }

  live(callId: string): Call | undefined {
    return this.#live.get(callId);
  }

  get liveCalls(): Iterable<Call> {
    return this.#live.values();
  }

  get liveCount(): number {
    return this.#live.size + this.#arriving.size;
  }

  /** Moves a call to the records. */
  finish(record: CallRecord): void {
    this.#arriving.delete(record.callId);
    this.#live.delete(record.callId);
    // An id that was used before moves to the end.
    this.#ended.delete(record.callId);
    this.#ended.set(record.callId, record);
    if (this.#ended.size > recordsKept) this.#ended.delete(this.#ended.keys().next().value as string);
  }

  view(callId: string): CallRecordView | undefined {
    return (this.#live.get(callId) ?? this.#arriving.get(callId) ?? this.#ended.get(callId))?.view();
  }

  /** Newest first. */
  views(limit: number): CallRecordView[] {
    const atHand = [...this.#live.values(), ...this.#arriving.values()].reverse().map((call) => call.view());
    const ended = [...this.#ended.values()]
      .slice(-limit)
      .reverse()
      .map((record) => record.view());
    return [...atHand, ...ended].slice(0, limit);
  }
}
