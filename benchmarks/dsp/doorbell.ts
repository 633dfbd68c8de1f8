import { Worker } from 'node:worker_threads';
import { pause } from '../pause.js';
import { plain } from '../peers/plain-addon.js';
import type { RingerOrders, RingerWay } from './doorbell-ringer.js';
import { quantile, rounded } from './measure/spread.js';
import { type Subject, table } from './subject.js';

const tickMs = 10;

/** Ways in which another thread can tell this one that its calls have something to drain. */
const ways = [
  { key: 'native-one', name: 'thread-safe function, one ring a tick (talkpath)' },
  { key: 'native-each', name: 'thread-safe function, one ring a call' },
  { key: 'message-one', name: 'MessagePort, one message a tick' },
  { key: 'message-each', name: 'MessagePort, one message a call' },
  { key: 'wait-async', name: 'Atomics.waitAsync, one notification a tick' },
  { key: 'poll', name: 'setImmediate, looking all the time' },
  { key: 'interval', name: `setInterval(${tickMs}), no wake at all` },
] as const;
type Way = (typeof ways)[number]['key'];

export interface DoorbellRow {
  readonly name: string;
  readonly calls: number;
  /** From the wake to the end of the drain of all calls. */
  readonly drainedMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Processor time of the Node thread for a tick. */
  readonly usPerTick: number;
  readonly ticks: number;
}

export interface DoorbellResult {
  readonly what: string;
  readonly tickMs: number;
  readonly seconds: number;
  readonly rows: readonly DoorbellRow[];
}

const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** What the drain of a call costs here: a look at its ring, which both ends share, and a copy of a frame. */
class Calls {
  readonly #rings: readonly Int16Array[];
  readonly #frame = new Int16Array(160);
  drained = 0;

  constructor(count: number) {
    this.#rings = Array.from({ length: count }, () => new Int16Array(160));
  }
  drain(call: number): void {
    this.#frame.set(this.#rings[call] as Int16Array);
    this.drained += 1;
  }
  drainAll(): void {
    for (let call = 0; call < this.#rings.length; call++) this.drain(call);
  }
}

async function measure(way: Way, callCount: number, seconds: number): Promise<DoorbellRow> {
  const calls = new Calls(callCount);
  const latenciesMs: number[] = [];
  const note = (rungMs: number): void => void latenciesMs.push(monotonicMs() - rungMs);
  const eachOf = (rungMs: number, call: number): void => {
    calls.drain(call);
    if (call === callCount - 1) note(rungMs);
  };
  const allOf = (rungMs: number): void => {
    calls.drainAll();
    note(rungMs);
  };
  const stop = await startWay(way, callCount, eachOf, allOf);
  await pause(200);
  latenciesMs.length = 0;
  const cpuBeforeMs = plain.threadCpuMs();
  await pause(seconds * 1000);
  const cpuMs = plain.threadCpuMs() - cpuBeforeMs;
  await stop();
  const ticks = (seconds * 1000) / tickMs;
  return {
    name: ways.find(({ key }) => key === way)?.name ?? way,
    calls: callCount,
    drainedMs: { p50: rounded(quantile(latenciesMs, 0.5)), p99: rounded(quantile(latenciesMs, 0.99)), max: rounded(Math.max(...latenciesMs)) },
    usPerTick: rounded((cpuMs * 1000) / ticks),
    ticks: latenciesMs.length,
  };
}

type Each = (rungMs: number, call: number) => void;
type All = (rungMs: number) => void;

/** Sets one way up; what it returns takes it down. */
async function startWay(way: Way, callCount: number, eachOf: Each, allOf: All): Promise<() => Promise<void> | void> {
  switch (way) {
    case 'native-one':
      plain.startBells(tickMs, [allOf]);
      return () => plain.stopBells();
    case 'native-each':
      plain.startBells(
        tickMs,
        Array.from({ length: callCount }, (_, call) => (rungMs: number) => eachOf(rungMs, call)),
      );
      return () => plain.stopBells();
    case 'interval': {
      let dueMs = monotonicMs() + tickMs;
      const timer = setInterval(() => {
        // The tick that it finds was rung on its own grid, which the timer knows nothing of.
        const nowMs = monotonicMs();
        dueMs += Math.floor((nowMs - dueMs) / tickMs) * tickMs;
        allOf(dueMs);
        dueMs += tickMs;
      }, tickMs);
      return () => clearInterval(timer);
    }
    case 'message-one':
    case 'message-each':
    case 'wait-async':
    case 'poll':
      return startRinger(way, callCount, eachOf, allOf);
  }
}

async function startRinger(way: RingerWay, callCount: number, eachOf: Each, allOf: All): Promise<() => Promise<void>> {
  const shared = new SharedArrayBuffer(16);
  const orders: RingerOrders = { way, callCount, tickMs, shared };
  const ringer = new Worker(new URL('./doorbell-ringer.js', import.meta.url), { workerData: orders });
  const rings = new Int32Array(shared, 0, 1);
  const rungMs = new Float64Array(shared, 8, 1);
  let running = true;
  const take = (seen: number): void => {
    if (Atomics.load(rings, 0) !== seen) allOf(rungMs[0] as number);
  };
  if (way === 'message-one') ringer.on('message', allOf);
  if (way === 'message-each') ringer.on('message', ([at, call]: [number, number]) => eachOf(at, call));
  if (way === 'wait-async') {
    const wait = async (): Promise<void> => {
      for (let seen = 0; running; seen = Atomics.load(rings, 0)) {
        await waitAsync(rings, seen);
        if (running) take(seen);
      }
    };
    void wait();
  }
  if (way === 'poll') {
    let seen = 0;
    const look = (): void => {
      const now = Atomics.load(rings, 0);
      take(seen);
      seen = now;
      if (running) setImmediate(look);
    };
    setImmediate(look);
  }
  return async () => {
    running = false;
    await ringer.terminate();
  };
}

/** Atomics.waitAsync, which the language library of 2023 does not know yet. */
async function waitAsync(array: Int32Array, value: number): Promise<void> {
  const { waitAsync: wait } = Atomics as unknown as {
    waitAsync(array: Int32Array, index: number, value: number, timeoutMs: number): { value: string | Promise<string> };
  };
  await wait(array, 0, value, 1000).value;
}

export const doorbell: Subject = {
  name: 'doorbell',
  what: `a thread that keeps time wakes the Node thread every ${tickMs} ms, which then drains its calls`,
  async run({ quick, progress }): Promise<DoorbellResult> {
    const seconds = quick ? 0.5 : 3;
    const rows: DoorbellRow[] = [];
    for (const callCount of [1, 100, 1000]) {
      for (const { key, name } of ways) {
        progress(`${callCount} calls, ${name}`);
        rows.push(await measure(key, callCount, seconds));
      }
    }
    return { what: this.what, tickMs, seconds, rows };
  },
  tell: ({ rows }: DoorbellResult) =>
    table([
      ['', 'calls', 'drained p50 ms', 'p99', 'max', 'Node thread µs a tick'],
      ...rows.map(({ name, calls, drainedMs, usPerTick }) => [name, calls, drainedMs.p50, drainedMs.p99, drainedMs.max, usPerTick].map(String)),
    ]),
};
