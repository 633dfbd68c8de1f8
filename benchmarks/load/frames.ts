/**
 * Many echo calls at once, as their receivers see them: gaps between frames, frames missing in either direction, with
 * the control thread idle and blocked 500 ms every 2 s.
 *   frames [calls] [seconds]
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pause } from '../pause.js';
import { daySeconds, mostCalls, numberAt } from './argument.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';

const calls = numberAt(1, 'calls', mostCalls, 50);
const seconds = numberAt(2, 'seconds', daySeconds, 60);
const frameSamples = 160;
const manyCallers = fileURLToPath(new URL('../../../build/benchmarks-native/many_callers', import.meta.url));

interface Heard {
  readonly frames: number;
  readonly gapMs: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
  readonly missingToCaller: number;
  readonly framesSent: number;
  /** How punctual the machine lets a thread be that only sends. */
  readonly sentLateMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

const idle = await measure({});
const stalled = await measure({ TALKPATH_TEST_STALL_MS: '500/2000' });
writeResult('frames', { calls, seconds, what: `${calls} echo calls for ${seconds} s, frames as the receiver sees them`, idle, stalled });

async function measure(environment: Record<string, string>): Promise<object> {
  const server = await ServerProcess.start({ TALKPATH_PROVIDER: 'echo', ...environment });
  try {
    const { stdout } = await promisify(execFile)(manyCallers, [String(server.audiosocket.port), String(calls), String(seconds)]);
    const heard = JSON.parse(stdout) as Heard;
    return { ...heard, missingToAgent: await missingInbound(server, heard.framesSent) };
  } finally {
    await server.stop();
  }
}

/** Frames that were sent but that the engine did not take in, or that its agents did not get. */
async function missingInbound(server: ServerProcess, sent: number): Promise<number> {
  let records = await endedCalls(server);
  for (let waited = 0; records.length < calls && waited < 50; waited += 1) {
    await pause(100);
    records = await endedCalls(server);
  }
  const took = records.reduce((sum, { line }) => sum + line.framesIn, 0);
  const dropped = records.reduce((sum, { audio }) => sum + (audio.lineSamplesDropped + audio.agentSamplesDropped) / frameSamples, 0);
  return sent - took + Math.ceil(dropped);
}

interface EndedCall {
  readonly state: string;
  readonly line: { readonly framesIn: number };
  readonly audio: { readonly lineSamplesDropped: number; readonly agentSamplesDropped: number };
}

async function endedCalls(server: ServerProcess): Promise<readonly EndedCall[]> {
  const { calls: records } = (await (await server.get('/v1/calls?limit=1000')).json()) as { calls: EndedCall[] };
  return records.filter(({ state }) => state === 'ended');
}
