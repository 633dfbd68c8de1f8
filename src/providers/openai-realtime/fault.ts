import { ProviderError, type ProviderErrorCode } from '../network/provider-error.js';
import { type ServiceFault, who } from './protocol.js';

/** What an error of the service is about: nothing that matters, the turn at hand, or the whole session. */
export type Reach = 'nothing' | 'turn' | 'session';

/** Errors that answer what came too late, or twice. */
const harmless = ['response_cancel_not_active', 'input_audio_buffer_commit_empty', 'item_truncate_invalid_item_id', 'item_delete_invalid_item_id'];
const refusals = ['invalid_api_key', 'authentication_error', 'permission_error', 'permission_denied', 'account_deactivated'];
const busyness = ['rate_limit_exceeded', 'rate_limit_error', 'insufficient_quota', 'tokens', 'requests', 'overloaded_error', 'server_overloaded'];
/** Errors of a request that is wrong for as long as the settings are. */
const wrongSettings = ['model_not_found', 'invalid_model', 'missing_model', 'beta_api_shape_disabled'];
/** The service ends every session after an hour. */
const sessionExpired = 'session_expired';

export function reachOf(fault: ServiceFault): Reach {
  if (isOneOf(fault, harmless)) return 'nothing';
  return isOneOf(fault, [...refusals, ...busyness, ...wrongSettings, sessionExpired]) ? 'session' : 'turn';
}

/** The session has lasted as long as any may. */
export const isExpiry = ({ code }: ServiceFault): boolean => code === sessionExpired;

/** The error to raise for it. Its own text is not told: it may repeat what was said, or a part of the key. */
export function errorOf(fault: ServiceFault, happening: string): ProviderError {
  const told = [fault.code, fault.type].find((name) => name !== undefined && /^[a-z][a-z_.]{0,63}$/.test(name));
  return new ProviderError(codeOf(fault), `${who} ${happening}: ${told ?? 'no reason given'}`);
}

function codeOf(fault: ServiceFault): ProviderErrorCode {
  if (isOneOf(fault, refusals)) return 'TP_ERR_PROVIDER_REFUSED';
  if (isOneOf(fault, busyness)) return 'TP_ERR_PROVIDER_BUSY';
  if (isExpiry(fault)) return 'TP_ERR_PROVIDER_LOST';
  if (fault.type === 'invalid_request_error') return 'TP_ERR_PROVIDER_REQUEST';
  return 'TP_ERR_PROVIDER_LOST';
}

const isOneOf = ({ code, type }: ServiceFault, names: readonly string[]): boolean =>
  (code !== undefined && names.includes(code)) || (type !== undefined && names.includes(type));
