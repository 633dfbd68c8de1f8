import type { Clock } from '../base/clock.js';
import { AsteriskError } from './asterisk-error.js';

/**
 * What comes of `work`, unless it takes longer than `ms` or `signal` is aborted: then its own signal is aborted, and
 * it is waited for no longer. @param who as in "ARI", for the message
 */
export function withinDeadline<T>(
  clock: Clock,
  ms: number,
  who: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = new AbortController();
    const giveUp = (error: AsteriskError): void => {
      finish();
      reject(error);
      abort.abort(error);
    };
    const aborted = (): void => giveUp(new AsteriskError('TP_ERR_ASTERISK_TIMEOUT', `It is not waited for any longer that ${who} answers`));
    const cancel = clock.after(ms, () => giveUp(new AsteriskError('TP_ERR_ASTERISK_TIMEOUT', `${who} did not answer within ${ms} ms`)));
    const finish = (): void => {
      cancel();
      signal?.removeEventListener('abort', aborted);
    };
    if (signal?.aborted) return aborted();
    signal?.addEventListener('abort', aborted);
    work(abort.signal).then(resolve, reject).finally(finish);
  });
}
