/**
 * Peers that open many connections and send a byte now and then, in a thread of their own, so that what they do to
 * the server is not confused with what they do to the test. Runs as a worker: see attack().
 */
import { connect } from 'node:net';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export interface Attack {
  readonly port: number;
  readonly connections: number;
  /** Sent byte by byte, one each `everyMs`; none at all when it is empty. */
  readonly bytes: readonly number[];
  readonly everyMs: number;
  /** Connections to open at a time; the next ones follow when these are open or refused. */
  readonly atOnce: number;
}

export interface Aftermath {
  readonly opened: number;
  /** How long after its opening each connection was closed by the server. */
  readonly closedAfterMs: readonly number[];
  readonly tookMs: number;
}

/** Attacks, and resolves when the server has closed every connection. */
export function attack(plan: Attack): Promise<Aftermath> {
  const worker = new Worker(new URL(import.meta.url), { workerData: plan });
  return new Promise((resolve, reject) => {
    worker.once('message', (aftermath: Aftermath) => {
      resolve(aftermath);
      void worker.terminate();
    });
    worker.once('error', reject);
  });
}

async function run({ port, connections, bytes, everyMs, atOnce }: Attack): Promise<Aftermath> {
  const startedMs = performance.now();
  const closings: Promise<number>[] = [];
  let opened = 0;
  for (let at = 0; at < connections; at += atOnce) {
    const group = Array.from({ length: Math.min(atOnce, connections - at) }, () => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      socket.on('error', () => {});
      let openedMs = performance.now();
      socket.once('connect', () => {
        opened += 1;
        openedMs = performance.now();
        let sent = 0;
        const beat = setInterval(() => {
          const byte = bytes[sent];
          sent += 1;
          if (byte !== undefined && socket.writable) socket.write(Uint8Array.of(byte));
        }, everyMs);
        socket.once('close', () => clearInterval(beat));
      });
      socket.resume();
      closings.push(new Promise((resolve) => socket.once('close', () => resolve(performance.now() - openedMs))));
      return new Promise<void>((resolve) => {
        socket.once('connect', resolve);
        socket.once('close', () => resolve());
      });
    });
    await Promise.all(group);
  }
  return { closedAfterMs: await Promise.all(closings), opened, tookMs: performance.now() - startedMs };
}

if (!isMainThread) parentPort?.postMessage(await run(workerData as Attack));
