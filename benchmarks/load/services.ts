/**
 * talkpath's own share of what a caller waits for with each service: from the last sample of the caller's words to the
 * first of the reply, less the silence that is set and less the times that the emulated service itself takes.
 *   services [turns]
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { quantile } from '#talkpath/caller/call-report.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { pause } from '../pause.js';
import { mostCalls, numberAt } from './argument.js';
import { type MeasuredService, measuredServices } from './measured-services.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';
import { audibleMs, questions, spoken } from './spoken-questions.js';

const turns = numberAt(1, 'turns', mostCalls, 200);
const rateHz = 8000;
const turnsPerCall = 10;

const said = await spoken(questions, rateHz);
const shares: Record<string, object> = {};
for (const open of measuredServices) {
  const service = await open();
  const server = await ServerProcess.start({}, service.settings);
  try {
    const ownMs: number[] = [];
    while (ownMs.length < turns) ownMs.push(...(await placeCall(server, service, Math.min(turnsPerCall, turns - ownMs.length))));
    shares[service.name] = { p50: quantile(ownMs, 0.5), p95: quantile(ownMs, 0.95), p99: quantile(ownMs, 0.99), max: quantile(ownMs, 1) };
    process.stderr.write(`${service.name}: ${JSON.stringify(shares[service.name])}\n`);
  } finally {
    await server.stop();
    await service.close();
  }
}
writeResult('services', {
  turns,
  what: `end of the caller's speech to first sample of the reply, less the set silence and the service's own times, ${turns} turns each, ms`,
  shares,
});

/** One call with so many questions; talkpath's own share of each answer's latency. */
async function placeCall(server: ServerProcess, service: MeasuredService, count: number): Promise<number[]> {
  const caller = new SyntheticCaller({ ...server.audiosocket, callId: randomUUID(), rateHz, clock: systemClock });
  await caller.dial();
  await agentFinished(caller, 0);
  const ownMs: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const pcm = said[i % said.length] as Uint8Array;
    const heardBefore = caller.agentSpeech.intervals.length;
    service.turnBegins();
    const saidMs = caller.say(pcm) + audibleMs(pcm, rateHz).last;
    await agentFinished(caller, heardBefore);
    const answer = caller.agentSpeech.intervals[heardBefore];
    if (!answer) throw new Error(`${service.name} gave no answer to question ${i + 1}`);
    const startMs = systemClock.nowMs() - caller.sinceStartMs();
    ownMs.push(service.ownShareMs({ saidMs: saidMs + startMs, heardMs: answer.startMs + startMs }));
  }
  caller.hangUp();
  await caller.ended;
  return ownMs;
}

/** The agent has spoken once more than `before` times, and has been silent for a while. */
async function agentFinished(caller: SyntheticCaller, before: number): Promise<void> {
  const limitMs = caller.sinceStartMs() + 15_000;
  while (caller.sinceStartMs() < limitMs) {
    const silentMs = caller.agentSpeech.silentForMs(caller.sinceStartMs()) ?? 0;
    if (caller.agentSpeech.intervals.length > before && silentMs > 300) return;
    await pause(10);
  }
}
