/**
 * Audio of replies that were cancelled: callers speak over a service that goes on with its reply all the same, and
 * each reply is a tone of its own. How much of the cancelled one is heard after it stopped.
 *   cancelled [barge-ins]
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { quantile } from '#talkpath/caller/call-report.js';
import { levelDbfs } from '#talkpath/caller/speech-intervals.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { pause } from '../pause.js';
import { mostCalls, numberAt } from './argument.js';
import { writeResult } from './result.js';
import { openServicePair, placeCalls } from './service-pair.js';
import { audibleMs, questions, spoken } from './spoken-questions.js';

const bargeIns = numberAt(1, 'barge-ins', mostCalls, 500);
const rateHz = 8000;
const cancelledHz = 1000;
const answerHz = 400;
const audibleDbfs = -50;
/** A frame is a tone when it is no louder than the tone alone, but for so much. */
const mostlyDb = 3;

const said = await spoken(questions, rateHz);
const pair = await openServicePair();
const stopsMs: number[] = [];
const leakedMs: number[] = [];
let missed = 0;
// One at a time: whose answer is whose is told by their order.
try {
  await placeCalls(bargeIns, 1, bargeIn);
} finally {
  await pair.close();
}
writeResult('cancelled', {
  bargeIns,
  what: `${bargeIns} barge-ins on a service that goes on with the cancelled reply; ms from the caller's first sample to the last of the cancelled reply, and ms of it heard after 500 ms`,
  stopMs: { p50: quantile(stopsMs, 0.5), p99: quantile(stopsMs, 0.99), max: quantile(stopsMs, 1) },
  missed,
  withCancelledAudio: leakedMs.filter((ms) => ms > 0).length,
});

async function bargeIn(n: number): Promise<void> {
  pair.first.fault = { type: 'ignore-cancel' };
  const answer = { parts: [{ say: 'Yes.', ms: 600, hz: answerHz }] };
  pair.first.answers.push({ parts: [{ say: 'A long story.', ms: 8000, hz: cancelledHz }] }, answer);
  // Who cannot be stopped cannot answer either: the next provider does.
  pair.second.answers.push(answer);
  const caller = new SyntheticCaller({ ...pair.server.audiosocket, callId: randomUUID(), rateHz, clock: systemClock });
  await caller.dial();
  await until(() => caller.agentSpeech.intervals.length > 0);
  await pause(400 + ((n * 137) % 700));
  const pcm = said[n % said.length] as Uint8Array;
  const speechMs = caller.say(pcm) + audibleMs(pcm, rateHz).first;
  await until(() => toneMs(caller, answerHz, speechMs).length > 0);
  await pause(400);
  caller.hangUp();
  await caller.ended;
  for (const { answers } of [pair.first, pair.second]) answers.length = 0;
  const after = toneMs(caller, cancelledHz, speechMs);
  const stopMs = Math.max(0, ...after.filter((atMs) => atMs < speechMs + 500).map((atMs) => atMs + 20 - speechMs));
  if (after.some((atMs) => atMs > speechMs + 400 && atMs < speechMs + 500)) missed += 1;
  else stopsMs.push(stopMs);
  leakedMs.push(after.filter((atMs) => atMs >= speechMs + 500).length * 20);
}

/** When frames came that are this tone and hardly anything else, from `fromMs` on. */
function toneMs(caller: SyntheticCaller, hz: number, fromMs: number): number[] {
  const isTone = (pcm: Uint8Array): boolean => toneDbfs(pcm, hz) > Math.max(audibleDbfs, levelDbfs(pcm) - mostlyDb);
  return caller.heard.filter(({ atMs, pcm }) => atMs >= fromMs && isTone(pcm)).map(({ atMs }) => atMs);
}

/** Of a tone in a frame. After: Goertzel, with a Hann window so that another tone is not taken for it. */
function toneDbfs(pcm: Uint8Array, hz: number): number {
  const count = pcm.byteLength / 2;
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  let re = 0;
  let im = 0;
  for (let i = 0; i < count; i += 1) {
    const sample = (view.getInt16(i * 2, true) / 32_768) * (1 - Math.cos((2 * Math.PI * i) / count));
    re += sample * Math.cos((2 * Math.PI * hz * i) / rateHz);
    im += sample * Math.sin((2 * Math.PI * hz * i) / rateHz);
  }
  return 20 * Math.log10((Math.SQRT2 * Math.hypot(re, im)) / count + 1e-9);
}

async function until(done: () => boolean): Promise<void> {
  for (let waited = 0; waited < 1000 && !done(); waited += 1) await pause(10);
}
