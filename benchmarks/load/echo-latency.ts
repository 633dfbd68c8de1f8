/**
 * Sample in to sample out through the echo agent: the caller's frames carry bursts of noise; where each comes back is
 * found by cross-correlation of what was sent (at the moment it was sent) with what was heard (at the moment it came).
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { quantile } from '#talkpath/caller/call-report.js';
import { agentTrack } from '#talkpath/caller/recording.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { pause } from '../pause.js';
import { mostCalls, numberAt } from './argument.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';
import { speechLikeNoise } from './signal.js';

const calls = numberAt(1, 'calls', mostCalls, 10);
const burstsPerCall = 5;
const burstMs = 300;
const pauseMs = 500;
const longestDelayMs = 150;

const rateHz = 8000;
const server = await ServerProcess.start({ TALKPATH_PROVIDER: 'echo' });
const delaysMs: number[] = [];
try {
  for (let call = 0; call < calls; call += 1) delaysMs.push(...(await measureCall(call)));
} finally {
  await server.stop();
}
const result = {
  what: 'echo agent, sample in to sample out, ms',
  samples: delaysMs.length,
  p50: quantile(delaysMs, 0.5),
  p95: quantile(delaysMs, 0.95),
  max: quantile(delaysMs, 1),
};
writeResult('echo-latency', result);

async function measureCall(seed: number): Promise<number[]> {
  const caller = new SyntheticCaller({ ...server.audiosocket, callId: randomUUID(), rateHz, clock: systemClock });
  await caller.dial();
  const burst = speechLikeNoise((burstMs * rateHz) / 1000, rateHz, seed + 1);
  const starts: number[] = [];
  for (let i = 0; i < burstsPerCall; i += 1) {
    starts.push(caller.say(burst));
    await pause(burstMs + pauseMs + seed * 3.7);
  }
  caller.hangUp();
  await caller.ended;
  const heard = agentTrack(caller, rateHz);
  return starts.map((startMs) => delayOf(burst, heard, startMs));
}

/** The lag, in ms, at which `heard` from `startMs` on looks most like `burst`. */
function delayOf(burst: Buffer, heard: Buffer, startMs: number): number {
  const start = (startMs * rateHz) / 1000;
  let best = 0;
  let bestLag = 0;
  for (let lag = 0; lag < (longestDelayMs * rateHz) / 1000; lag += 1) {
    let sum = 0;
    for (let i = 0; i < burst.length / 2; i += 1) {
      const at = (start + lag + i) * 2;
      if (at + 1 < heard.length) sum += burst.readInt16LE(i * 2) * heard.readInt16LE(at);
    }
    if (sum > best) {
      best = sum;
      bestLag = lag;
    }
  }
  return (bestLag * 1000) / rateHz;
}
