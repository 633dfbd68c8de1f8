import type { Fault } from './fault.js';

/** Sends a reply's audio piece by piece. Returns what stops it. */
export interface PacedAudio {
  /** How much is sent ahead of real time, and the length of each piece. */
  readonly pieceMs: number;
  /** 1 is real time; services that make speech faster than it is heard have more. */
  readonly pace: number;
  readonly totalMs: number;
  readonly fault: Fault | undefined;
  readonly later: (ms: number, action: () => void) => () => void;
  /** One piece, from `fromMs` of the reply, `ms` long. */
  readonly send: (fromMs: number, ms: number) => void;
  readonly done: () => void;
  /** The fault says that the connection is lost now. */
  readonly lose: () => void;
}

const floodMs = 60_000;
const dripPace = 0.05;

export function sendPaced({ pieceMs, pace, totalMs, fault, later, send, done, lose }: PacedAudio): () => void {
  const lengthMs = fault?.type === 'flood' ? floodMs : totalMs;
  const realPace = fault?.type === 'drip' ? dripPace : fault?.type === 'flood' ? Number.POSITIVE_INFINITY : pace;
  let sentMs = 0;
  let cancel: () => void = () => {};
  let stopped = false;
  const startedMs = performance.now();
  const step = (): void => {
    if (stopped) return;
    const stopsAtMs = fault?.type === 'close-in-reply' || fault?.type === 'stall-in-reply' ? fault.afterMs : Number.POSITIVE_INFINITY;
    do {
      const ms = Math.min(pieceMs, lengthMs - sentMs, stopsAtMs - sentMs);
      if (ms > 0) send(sentMs, ms);
      sentMs += Math.max(0, ms);
      if (stopped) return;
      if (sentMs >= stopsAtMs || sentMs >= lengthMs) {
        if (sentMs < stopsAtMs) done();
        else if (fault?.type === 'close-in-reply') lose();
        return;
      }
    } while (performance.now() - startedMs >= sentMs / realPace);
    cancel = later(Math.max(0, sentMs / realPace - (performance.now() - startedMs)), step);
  };
  step();
  return () => {
    stopped = true;
    cancel();
  };
}
