import type { Clock } from '../../../../base/clock.js';
import { ProviderError } from '../../../network/provider-error.js';
import { who } from './protocol.js';

export interface Bounds {
  readonly clock: Clock;
  readonly connectMs: number;
  /** Aborted when the call ends. */
  readonly signal: AbortSignal;
}

/** Waits for something of the service: it is done without an error, or with one, or it takes too long, or the call ends. */
export function bounded({ clock, connectMs, signal }: Bounds, start: (done: (error?: ProviderError) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isDone = false;
    const done = (error?: ProviderError): void => {
      if (isDone) return;
      isDone = true;
      stopWaiting();
      signal.removeEventListener('abort', aborted);
      if (error) reject(error);
      else resolve();
    };
    const aborted = (): void => done(new ProviderError('TP_ERR_PROVIDER_CONNECT', `The call ended before ${who} stood`));
    const stopWaiting = clock.after(connectMs, () =>
      done(new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not answer within ${connectMs} ms`)),
    );
    signal.addEventListener('abort', aborted);
    if (signal.aborted) aborted();
    else start(done);
  });
}
