import type { Clock } from '../base/clock.js';
import type { Call } from './call.js';
import type { CallRecord, CallRecordView } from './call-record.js';

/** What an operator said of a call before it came. */
export interface Registration {
  readonly provider?: string | undefined;
  readonly profile?: string | undefined;
  readonly context?: string | undefined;
  readonly caller: { readonly number?: string | undefined; readonly name?: string | undefined };
  readonly variables: Readonly<Record<string, string>>;
}

const recordsKept = 1000;
export const registrationLifeMs = 30_000;

/** The calls at hand (those still waiting for their provider too), the last thousand that ended, and those announced. Thread: control. */
export class CallRegistry {
  readonly #clock: Clock;
  readonly #arriving = new Map<string, CallRecord>();
  readonly #live = new Map<string, Call>();
  readonly #ended = new Map<string, CallRecord>();
  readonly #registrations = new Map<string, { registration: Registration; cancelExpiry: () => void }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Announces a call; false when a call of that id is or was there. An announcement is used once and lives 30 s. */
  register(callId: string, registration: Registration): boolean {
    if (this.isAtHand(callId) || this.#ended.has(callId)) return false;
    this.#registrations.get(callId)?.cancelExpiry();
    const cancelExpiry = this.#clock.after(registrationLifeMs, () => this.#registrations.delete(callId));
    this.#registrations.set(callId, { registration, cancelExpiry });
    return true;
  }

  /** The announcement of a call that has come; it is used up. */
  takeRegistration(callId: string): Registration | undefined {
    const found = this.#registrations.get(callId);
    found?.cancelExpiry();
    this.#registrations.delete(callId);
    return found?.registration;
  }

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
