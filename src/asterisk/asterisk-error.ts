import { type ErrorCode, TalkpathError } from '../base/errors.js';

export type AsteriskErrorCode = Extract<ErrorCode, `TP_ERR_ASTERISK_${string}`>;

/** What Asterisk did, or will not do, in words that hold no secret and name no caller. */
export class AsteriskError extends TalkpathError {
  declare readonly code: AsteriskErrorCode;

  constructor(code: AsteriskErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** Anything thrown by a socket or a request, as what Asterisk did; of foreign words only the code is told. */
export function asAsteriskError(who: string, thrown: unknown): AsteriskError {
  if (thrown instanceof AsteriskError) return thrown;
  const { code, cause } = (thrown ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  const known = [code, cause?.code].find((value) => typeof value === 'string' && /^[A-Z][A-Z0-9_]*$/.test(value));
  const kind = typeof known === 'string' ? known : thrown instanceof Error ? thrown.name : typeof thrown;
  return new AsteriskError('TP_ERR_ASTERISK_CONNECT', `${who} cannot be reached: ${kind}`, { cause: thrown });
}
