import type { CallRecordView } from '../call/call-record.js';

export type FetchedRecord = Pick<CallRecordView, 'state' | 'plan' | 'transcript' | 'turns' | 'disposition'> & Partial<CallRecordView>;

const timeoutMs = 2000;

/** The call's record from the admin API; undefined when it does not answer, or knows no such call. */
export async function fetchRecord(admin: string, callId: string): Promise<FetchedRecord | undefined> {
  try {
    const response = await fetch(`http://${admin}/v1/calls/${callId}`, { signal: AbortSignal.timeout(timeoutMs), headers: authorization() });
    if (response.status === 401) process.emitWarning('The admin API asks for a token: set TALKPATH_ADMIN_TOKEN to see the conversation');
    return response.ok ? ((await response.json()) as FetchedRecord) : undefined;
  } catch {
    return undefined;
  }
}

const authorization = (): Record<string, string> =>
  process.env.TALKPATH_ADMIN_TOKEN ? { authorization: `Bearer ${process.env.TALKPATH_ADMIN_TOKEN}` } : {};
