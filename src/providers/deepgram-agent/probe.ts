import { asProviderError, errorOfStatus } from '../network/provider-error.js';
import { who } from './protocol.js';

/**
 * Asks whether a conversation could be had: the host of the conversations for its list of models, which costs nothing,
 * and the host of the account whether it knows the key. A key that may not see projects is good for conversations.
 */
export async function probe(url: string, apiKey: string, signal: AbortSignal): Promise<void> {
  const base = url.replace(/\/+$/, '');
  const [conversations, account] = await Promise.all([
    answerOf(`${base}/v1/agent/settings/think/models`, apiKey, signal),
    answerOf(`${accountUrl(base)}/v1/projects`, apiKey, signal),
  ]);
  if (account.status === 401) throw errorOfStatus(who, account.status);
  const { status, retryAfter } = conversations;
  if (status === 401 || status === 403 || status === 429 || status >= 500) throw errorOfStatus(who, status, retryAfter);
}

/** The account is asked for beside the host of the conversations; hosts of a region do both. */
export function accountUrl(base: string): string {
  const url = new URL(base);
  url.hostname = url.hostname.replace(/^agent\.(?=([a-z]+\.)?deepgram\.com$)/, 'api.');
  return url.href.replace(/\/+$/, '');
}

async function answerOf(url: string, apiKey: string, signal: AbortSignal): Promise<{ status: number; retryAfter: string | null }> {
  try {
    const response = await fetch(url, { headers: { authorization: `Token ${apiKey}` }, redirect: 'manual', signal });
    await response.body?.cancel();
    return { status: response.status, retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    throw asProviderError(who, error);
  }
}
