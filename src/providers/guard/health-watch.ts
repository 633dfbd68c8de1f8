import type { Clock } from '../../base/clock.js';
import { type ErrorCode, TalkpathError } from '../../base/errors.js';
import type { GuardedProvider } from './guarded-provider.js';

export interface ProbeResult {
  readonly works: boolean;
  /** Of the monotonic clock. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly code?: ErrorCode;
}

const longestProbeMs = 5000;

/** Asks the services again and again whether they would take a call, so that an outage is known before a caller meets it. Thread: control. */
export class HealthWatch {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #results = new Map<string, ProbeResult>();
  readonly #abort = new AbortController();
  readonly #cancels = new Map<string, () => void>();

  /** @param everyS 0 asks never */
  constructor(clock: Clock, everyS: number) {
    this.#clock = clock;
    this.#everyMs = everyS * 1000;
  }

  /** Begins to ask; a provider that cannot be asked is not. */
  watch(provider: GuardedProvider): void {
    if (this.#everyMs === 0 || !provider.canProbe || this.#cancels.has(provider.name)) return;
    this.#cancels.set(provider.name, () => {});
    void this.#ask(provider);
  }

  resultOf(name: string): ProbeResult | undefined {
    return this.#results.get(name);
  }

  stop(): void {
    this.#abort.abort();
    for (const cancel of this.#cancels.values()) cancel();
  }

  async #ask(provider: GuardedProvider): Promise<void> {
    const startedMs = this.#clock.nowMs();
    const timeUp = new AbortController();
    const stopWaiting = this.#clock.after(longestProbeMs, () =>
      timeUp.abort(new TalkpathError('TP_ERR_PROVIDER_TIMEOUT', 'The probe took too long')),
    );
    let failure: unknown;
    try {
      const signal = AbortSignal.any([this.#abort.signal, timeUp.signal]);
      // Whatever the provider does with the signal.
      const isOver = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      await Promise.race([provider.probe(signal), isOver]);
    } catch (error) {
      failure = timeUp.signal.aborted ? timeUp.signal.reason : error;
    }
    stopWaiting();
    if (this.#abort.signal.aborted) return;
    const nowMs = this.#clock.nowMs();
    const code = failure === undefined ? undefined : failure instanceof TalkpathError ? failure.code : 'TP_ERR_PROVIDER_CONNECT';
    this.#results.set(provider.name, { works: code === undefined, atMs: nowMs, tookMs: nowMs - startedMs, ...(code && { code }) });
    // Servers that started together must not ask together for ever.
    const waitMs = this.#everyMs * (0.9 + 0.2 * Math.random());
    this.#cancels.set(
      provider.name,
      this.#clock.after(waitMs, () => void this.#ask(provider)),
    );
  }
}
