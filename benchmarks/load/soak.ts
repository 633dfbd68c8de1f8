/**
 * Many calls, one after the other: the server's heap and resident memory along the way.
 *   soak [calls]
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';
import { speechLikeNoise } from './signal.js';

const calls = Number(process.argv[2] ?? 500);
const provider = process.argv[3] ?? 'local';
const callMs = 600;
const samples = 10;

const server = await ServerProcess.start({ TALKPATH_PROVIDER: provider });
try {
  const memory: { calls: number; residentMiB: number; heapMiB: number }[] = [];
  for (let call = 1; call <= calls; call += 1) {
    await placeCall();
    if (call % Math.max(1, Math.floor(calls / samples)) === 0) memory.push({ calls: call, ...(await memoryNow()) });
  }
  const half = memory[Math.floor(memory.length / 2)];
  const last = memory.at(-1);
  const growth = (key: 'residentMiB' | 'heapMiB'): number => Number(((last?.[key] ?? 0) - (half?.[key] ?? 0)).toFixed(1));
  const what = `memory over ${calls} calls of ${callMs} ms to ${provider}, one after the other`;
  writeResult('soak', { calls, what, residentGrowthMiB: growth('residentMiB'), heapGrowthMiB: growth('heapMiB'), memory });
} finally {
  await server.stop();
}

async function placeCall(): Promise<void> {
  const caller = new SyntheticCaller({ ...server.audiosocket, callId: randomUUID(), rateHz: 8000, clock: systemClock });
  await caller.dial();
  caller.say(speechLikeNoise((8000 * callMs) / 1000, 8000, 3));
  await new Promise<void>((resolve) => systemClock.after(callMs, resolve));
  caller.hangUp();
  await caller.ended;
}

async function memoryNow(): Promise<{ residentMiB: number; heapMiB: number }> {
  const text = await (await server.get('/metrics')).text();
  const mebibytes = (name: string): number => Number((Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? 0) / 2 ** 20).toFixed(1));
  return { residentMiB: mebibytes('talkpath_process_resident_memory_bytes'), heapMiB: mebibytes('talkpath_process_heap_used_bytes') };
}
