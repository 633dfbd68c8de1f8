/**
 * Many calls to the local agent, a few at a time, that go and end in every way: the server's heap and resident memory
 * after each 50 of them, its open files and threads before and after.
 *   soak [calls]
 */
import { readdirSync } from 'node:fs';
import { speech } from '#talkpath/caller/caller-voice.js';
import { createLocalTts } from '#talkpath/providers/cascade/tts/local.js';
import { pause } from '../pause.js';
import { mostCalls, numberAt } from './argument.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';
import { rateHz, ways } from './soak-calls.js';
import { trendOf } from './trend.js';

const calls = numberAt(1, 'calls', mostCalls, 500);
const callsPerSample = Math.min(50, Math.max(1, Math.floor(calls / 6)));
const lanes = 10;
const questions = ['What are your opening hours?', 'Where are you located?', 'I would like to leave a message.', 'Can you repeat that, please?'];

const voice = await createLocalTts({ tier: 'light', voice: 'slt' });
const spoken = await Promise.all(questions.map((question) => speech(voice, question, rateHz)));
await voice.close();

const names = Object.keys(ways) as (keyof typeof ways)[];
const unlike = Object.fromEntries(names.map((name) => [name, 0]));
const server = await ServerProcess.start({ TALKPATH_PROVIDER: 'local' });
try {
  const begin = await heldNow();
  const memory: { calls: number; residentMiB: number; heapMiB: number }[] = [];
  for (let made = 0; made < calls; made += callsPerSample) {
    await placeCalls(made, Math.min(made + callsPerSample, calls));
    const { residentMiB, heapMiB } = await heldNow();
    memory.push({ calls: Math.min(made + callsPerSample, calls), residentMiB, heapMiB });
    process.stderr.write(`soak: ${JSON.stringify(memory.at(-1))}\n`);
  }
  const end = await heldNow();
  const half = memory.filter((sample) => sample.calls >= calls / 2);
  const secondHalf = (key: 'residentMiB' | 'heapMiB') => trendOf(half.map((sample) => ({ x: sample.calls, y: sample[key] })));
  writeResult('soak', {
    calls,
    what: `memory over ${calls} calls to the local agent, ${lanes} at a time; growth in the second half by its best line, ± one standard error, MiB`,
    ways: names,
    /** Calls in which the agent did not do its part. */
    unlike,
    residentMiB: { secondHalf: secondHalf('residentMiB') },
    heapMiB: { secondHalf: secondHalf('heapMiB') },
    begin,
    end,
    memory,
  });
} finally {
  await server.stop();
}

/** Calls number `from` to `to`, each lane one after the other; resolves when the server holds none of them. */
async function placeCalls(from: number, to: number): Promise<void> {
  let next = from;
  const lane = async (): Promise<void> => {
    while (next < to) await placeCall(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  for (let waited = 0; waited < 100 && (await metric('talkpath_engine_sessions')) > 0; waited += 1) await pause(50);
}

async function placeCall(call: number): Promise<void> {
  const name = names[call % names.length] as keyof typeof ways;
  const moment = ((call * 0.618) % 1) as number;
  const well = await ways[name](server.audiosocket, spoken[call % spoken.length] as Uint8Array, moment).catch((error: unknown) => {
    process.stderr.write(`soak: call ${call}, ${name}: ${String(error)}\n`);
    return false;
  });
  if (!well) unlike[name] = (unlike[name] ?? 0) + 1;
}

interface Held {
  readonly residentMiB: number;
  readonly heapMiB: number;
  readonly openFiles: number;
  readonly threads: number;
}

async function heldNow(): Promise<Held> {
  const mebibytes = (bytes: number): number => Number((bytes / 2 ** 20).toFixed(1));
  return {
    residentMiB: mebibytes(await metric('talkpath_process_resident_memory_bytes')),
    heapMiB: mebibytes(await metric('talkpath_process_heap_used_bytes')),
    openFiles: readdirSync(`/proc/${server.pid}/fd`).length,
    threads: readdirSync(`/proc/${server.pid}/task`).length,
  };
}

async function metric(name: string): Promise<number> {
  const text = await (await server.get('/metrics')).text();
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? 0);
}
