import { type ErrorCode, TalkpathError } from '../../base/errors.js';

export type ProviderErrorCode = Extract<ErrorCode, `TP_ERR_PROVIDER_${string}`>;

/** What a service did, in words that hold no secret and nothing that was said. */
export class ProviderError extends TalkpathError {
  declare readonly code: ProviderErrorCode;
  /** Whether the same might go well a little later. */
  readonly isRetryable: boolean;
  /** How long the service asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ProviderErrorCode, message: string, { retryAfterMs, cause }: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(code, message, cause === undefined ? undefined : { cause });
    this.isRetryable = code !== 'TP_ERR_PROVIDER_REFUSED' && code !== 'TP_ERR_PROVIDER_REQUEST';
    this.retryAfterMs = retryAfterMs;
  }
}

const longestRetryAfterMs = 3_600_000;

/** What an HTTP status other than success means. `who` is the service as an operator knows it: "openai". */
export function errorOfStatus(who: string, status: number, retryAfter?: string | null): ProviderError {
  const said = `${who} answered with HTTP status ${status}`;
  const retryAfterMs = millisecondsOf(retryAfter);
  if (status === 401 || status === 403) return new ProviderError('TP_ERR_PROVIDER_REFUSED', said);
  if (status === 429 || status === 503) return new ProviderError('TP_ERR_PROVIDER_BUSY', said, { retryAfterMs });
  if (status >= 400 && status < 500 && status !== 408) return new ProviderError('TP_ERR_PROVIDER_REQUEST', said);
  return new ProviderError('TP_ERR_PROVIDER_CONNECT', said, { retryAfterMs });
}

/** Of the header Retry-After, as seconds; a date is as good as none. */
function millisecondsOf(retryAfter: string | null | undefined): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN);
  if (!(seconds >= 0)) return undefined;
  return Math.min(longestRetryAfterMs, Math.round(seconds * 1000));
}

/** Anything thrown by a client or a socket, as what the service did; of foreign words only the kind and the code are told. */
export function asProviderError(who: string, thrown: unknown, fallback: ProviderErrorCode = 'TP_ERR_PROVIDER_CONNECT'): TalkpathError {
  if (thrown instanceof TalkpathError) return thrown;
  const { status, headers } = (thrown ?? {}) as { status?: unknown; headers?: Headers };
  if (typeof status === 'number') return errorOfStatus(who, status, headers?.get?.('retry-after'));
  const chain = causesOf(thrown);
  // An SDK wraps what its fetch() threw.
  const own = chain.find((error) => error instanceof TalkpathError);
  if (own) return own;
  // The OpenAI SDK's errors tell what they are by their class alone.
  if (chain.some((error) => error.name === 'TimeoutError' || error.constructor.name === 'APIConnectionTimeoutError'))
    return new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not answer in time`);
  const codes = chain.map((error) => (error as { code?: unknown }).code);
  const known = codes.find((code) => typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code));
  const kind = typeof known === 'string' ? known : thrown instanceof Error ? thrown.name : typeof thrown;
  return new ProviderError(fallback, `${who} cannot be reached: ${kind}`, { cause: thrown });
}

/** The error and what it says caused it, which may be deep down. */
function causesOf(thrown: unknown): Error[] {
  const chain: Error[] = [];
  for (let error = thrown; error instanceof Error && chain.length < 5; error = error.cause) chain.push(error);
  return chain;
}
