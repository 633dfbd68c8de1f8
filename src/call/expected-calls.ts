import type { Clock } from '../base/clock.js';

interface Expected<Plan> {
  readonly announcement: number;
  readonly plan: Plan;
  readonly cancelExpiry: () => void;
}

/** Announced calls that have not come: each is taken once, lives for a while, and gives way to a later one of its id. Thread: media. */
export class ExpectedCalls<Plan> {
  readonly #clock: Clock;
  readonly #onExpired: (announcement: number) => void;
  readonly #expected = new Map<string, Expected<Plan>>();

  constructor(clock: Clock, onExpired: (announcement: number) => void) {
    this.#clock = clock;
    this.#onExpired = onExpired;
  }

  expect(callId: string, announcement: number, plan: Plan, lifeMs: number): void {
    this.#expire(callId);
    const cancelExpiry = this.#clock.after(lifeMs, () => this.#expire(callId));
    this.#expected.set(callId, { announcement, plan, cancelExpiry });
  }

  get(callId: string): Plan | undefined {
    return this.#expected.get(callId)?.plan;
  }

  /** The call has come. Returns the number of its announcement. */
  take(callId: string): number | undefined {
    const expected = this.#expected.get(callId);
    expected?.cancelExpiry();
    this.#expected.delete(callId);
    return expected?.announcement;
  }

  /** None of them is waited for any longer. */
  clear(): void {
    for (const callId of [...this.#expected.keys()]) this.#expire(callId);
  }

  #expire(callId: string): void {
    const announcement = this.take(callId);
    if (announcement !== undefined) this.#onExpired(announcement);
  }
}
