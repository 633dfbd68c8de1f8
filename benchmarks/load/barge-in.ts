/**
 * Callers who speak over the greeting: from their first sample of speech on the wire to the agent's last sample.
 *   barge-in [calls]
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { quantile } from '#talkpath/caller/call-report.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { pause } from '../pause.js';
import { mostCalls, numberAt } from './argument.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';
import { audibleMs, spoken } from './spoken-questions.js';

const calls = numberAt(1, 'calls', mostCalls, 50);
const rateHz = 8000;
const sentences = ['What are your opening hours?', 'I would like to leave a message.', 'Can I speak to a person, please?', 'Where are you located?'];
const earliestMs = 600;
const spreadMs = 137;
const audibleSample = 100; // -50 dBFS

const said = await spoken(sentences, rateHz);

const server = await ServerProcess.start({ TALKPATH_PROVIDER: 'local' });
const stopsMs: number[] = [];
let missed = 0;
try {
  for (let call = 0; call < calls; call += 1) {
    const stopMs = await placeCall(call);
    if (stopMs === undefined) missed += 1;
    else stopsMs.push(stopMs);
  }
} finally {
  await server.stop();
}
writeResult('barge-in', {
  calls,
  what: `caller's first speech sample on the wire to the agent's last, ${calls} barge-ins, ms`,
  p50: quantile(stopsMs, 0.5),
  p95: quantile(stopsMs, 0.95),
  max: quantile(stopsMs, 1),
  missed,
});

/** Undefined when the agent spoke on to the end. */
async function placeCall(call: number): Promise<number | undefined> {
  const caller = new SyntheticCaller({ ...server.audiosocket, callId: randomUUID(), rateHz, clock: systemClock });
  await caller.dial();
  await until(() => caller.agentSpeech.intervals.length > 0);
  await pause(earliestMs + ((call * spreadMs) % 700));
  const pcm = said[call % said.length] as Uint8Array;
  const speechMs = caller.say(pcm) + audibleMs(pcm, rateHz).first;
  await pause(700);
  caller.hangUp();
  await caller.ended;
  const lastMs = lastAudibleMs(caller);
  return lastMs > speechMs + 650 ? undefined : lastMs - speechMs;
}

/** When the last audible sample of the agent's was due, by its frame's arrival. */
function lastAudibleMs(caller: SyntheticCaller): number {
  for (let i = caller.heard.length - 1; i >= 0; i -= 1) {
    const frame = caller.heard[i];
    if (!frame) continue;
    const samples = Buffer.from(frame.pcm.buffer, frame.pcm.byteOffset, frame.pcm.byteLength);
    for (let at = samples.length - 2; at >= 0; at -= 2) {
      if (Math.abs(samples.readInt16LE(at)) > audibleSample) return frame.atMs + (at / 2 / frame.rateHz) * 1000;
    }
  }
  return 0;
}

async function until(done: () => boolean): Promise<void> {
  for (let waited = 0; waited < 500 && !done(); waited += 1) await pause(10);
}
