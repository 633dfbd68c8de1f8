import type { Clock } from '../../base/clock.js';
import { ProviderError } from './provider-error.js';

export interface Bounds {
  readonly clock: Clock;
  readonly ms: number;
  /** Aborted when nobody waits any more: the call has ended. */
  readonly signal: AbortSignal;
}

/**
 * Waits for something of the service `who`: it is done without an error, or with one, or it takes too long, or nobody
 * waits any more. Rejects with that error, TP_ERR_PROVIDER_TIMEOUT or TP_ERR_PROVIDER_CONNECT.
 */
export function bounded(who: string, { clock, ms, signal }: Bounds, start: (done: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isDone = false;
    const done = (error?: Error): void => {
      if (isDone) return;
      isDone = true;
      stopWaiting();
      signal.removeEventListener('abort', aborted);
      if (error) reject(error);
      else resolve();
    };
    const aborted = (): void => done(new ProviderError('TP_ERR_PROVIDER_CONNECT', `Nobody waits for ${who} any more`));
    const stopWaiting = clock.after(ms, () => done(new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not answer within ${ms} ms`)));
    signal.addEventListener('abort', aborted);
    if (signal.aborted) aborted();
    else start(done);
  });
}
