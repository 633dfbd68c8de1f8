import { createHmac, randomBytes } from 'node:crypto';
import { Allowance } from '../../base/allowance.js';
import type { Clock } from '../../base/clock.js';

export interface BudgetSettings {
  /** Minutes with services that cost money, of all calls together. */
  readonly total_minutes?: number | undefined;
  /** The same, of one caller. */
  readonly caller_minutes?: number | undefined;
  /** In which so many minutes come in anew, evenly. */
  readonly per_hours: number;
}

export type BudgetName = 'total' | 'caller';

/** Time is taken in steps of this length, in advance. */
export const sliceSeconds = 10;
/** A minute, which every budget has. */
const leastToBeginSeconds = 60;
/** Callers that are remembered; whoever has not called for longest is forgotten. */
const mostCallers = 10_000;

/** What calls may spend, as token buckets. Callers are told apart without their numbers being kept. Thread: control. */
export class Budgets {
  readonly #settings: BudgetSettings;
  readonly #clock: Clock;
  readonly #total: Allowance | undefined;
  readonly #callers = new Map<string, Allowance>();
  readonly #pepper = randomBytes(32);

  constructor(settings: BudgetSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#total = this.#allowance(settings.total_minutes);
  }

  /** Takes the next slice of a call; names the budget that has none left. Callers without a number share one. */
  takeSlice(callerNumber: string | undefined): BudgetName | undefined {
    const nowMs = this.#clock.nowMs();
    const caller = this.#ofCaller(callerNumber ?? '');
    if (caller?.has(sliceSeconds, nowMs) === false) return 'caller';
    if (this.#total?.take(sliceSeconds, nowMs) === false) return 'total';
    caller?.take(sliceSeconds, nowMs);
    return undefined;
  }

  /** Names the budget of which there is not enough to begin with: a call is not to lose its provider in its first words. */
  lacks(callerNumber: string | undefined): BudgetName | undefined {
    const nowMs = this.#clock.nowMs();
    if (this.#ofCaller(callerNumber ?? '')?.has(leastToBeginSeconds, nowMs) === false) return 'caller';
    return this.#total?.has(leastToBeginSeconds, nowMs) === false ? 'total' : undefined;
  }

  #ofCaller(number: string): Allowance | undefined {
    const fresh = this.#allowance(this.#settings.caller_minutes);
    if (!fresh) return undefined;
    const who = createHmac('sha256', this.#pepper).update(number).digest('base64');
    const known = this.#callers.get(who) ?? fresh;
    this.#callers.delete(who);
    this.#callers.set(who, known);
    if (this.#callers.size > mostCallers) this.#callers.delete(this.#callers.keys().next().value as string);
    return known;
  }

  #allowance(minutes: number | undefined): Allowance | undefined {
    if (minutes === undefined) return undefined;
    const seconds = minutes * 60;
    return new Allowance(seconds / (this.#settings.per_hours * 3600), seconds);
  }
}
