import { randomBytes } from 'node:crypto';
import type { WebhookSettings } from '../config/tools.js';
import { answerTo } from './answers.js';
import { type AttemptMeans, attempt, type Wish } from './attempts.js';
import { effectOf } from './effect.js';
import type { Effects } from './effects.js';
import type { HttpRequest } from './http-exchange.js';
import type { Tool, ToolArguments, ToolResult, ToolUse } from './tool.js';

export interface WebhookMeans extends AttemptMeans {
  readonly effects: Effects;
}

/** A tool that is a request to a service of the operator's. */
export function webhookTool(name: string, settings: WebhookSettings, means: WebhookMeans): Tool {
  const { description, parameters, once_per: oncePer } = settings;
  const patience = {
    timeoutMs: settings.timeout_ms,
    retries: settings.retries,
    retryMs: settings.retry_ms,
    isSafeToRepeat: settings.safe_to_repeat,
  };
  return {
    definition: { name, description, parameters: { ...parameters } },
    async run(args, use) {
      if (oncePer === 'none') return lookUp(args, use);
      const effect = effectOf(use.callId, name, args, oncePer);
      const request = requestOf(settings, name, effect.key, args, use);
      const carryOut = (wish: Wish) => attempt(request, patience, means, wish);
      return means.effects.run({ effect, isSafeToRepeat: settings.safe_to_repeat, carryOut }, use.signal);
    },
  };

  /** Each time anew: a receiver that knows the key of the last time would give what it found then. */
  async function lookUp(args: ToolArguments, use: ToolUse): Promise<ToolResult> {
    const request = requestOf(settings, name, randomBytes(32).toString('hex'), args, use);
    const cut = new AbortController();
    const signals = [use.signal, means.effects.closed];
    const onAbort = (): void => cut.abort();
    for (const signal of signals) signal.addEventListener('abort', onAbort);
    if (signals.some((signal) => signal.aborted)) cut.abort();
    try {
      return answerTo(await attempt(request, patience, means, { isWanted: () => !cut.signal.aborted, closed: cut.signal }));
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    }
  }
}

/** Where it goes is the settings' alone to say: arguments are its body, or the query of a GET. */
function requestOf(settings: WebhookSettings, tool: string, key: string, args: ToolArguments, { callId, caller, variables }: ToolUse): HttpRequest {
  const { method, send_caller: sendCaller } = settings;
  const url = new URL(settings.url);
  const headers = { 'user-agent': 'talkpath', accept: 'application/json, text/plain', ...settings.headers, 'idempotency-key': key };
  if (method === 'GET') {
    for (const [name, value] of Object.entries(args)) url.searchParams.append(name, typeof value === 'string' ? value : JSON.stringify(value));
    return { method, url, headers, body: undefined };
  }
  const body = JSON.stringify({ call_id: callId, tool, arguments: args, ...(sendCaller ? { caller, variables } : {}) });
  const length = String(Buffer.byteLength(body));
  return { method, url, headers: { ...headers, 'content-type': 'application/json', 'content-length': length }, body };
}
