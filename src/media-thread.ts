/**
 * Composition root of the media thread: every media socket, and nothing that could make one wait. It reads no
 * configuration, logs nothing and talks to no provider; what it sees goes to the control thread as facts.
 */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from './base/clock.js';
import { messageOf, TalkpathError } from './base/errors.js';
import { ExpectedCalls } from './call/expected-calls.js';
import type { MediaFact, MediaOrder, MediaThreadData } from './media-messages.js';
import type { SessionOptions } from './native/addon.js';
import { setDoorbell } from './native/engine.js';
import { type LineEnd, openSession } from './native/line-end.js';
import { AudioSocketServer } from './transports/audiosocket/server.js';
import type { LineHost } from './transports/transport.js';

const port = parentPort;
if (!port) throw new Error('media-thread.js runs as a worker thread of server.js');
const data = workerData as MediaThreadData;
const tell = (fact: MediaFact): void => port.postMessage(fact);

/** Frames are written before anything else runs, where the system allows. */
const mediaThreadNice = -15;

const lineEnds = new Map<string, LineEnd>();
let isClosing = false;
const expected = new ExpectedCalls<SessionOptions>(systemClock, (announcement) => tell({ type: 'expired', announcement }));

const host: LineHost = {
  lineArrived(callId) {
    const session = expected.get(callId) ?? data.defaultSession;
    if (!session) return 'not-registered';
    let lineEnd: LineEnd;
    try {
      lineEnd = openSession(session);
    } catch (error) {
      tell({ type: 'fault', callId, message: messageOf(error) });
      return error instanceof TalkpathError && error.code === 'TP_ERR_ENGINE_FULL' ? 'engine-full' : 'session-failed';
    }
    lineEnds.set(callId, lineEnd);
    tell({ type: 'arrived', callId, sessionId: lineEnd.sessionId, announcement: expected.take(callId) });
    return lineEnd;
  },
  lineDigit: (callId, digit) => tell({ type: 'digit', callId, digit }),
  lineNotice: (callId, notice) => tell({ type: 'notice', callId, notice }),
  lineEnded(callId, reason, line) {
    const audio = lineEnds.get(callId)?.close();
    lineEnds.delete(callId);
    tell({ type: 'ended', callId, reason, line, audio });
  },
  lineRefused: (reason) => tell({ type: 'refused', reason }),
};

function announce({ announcement, callId, session, lifeMs }: Extract<MediaOrder, { type: 'announce' }>): void {
  const accepted = !isClosing && !lineEnds.has(callId);
  if (accepted) expected.expect(callId, announcement, session, lifeMs);
  tell({ type: 'announced', announcement, accepted });
}

const transport = new AudioSocketServer(data.audiosocket, host, systemClock);

port.on('message', (order: MediaOrder) => {
  switch (order.type) {
    case 'announce':
      announce(order);
      break;
    case 'hang-up':
      transport.hangUp(order.callId);
      break;
    case 'close':
      // An announcement that still waits for its call must not keep the thread alive.
      isClosing = true;
      expected.clear();
      void transport.close(order.graceMs).then(() => {
        setDoorbell(null);
        port.close();
      });
      break;
  }
});

try {
  setPriority(0, mediaThreadNice); // of this thread alone
} catch {
  // Without CAP_SYS_NICE the thread runs as it is.
}

try {
  const audiosocket = await transport.listen();
  setDoorbell(() => transport.writeDueFrames(), 'steadily');
  tell({ type: 'listening', audiosocket });
} catch (error) {
  tell({ type: 'failed', code: error instanceof TalkpathError ? error.code : 'TP_ERR_LISTEN', message: messageOf(error) });
  port.close();
}
