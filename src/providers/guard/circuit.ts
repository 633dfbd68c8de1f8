import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { Clock } from '../../base/clock.js';

export type CircuitName = 'closed' | 'open' | 'half-open';

export interface CircuitOptions {
  readonly clock: Clock;
  /** Failures, one after the other, after which nothing more is tried. */
  readonly failures: number;
  /** For so long; then one trial decides. */
  readonly openMs: number;
}

/** What a trial has shown; only the first counts. */
export interface Trial {
  succeeded(): void;
  failed(): void;
  /** Nobody waited for what it would show. */
  abandoned(): void;
}

/** Neither a failure of the provider nor a proof that it works. */
class Abandoned extends Error {}

/** Keeps calls away from a provider that fails, and lets one of them try whether it still does. */
export class Circuit {
  readonly #policy;
  readonly #clock: Clock;
  readonly #openMs: number;
  #openedMs = 0;

  constructor({ clock, failures, openMs }: CircuitOptions) {
    this.#clock = clock;
    this.#openMs = openMs;
    this.#policy = circuitBreaker(
      handleWhen((error) => !(error instanceof Abandoned)),
      { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) },
    );
    this.#policy.onBreak(() => {
      this.#openedMs = clock.nowMs();
    });
  }

  /** Whether a trial would be let in: also when it is open, and has been for its time. */
  get admits(): boolean {
    return this.state === 'closed' || (this.state === 'open' && this.#clock.nowMs() - this.#openedMs >= this.#openMs);
  }

  get state(): CircuitName {
    const { state } = this.#policy;
    return state === CircuitState.Closed ? 'closed' : state === CircuitState.HalfOpen ? 'half-open' : 'open';
  }

  /** Undefined when nothing may be tried now. */
  begin(): Trial | undefined {
    let settle: (error?: Error) => void = () => {};
    let isAdmitted = false;
    const shown = new Promise<void>((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve());
    });
    // Whoever is not admitted at once, because another's trial is going on, is turned away instead of waiting for it.
    this.#policy
      .execute(() => {
        isAdmitted = true;
        return shown;
      })
      .catch(() => {});
    if (!isAdmitted) {
      settle();
      return undefined;
    }
    return { succeeded: () => settle(), failed: () => settle(new Error('failed')), abandoned: () => settle(new Abandoned()) };
  }
}
