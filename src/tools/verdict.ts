import type { Exchange } from './http-exchange.js';

/** What an exchange says of the effect that was asked for, and whether the request may be sent again. */
export type Verdict =
  /** It was done. */
  | { readonly type: 'answered'; readonly status: number; readonly text: string | undefined }
  /** It was not done, and would not be the next time. */
  | { readonly type: 'refused'; readonly why: string }
  /** It was not done, but may be the next time; `waitMs` is what the receiver asks for. */
  | { readonly type: 'not-done'; readonly why: string; readonly waitMs: number }
  /** Nobody can tell whether it was done. */
  | { readonly type: 'unknown'; readonly why: string; readonly mayHelpToRepeat: boolean };

export function verdictOn(exchange: Exchange): Verdict {
  if (exchange.type === 'unsent') return { type: 'not-done', why: exchange.reason, waitMs: 0 };
  if (exchange.type === 'lost') return { type: 'unknown', why: exchange.reason, mayHelpToRepeat: true };
  const { status, text, retryAfter } = exchange;
  const why = `status ${status}`;
  if (status >= 200 && status < 300) return { type: 'answered', status, text };
  // Only a receiver that turns work away says when to come back: a proxy's bare 503 may hide a request that got through.
  if (status === 429 || (status === 503 && retryAfter !== undefined)) return { type: 'not-done', why, waitMs: millisecondsOf(retryAfter) };
  // 408 comes from a proxy that gave up, whatever the receiver behind it does.
  if (status >= 400 && status < 500 && status !== 408) return { type: 'refused', why };
  return { type: 'unknown', why, mayHelpToRepeat: status >= 400 };
}

/** Of the header Retry-After: seconds. A date is longer than any tool waits. */
function millisecondsOf(retryAfter: string | undefined): number {
  if (retryAfter === undefined) return 0;
  return /^\d{1,9}$/.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : Number.POSITIVE_INFINITY;
}
