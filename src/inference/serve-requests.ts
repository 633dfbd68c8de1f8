import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, messageOf, TalkpathError } from '../base/errors.js';
import { ExitGate } from './exit-gate.js';
import type { ThreadData, ThreadFact, ThreadOrder } from './thread-protocol.js';

/** Below the threads that keep time: when the cores are short, a reply comes later and no frame does. */
const niceness = 5;

/** An answer, and what of it moves to the other thread instead of being copied. */
export interface Answer<Response> {
  readonly response: Response;
  readonly transfer?: readonly ArrayBuffer[];
}

/** Runs an inference thread: loads its model, says so, and answers one request after the other. */
export async function serveRequests<Data, Request, Response>(
  load: (data: Data) => Promise<(request: Request) => Promise<Answer<Response>>>,
): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('An inference thread runs as a worker thread');
  const tell = (fact: ThreadFact<Response>, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(fact, [...transfer]);
  const { gate: memory, data } = workerData as ThreadData<Data>;
  const gate = new ExitGate(memory);
  // On Linux this is the calling thread alone.
  setPriority(niceness);
  try {
    const answer = await gate.pass(() => load(data));
    const answerOne = async (id: number, request: Request): Promise<void> => {
      try {
        const { response, transfer } = await gate.pass(() => answer(request));
        tell({ type: 'answer', id, response }, transfer);
      } catch (error) {
        tell({ type: 'failed', id, ...described(error) });
      }
    };
    let last: Promise<void> = Promise.resolve();
    port.on('message', (order: ThreadOrder<Request>) => {
      last = last.then(() => (order.type === 'close' ? port.close() : answerOne(order.id, order.request)));
    });
    tell({ type: 'ready' });
  } catch (error) {
    tell({ type: 'failed', ...described(error) });
    port.close();
  }
}

function described(error: unknown): { code: ErrorCode; message: string } {
  return { code: error instanceof TalkpathError ? error.code : 'TP_ERR_MODEL_RUN', message: messageOf(error) };
}
