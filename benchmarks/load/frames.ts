/**
 * Many echo calls at once, as their receivers see them: gaps between frames, frames missing in either direction, with
 * the control thread idle and blocked 500 ms every 2 s.
 *   frames [calls] [seconds]
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { frameTiming, quantile } from '#talkpath/caller/call-report.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';
import { speechLikeNoise } from './signal.js';

const calls = Number(process.argv[2] ?? 50);
const seconds = Number(process.argv[3] ?? 60);
const rateHz = 8000;
const frameMs = 20;

const idle = await measure({});
const stalled = await measure({ TALKPATH_TEST_STALL_MS: '500/2000' });
writeResult('frames', { calls, seconds, what: `${calls} echo calls for ${seconds} s, frames as the receiver sees them`, idle, stalled });

async function measure(environment: Record<string, string>): Promise<object> {
  const server = await ServerProcess.start({ TALKPATH_PROVIDER: 'echo', ...environment });
  try {
    const callers = await dialAll(server);
    await new Promise<void>((resolve) => systemClock.after(seconds * 1000, resolve));
    const sent = callers.map((caller) => caller.said.length);
    for (const caller of callers) caller.hangUp();
    await Promise.all(callers.map((caller) => caller.ended));
    const gaps = callers.flatMap(({ heard }) => heard.slice(1).map((frame, i) => frame.atMs - (heard[i]?.atMs ?? 0)));
    const missingOut = callers.reduce((sum, caller) => sum + frameTiming(caller.heard.map((frame) => frame.atMs)).missing, 0);
    return {
      frames: gaps.length + callers.length,
      gapMs: { p50: quantile(gaps, 0.5), p99: quantile(gaps, 0.99), p999: quantile(gaps, 0.999), max: quantile(gaps, 1) },
      missingToCaller: missingOut,
      missingToAgent: await missingInbound(server, sent),
    };
  } finally {
    await server.stop();
  }
}

async function dialAll(server: ServerProcess): Promise<SyntheticCaller[]> {
  const speech = speechLikeNoise((rateHz * seconds) | 0, rateHz, 1);
  const callers: SyntheticCaller[] = [];
  for (let i = 0; i < calls; i += 1) {
    const caller = new SyntheticCaller({ ...server.audiosocket, callId: randomUUID(), rateHz, clock: systemClock });
    callers.push(caller);
    await caller.dial();
    caller.say(speech);
    await new Promise<void>((resolve) => systemClock.after(7, resolve));
  }
  return callers;
}

/** Frames that were sent before the hang-up but that the engine did not take in. */
async function missingInbound(server: ServerProcess, sent: readonly number[]): Promise<number> {
  const response = await server.get('/v1/calls?limit=1000');
  const { calls: records } = (await response.json()) as {
    calls: { line?: { framesIn: number }; audio?: { lineSamplesDropped: number; agentSamplesDropped: number } }[];
  };
  const took = records.reduce((sum, record) => sum + (record.line?.framesIn ?? 0), 0);
  const dropped = records.reduce(
    (sum, { audio }) => sum + (audio ? (audio.lineSamplesDropped + audio.agentSamplesDropped) / ((rateHz / 1000) * frameMs) : 0),
    0,
  );
  return Math.max(0, sent.reduce((sum, count) => sum + count, 0) - took) + Math.ceil(dropped);
}
