/**
 * Services that fail in every way that they can be told to: calls whose first provider has the fault and whose second
 * is well. How long the caller hears nothing, how each call ends, and what is left open.
 *   faults [calls of each fault]
 */
import { randomUUID } from 'node:crypto';
import type { Fault } from '#emulators/fault.js';
import type { OpenAiRealtimeService } from '#emulators/openai-realtime.js';
import { systemClock } from '#talkpath/base/clock.js';
import { quantile } from '#talkpath/caller/call-report.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { pause } from '../pause.js';
import { mostCalls, numberAt } from './argument.js';
import { writeResult } from './result.js';
import type { ServerProcess } from './server-process.js';
import { openServicePair, placeCalls, silenceMs } from './service-pair.js';
import { audibleMs, questions, spoken } from './spoken-questions.js';

const calls = numberAt(1, 'calls', mostCalls, 200);
const rateHz = 8000;
const atOnce = 8;
/** Whatever goes on a little behind the last call is over then. */
const settlingMs = 2500;

const faults: Readonly<Record<string, Fault>> = {
  refuse: { type: 'refuse' },
  'status 401': { type: 'status', status: 401 },
  'status 429': { type: 'status', status: 429, retryAfterS: 1 },
  'status 500': { type: 'status', status: 500 },
  hang: { type: 'hang' },
  'close in mid-utterance': { type: 'close-in-reply', afterMs: 700 },
  'stall in mid-utterance': { type: 'stall-in-reply', afterMs: 700 },
  flood: { type: 'flood' },
  drip: { type: 'drip' },
  'garbage JSON': { type: 'garbage-json' },
  'garbage base64': { type: 'garbage-base64' },
  'audio of a cancelled reply': { type: 'ignore-cancel' },
};

interface CallOutcome {
  /** From being connected, and from the end of a question and the set silence, to the first sound. */
  readonly waitsMs: readonly number[];
  readonly endReason: string;
}

const said = await spoken(questions, rateHz);
const results: Record<string, object> = {};
for (const [name, fault] of Object.entries(faults)) {
  results[name] = await runFault(fault);
  process.stderr.write(`${name}: ${JSON.stringify(results[name])}\n`);
}
writeResult('faults', {
  calls,
  what: `${calls} calls for each fault of the first provider, each with its greeting and one question; ms from the end of the caller's turn to a sound`,
  results,
});

async function runFault(fault: Fault): Promise<object> {
  const pair = await openServicePair();
  const { server, first, second } = pair;
  first.fault = fault;
  try {
    await pause(settlingMs);
    const timers = await server.timers();
    const outcomes: CallOutcome[] = [];
    await placeCalls(calls, atOnce, async (n) => void outcomes.push(await placeCall(server, n)));
    const waitsMs = outcomes.flatMap((outcome) => outcome.waitsMs);
    const ends: Record<string, number> = {};
    for (const { endReason } of outcomes) ends[endReason] = (ends[endReason] ?? 0) + 1;
    return {
      turns: waitsMs.length,
      waitMs: { p50: quantile(waitsMs, 0.5), p99: quantile(waitsMs, 0.99), max: quantile(waitsMs, 1) },
      ends,
      leftOpen: await leftOpen(server, [first, second], timers),
    };
  } finally {
    await pair.close();
  }
}

async function placeCall(server: ServerProcess, n: number): Promise<CallOutcome> {
  const callId = randomUUID();
  const caller = new SyntheticCaller({ ...server.audiosocket, callId, rateHz, clock: systemClock });
  await caller.dial();
  const waitsMs: number[] = [];
  await soundAfter(caller, 0);
  waitsMs.push(caller.agentSpeech.intervals[0]?.startMs ?? Number.POSITIVE_INFINITY);
  // The question may come over the agent: a barge-in.
  await pause(900 + ((n * 137) % 700));
  const pcm = said[n % said.length] as Uint8Array;
  const saidMs = caller.say(pcm) + audibleMs(pcm, rateHz).last;
  await soundAfter(caller, saidMs);
  const answer = caller.agentSpeech.intervals.find(({ startMs }) => startMs > saidMs);
  waitsMs.push(answer ? Math.max(0, answer.startMs - saidMs - silenceMs) : Number.POSITIVE_INFINITY);
  await pause(300);
  caller.hangUp();
  await caller.ended;
  return { waitsMs, endReason: await endReasonOf(server, callId) };
}

/** There has been a sound that began after that time; or there will be none. */
async function soundAfter(caller: SyntheticCaller, sinceMs: number): Promise<void> {
  const limitMs = Math.max(sinceMs, caller.sinceStartMs()) + 10_000;
  while (caller.sinceStartMs() < limitMs) {
    if (caller.agentSpeech.intervals.some(({ startMs }) => startMs > sinceMs)) return;
    await pause(10);
  }
}

async function endReasonOf(server: ServerProcess, callId: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const response = await server.get(`/v1/calls/${callId}`);
    const { state, endReason = 'none' } = (await response.json()) as { state?: string; endReason?: string };
    if (state === 'ended') return endReason;
    await pause(20);
  }
  return 'never ended';
}

/** Connections to the services, and sessions, calls and further timers of the server, a moment after the last call. */
async function leftOpen(server: ServerProcess, services: readonly OpenAiRealtimeService[], timersBefore: number): Promise<object> {
  await pause(settlingMs);
  const metrics = await (await server.get('/metrics')).text();
  const sum = (name: string): number =>
    [...metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.e+-]+)`, 'gm'))].reduce((total, [, value]) => total + Number(value), 0);
  return {
    sockets: services.reduce((total, service) => total + service.openConnections, 0),
    providerSessions: sum('talkpath_provider_sessions'),
    engineSessions: sum('talkpath_engine_sessions'),
    calls: sum('talkpath_calls_live'),
    timers: Math.max(0, (await server.timers()) - timersBefore),
  };
}
