/** A worker thread that keeps time without timers and wakes the thread that made it, in one of JavaScript's ways. */
import { parentPort, workerData } from 'node:worker_threads';

export type RingerWay = 'message-one' | 'message-each' | 'wait-async' | 'poll';

export interface RingerOrders {
  readonly way: RingerWay;
  readonly callCount: number;
  readonly tickMs: number;
  /** An Int32 that counts the rings, and from byte 8 a Float64: when it last rang. */
  readonly shared: SharedArrayBuffer;
}

const { way, callCount, tickMs, shared } = workerData as RingerOrders;
const rings = new Int32Array(shared, 0, 1);
const rungMs = new Float64Array(shared, 8, 1);
const bed = new Int32Array(new SharedArrayBuffer(4));
const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

for (let dueMs = monotonicMs() + tickMs; ; dueMs += tickMs) {
  Atomics.wait(bed, 0, 0, dueMs - monotonicMs());
  const nowMs = monotonicMs();
  rungMs[0] = nowMs;
  if (way === 'message-one') parentPort?.postMessage(nowMs);
  if (way === 'message-each') for (let call = 0; call < callCount; call++) parentPort?.postMessage([nowMs, call]);
  Atomics.add(rings, 0, 1);
  if (way === 'wait-async') Atomics.notify(rings, 0);
}
