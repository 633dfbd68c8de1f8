import type { Clock } from '../base/clock.js';

const afterCallMs = 3_600_000;

/** What was answered to each effect of a call, in memory alone, until an hour after the call. */
export class KeptAnswers {
  readonly #clock: Clock;
  readonly #calls = new Map<string, Map<string, string>>();
  readonly #ends = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(callId: string, effectId: string): string | undefined {
    return this.#calls.get(callId)?.get(effectId);
  }

  set(callId: string, effectId: string, text: string): void {
    const answers = this.#calls.get(callId) ?? new Map<string, string>();
    this.#calls.set(callId, answers.set(effectId, text));
  }

  callEnded(callId: string): void {
    this.#ends.get(callId)?.();
    const end = this.#clock.after(afterCallMs, () => this.#forget(callId));
    this.#ends.set(callId, end);
  }

  /** Forgets everything. */
  close(): void {
    for (const end of this.#ends.values()) end();
    this.#ends.clear();
    this.#calls.clear();
  }

  #forget(callId: string): void {
    this.#ends.delete(callId);
    this.#calls.delete(callId);
  }
}
