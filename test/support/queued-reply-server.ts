/**
 * A talkpath of engine and media thread, run as a program of its own. Its agent hands each caller a whole reply at
 * once, and its control thread then does nothing but stall, as TALKPATH_TEST_STALL_MS says. It prints its address.
 */
import { Worker } from 'node:worker_threads';
import { resolveCall } from '#talkpath/call/plan.js';
import { stallControlThread } from '#talkpath/cli/fault-injection.js';
import { parseSettings } from '#talkpath/config/load.js';
import type { MediaFact, MediaThreadData } from '#talkpath/media-messages.js';
import { AgentEnd } from '#talkpath/native/agent-end.js';
import { setDoorbell, startEngine } from '#talkpath/native/engine.js';
import { tone } from './sound.js';

const replyMs = 5000;
const rateHz = 8000;

const settings = parseSettings('default_provider: echo', 'the test');
startEngine({ workers: 1, realtime: false });
const data: MediaThreadData = {
  audiosocket: { host: '127.0.0.1', port: 0, allow: [], maxCalls: 10, maxUnidentified: 10, maxUnidentifiedPerAddress: 10 },
  defaultSession: resolveCall(settings, undefined).session,
};
const media = new Worker(new URL(import.meta.resolve('#talkpath/media-thread.js')), { workerData: data });
const agentEnds: AgentEnd[] = [];
setDoorbell(() => {
  for (const agentEnd of agentEnds) agentEnd.drain(new Uint8Array(32_000));
});
media.on('message', (fact: MediaFact) => {
  if (fact.type === 'listening') process.stdout.write(`${fact.audiosocket.host}:${fact.audiosocket.port}\n`);
  if (fact.type !== 'arrived') return;
  const agentEnd = new AgentEnd(fact.sessionId, rateHz, 40);
  agentEnds.push(agentEnd);
  agentEnd.push(1, new Uint8Array(tone(500, replyMs, rateHz, -20).buffer), rateHz, true);
  stallControlThread(process.env.TALKPATH_TEST_STALL_MS);
});
