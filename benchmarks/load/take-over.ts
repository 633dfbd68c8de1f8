/**
 * Providers that are killed in the middle of an utterance: how long the caller hears nothing, and whether any word is
 * said twice.
 *   take-over [calls]
 */
import { randomUUID } from 'node:crypto';
import { frameMs } from '#talkpath/base/audio-format.js';
import { systemClock } from '#talkpath/base/clock.js';
import { quantile } from '#talkpath/caller/call-report.js';
import { levelDbfs, speechDbfs } from '#talkpath/caller/speech-intervals.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { pause } from '../pause.js';
import { mostCalls, numberAt } from './argument.js';
import { writeResult } from './result.js';
import { openServicePair, placeCalls } from './service-pair.js';

const calls = numberAt(1, 'calls', mostCalls, 200);
const words = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen'.split(' ');
const wordMs = 330;

const pair = await openServicePair();
const deadAirMs: number[] = [];
/** Words that the second provider was told and that the first had not said, or the other way round. */
const wordsAmiss: number[] = [];
let bridged = 0;
// One at a time: what the second provider was told is told by its order.
try {
  await placeCalls(calls, 1, placeCall);
} finally {
  await pair.close();
}
writeResult('take-over', {
  calls,
  what: `${calls} calls whose provider is killed in mid-utterance; longest time between two audible frames beyond the 20 ms of the first, ms; words by which what the next provider is told differs from what was sent`,
  deadAirMs: { p50: quantile(deadAirMs, 0.5), p99: quantile(deadAirMs, 0.99), max: quantile(deadAirMs, 1) },
  wordsAmiss: { p50: quantile(wordsAmiss, 0.5), max: quantile(wordsAmiss, 1) },
  bridged,
});

async function placeCall(n: number): Promise<void> {
  const afterMs = 600 + ((n * 173) % 4000);
  pair.first.fault = { type: 'close-in-reply', afterMs };
  pair.first.answers.push({ parts: [{ say: words.join(' '), ms: words.length * wordMs }] });
  pair.second.answers.push({ parts: [{ say: 'and so on to the end.', ms: 1500 }] });
  pair.second.received.length = 0;
  const callId = randomUUID();
  const caller = new SyntheticCaller({ ...pair.server.audiosocket, callId, rateHz: 8000, clock: systemClock });
  await caller.dial();
  const limitMs = 15_000;
  const expectedMs = afterMs + 1500;
  while (
    caller.sinceStartMs() < limitMs &&
    (soundMs(caller) < expectedMs - 100 || (caller.agentSpeech.silentForMs(caller.sinceStartMs()) ?? 0) < 1500)
  ) {
    await pause(20);
  }
  const record = (await (await pair.server.get(`/v1/calls/${callId}`)).json()) as { bridgeLines: number };
  caller.hangUp();
  await caller.ended;
  bridged += record.bridgeLines;
  deadAirMs.push(longestSilenceMs(caller));
  const told = /"text":"(one[a-z ]*)"/.exec(JSON.stringify(pair.second.received))?.[1]?.split(' ') ?? [];
  if (told.some((word, i) => word !== words[i])) throw new Error(`the next provider was told other words: ${told.join(' ')}`);
  wordsAmiss.push(Math.abs(told.length - afterMs / wordMs));
}

/** Between the first sound and the last. */
function longestSilenceMs({ heard }: SyntheticCaller): number {
  const soundsMs = heard.filter(({ pcm }) => levelDbfs(pcm) >= speechDbfs).map(({ atMs }) => atMs);
  return Math.max(0, ...soundsMs.slice(1).map((atMs, i) => atMs - (soundsMs[i] ?? atMs) - frameMs));
}

function soundMs(caller: SyntheticCaller): number {
  return caller.agentSpeech.intervals.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}
