/**
 * One call for a long time: how far the line's clock (frames received times 20 ms) has moved from the wall's.
 *   clock [minutes]
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { frameTiming } from '#talkpath/caller/call-report.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { pause } from '../pause.js';
import { daySeconds, numberAt } from './argument.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';

const minutes = numberAt(1, 'minutes', daySeconds / 60, 10);
const frameMs = 20;

const server = await ServerProcess.start({ TALKPATH_PROVIDER: 'echo' });
try {
  const caller = new SyntheticCaller({ ...server.audiosocket, callId: randomUUID(), rateHz: 8000, clock: systemClock });
  await caller.dial();
  await pause(minutes * 60_000);
  caller.hangUp();
  await caller.ended;
  const arrivalsMs = caller.heard.map((frame) => frame.atMs);
  const spanMs = (arrivalsMs.at(-1) ?? 0) - (arrivalsMs[0] ?? 0);
  const errorMs = Number(((arrivalsMs.length - 1) * frameMs - spanMs).toFixed(2));
  writeResult('clock', { minutes, what: `clock error of one call after ${minutes} min, ms`, errorMs, frames: frameTiming(arrivalsMs) });
} finally {
  await server.stop();
}
