import type { CallRecordView } from '#talkpath/call/call-record.js';
import { eventually } from '../deadline.js';
import type { Bench, BenchCall, DialOptions } from './bench.js';

async function records(bench: Bench): Promise<readonly CallRecordView[]> {
  const { calls } = (await bench.talkpath.request('GET', '/v1/calls')) as { calls: CallRecordView[] };
  return calls;
}

/** Dials a context of a dialplan that makes the UUID itself, and finds it among talkpath's calls. */
export async function dialNameless(bench: Bench, extension: string, options: DialOptions = {}): Promise<BenchCall> {
  const before = new Set((await records(bench)).map(({ callId }) => callId));
  const { call } = await bench.dial(extension, options);
  const record = await eventually(5000, `the call of ${extension} has come`, async () =>
    (await records(bench)).find(({ callId }) => !before.has(callId)),
  );
  return { uuid: record.callId, call };
}
