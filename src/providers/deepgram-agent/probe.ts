import { asProviderError, errorOfStatus } from '../network/provider-error.js';
import { who } from './protocol.js';

/**
 * Asks whether a conversation could be had: the host of the conversations for its list of models, which costs nothing,
 * and the host of the account whether it knows the key. A key that may not see projects is good for conversations.
 */
export async function probe(url: string, apiKey: string, signal: AbortSignal): Promise<void> {
  const base = url.replace(/\/+$/, '');
  const [conversations, account] = await Promise.all([
    statusOf(`${base}/v1/agent/settings/think/models`, apiKey, signal),
    statusOf(`${accountUrl(base)}/v1/projects`, apiKey, signal),
  ]);
  if (account === 401) throw errorOfStatus(who, account);
  if (conversations === 401 || conversations === 403 || conversations === 429 || conversations >= 500) throw errorOfStatus(who, conversations);
}

/** The account is asked for beside the host of the conversations; hosts of a region do both. */
export function accountUrl(base: string): string {
  const url = new URL(base);
  url.hostname = url.hostname.replace(/^agent\.(?=([a-z]+\.)?deepgram\.com$)/, 'api.');
  return url.href.replace(/\/+$/, '');
}

async function statusOf(url: string, apiKey: string, signal: AbortSignal): Promise<number> {
  try {
    const response = await fetch(url, { headers: { authorization: `Token ${apiKey}` }, redirect: 'manual', signal });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    throw asProviderError(who, error);
  }
}
