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
  /** Nobody waited for what it would show: with an open circuit somebody has to wait for it another time. */
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
      // When that is, our clock says: the library's is the wall clock, which may be set back.
      { halfOpenAfter: Number.NEGATIVE_INFINITY, breaker: new ConsecutiveBreaker(failures) },
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
    // The library would have whoever comes during another's trial wait for it.
    if (!this.admits) return undefined;
    const decides = this.state !== 'closed';
    let settle: (error?: Error) => void = () => {};
    const shown = new Promise<void>((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve());
    });
    this.#policy.execute(() => shown).catch(() => {});
    const failed = (): void => settle(new Error('failed'));
    // Of a circuit that is half open the library takes any other error for a success.
    return { succeeded: () => settle(), failed, abandoned: decides ? failed : () => settle(new Abandoned()) };
  }
}
