/**
 * Many callers talk to the local agent at once, each at the pace of a conversation: how long they wait for their answers,
 * and how many are asked to say it again because the machine cannot keep up.
 *   callers [callers] [seconds]
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { quantile } from '#talkpath/caller/call-report.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { pause } from '../pause.js';
import { daySeconds, mostCalls, numberAt } from './argument.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';
import { questions, spoken } from './spoken-questions.js';

const callers = numberAt(1, 'callers', mostCalls, 30);
const seconds = numberAt(2, 'seconds', daySeconds, 60);
const rateHz = 8000;
/** A caller thinks for so long, and at most so much longer, before saying the next thing. */
const shortestThoughtMs = 600;
const thoughtSpreadMs = 1200;
const giveUpMs = 10_000;

const said = await spoken(questions, rateHz);

interface CallView {
  readonly endReason?: string;
  readonly turns: readonly { readonly cause: string; readonly replyLatencyMs?: number }[];
}

const server = await ServerProcess.start({ TALKPATH_PROVIDER: 'local' });
try {
  const asked = (await Promise.all(Array.from({ length: callers }, (_, i) => converse(i)))).reduce((sum, count) => sum + count, 0);
  const { calls } = (await (await server.get('/v1/calls?limit=1000')).json()) as { calls: CallView[] };
  const turns = calls.flatMap((call) => call.turns);
  const latenciesMs = turns.flatMap((turn) => (turn.cause === 'caller' ? (turn.replyLatencyMs ?? []) : []));
  writeResult('callers', {
    callers,
    seconds,
    what: `${callers} callers at once for ${seconds} s: end of the caller's speech to first agent audio, ms; questions asked, answered, sent back by the fallback line`,
    asked,
    answered: latenciesMs.length,
    sentBack: turns.filter(({ cause }) => cause === 'fallback').length,
    hungUpOn: calls.filter(({ endReason }) => endReason === 'provider-failed').length,
    p50: quantile(latenciesMs, 0.5),
    p95: quantile(latenciesMs, 0.95),
    max: quantile(latenciesMs, 1),
  });
} finally {
  await server.stop();
}

/** One caller: asks, hears the answer out, thinks, asks again. Returns how often. */
async function converse(number: number): Promise<number> {
  await pause((number / callers) * Math.min(10_000, seconds * 250));
  const caller = new SyntheticCaller({ ...server.audiosocket, callId: randomUUID(), rateHz, clock: systemClock });
  await caller.dial();
  let over = false;
  void caller.ended.then(() => {
    over = true;
  });
  const until = async (done: () => boolean): Promise<void> => {
    const limitMs = caller.sinceStartMs() + giveUpMs;
    while (!over && !done() && caller.sinceStartMs() < limitMs) await pause(50);
  };
  let asked = 0;
  let heardBefore = 0;
  for (; !over && caller.sinceStartMs() < seconds * 1000; asked += 1) {
    const thoughtMs = shortestThoughtMs + (((number + asked) * 0.618) % 1) * thoughtSpreadMs;
    const silentMs = (): number => caller.agentSpeech.silentForMs(caller.sinceStartMs()) ?? 0;
    await until(() => caller.agentSpeech.intervals.length > heardBefore && silentMs() > thoughtMs);
    heardBefore = caller.agentSpeech.intervals.length;
    caller.say(said[(number + asked) % said.length] as Uint8Array);
    await until(() => !caller.speaking);
  }
  await until(() => caller.agentSpeech.intervals.length > heardBefore);
  caller.hangUp();
  await caller.ended;
  return asked;
}
