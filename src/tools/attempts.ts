import type { Clock } from '../base/clock.js';
import type { Exchanging, HttpRequest } from './http-exchange.js';
import { type Verdict, verdictOn } from './verdict.js';

export interface Patience {
  /** For one attempt; all of them and the pauses between take at most (retries + 1) times as long. */
  readonly timeoutMs: number;
  readonly retries: number;
  /** The first pause, which doubles each time, give or take a half. */
  readonly retryMs: number;
  /** The receiver does the same request once however often it comes, or nothing is done at all. */
  readonly isSafeToRepeat: boolean;
}

export interface AttemptMeans {
  readonly exchange: Exchanging;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
}

/** While somebody waits for it. */
export interface Wish {
  isWanted(): boolean;
  /** Cuts off whatever is under way. */
  readonly closed: AbortSignal;
}

export type Ending = Verdict | { readonly type: 'called-off' };

/**
 * Sends a request until it is known what came of it, it may not be sent again, or patience ends. An attempt that
 * nobody can tell the outcome of is followed by another only where that is safe, and then nothing but a success
 * tells the outcome: a refusal is that of the other attempt.
 */
export async function attempt(request: HttpRequest, patience: Patience, { exchange, clock, random }: AttemptMeans, wish: Wish): Promise<Ending> {
  const { timeoutMs, retries, retryMs, isSafeToRepeat } = patience;
  const endMs = clock.nowMs() + timeoutMs * (retries + 1);
  let unknown: Extract<Verdict, { type: 'unknown' }> | undefined;
  for (let count = 0; ; count += 1) {
    if (!wish.isWanted() || wish.closed.aborted) return unknown ?? { type: 'called-off' };
    const limitMs = Math.min(timeoutMs, endMs - clock.nowMs());
    const verdict = verdictOn(await exchange(request, { timeoutMs: limitMs, signal: wish.closed }));
    if (verdict.type === 'answered') return verdict;
    if (verdict.type === 'unknown') unknown = verdict;
    else if (unknown) unknown = { type: 'unknown', why: verdict.why, mayHelpToRepeat: true };
    const ending = unknown ?? verdict;
    const mayRepeat = unknown ? isSafeToRepeat && unknown.mayHelpToRepeat : verdict.type === 'not-done';
    const asked = verdict.type === 'not-done' ? verdict.waitMs : 0;
    const waitMs = Math.max(asked, retryMs * 2 ** count * (0.5 + random()));
    if (!mayRepeat || count >= retries || clock.nowMs() + waitMs >= endMs) return ending;
    await pause(clock, waitMs, wish.closed);
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      callOff();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const callOff = clock.after(ms, finish);
    signal.addEventListener('abort', finish);
    if (signal.aborted) finish();
  });
}
