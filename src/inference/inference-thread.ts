import { Worker } from 'node:worker_threads';
import { systemClock } from '../base/clock.js';
import { TalkpathError } from '../base/errors.js';
import { ExitGate } from './exit-gate.js';
import type { ThreadData, ThreadFact, ThreadOrder } from './thread-protocol.js';
import { WorkPace } from './work-pace.js';

export interface RequestOptions {
  /** Calls the request off: at once while it waits, else its answer is dropped when it comes. */
  readonly signal?: AbortSignal;
  /** Waits until nothing else does. */
  readonly background?: boolean;
  /** What moves to the thread instead of being copied. */
  readonly transfer?: readonly ArrayBuffer[];
  /** How much work it is, in a unit that all requests of a thread share; the thread's pace is learned in it. */
  readonly size?: number;
  /** An answer that would come later than this is of no use: such a request is refused at once, unless the thread is idle. */
  readonly withinMs?: number;
}

/** How busy a thread is. */
export interface ThreadLoad {
  /** Requests that wait for the one at work. */
  readonly waiting: number;
  /** How long a request that came now would wait before its work began. */
  readonly expectedWaitMs: number;
  /** Requests so far that were refused because their answer would have come too late. */
  readonly refused: number;
}

export interface InferenceThreadOptions {
  /** For messages: "speech to text". */
  readonly name: string;
  /** The module that the thread runs; it calls serveRequests(). */
  readonly entry: URL;
  /** What serveRequests() hands to its load function. */
  readonly data: unknown;
}

interface Waiting<Request, Response> {
  readonly id: number;
  readonly request: Request;
  readonly options: RequestOptions;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: unknown) => void;
}

const longestQueue = 256;
/** No request takes so long on a machine that can hold a conversation. */
const longestRequestMs = 10_000;

/**
 * One worker thread that runs a local model for all calls, a request at a time in the order of arrival, background
 * work last. When it dies, the request it was at is rejected with TP_ERR_MODEL_RUN and a new thread takes the others.
 */
export class InferenceThread<Request, Response> {
  readonly #options: InferenceThreadOptions;
  readonly #live: Waiting<Request, Response>[] = [];
  readonly #background: Waiting<Request, Response>[] = [];
  readonly #pace = new WorkPace();
  #refused = 0;
  #currentSinceMs = 0;
  #current: Waiting<Request, Response> | undefined;
  #worker: Worker | undefined;
  #isReady = false;
  #isClosed = false;
  #nextId = 1;
  #whenReady: { resolve: () => void; reject: (error: TalkpathError) => void } | undefined;

  private constructor(options: InferenceThreadOptions) {
    this.#options = options;
  }

  /** Resolves when the model is loaded. Rejects with the code that the thread gives when it cannot be. */
  static async start<Request, Response>(options: InferenceThreadOptions): Promise<InferenceThread<Request, Response>> {
    const thread = new InferenceThread<Request, Response>(options);
    await new Promise<void>((resolve, reject) => {
      thread.#whenReady = { resolve, reject };
      thread.#spawn();
    });
    return thread;
  }

  /** What was measured before: work of that size takes that long. */
  expect(size: number, ms: number): void {
    this.#pace.learn(size, ms);
  }

  get load(): ThreadLoad {
    return { waiting: this.#live.length + this.#background.length, expectedWaitMs: this.#expectedWaitMs(), refused: this.#refused };
  }

  /**
   * Rejects with the signal's reason when it is called off, with TP_ERR_MODEL_BUSY when its answer would come too late,
   * and with TP_ERR_MODEL_RUN when the thread fails at it.
   */
  request(request: Request, options: RequestOptions = {}): Promise<Response> {
    return new Promise((resolve, reject) => {
      const queue = options.background ? this.#background : this.#live;
      if (options.signal?.aborted) return reject(options.signal.reason);
      if (this.#isClosed) return reject(this.#error('it was closed'));
      if (queue.length >= longestQueue) return reject(this.#error(`${longestQueue} requests are waiting already`));
      const lateness = this.#lateness(options);
      if (lateness) {
        this.#refused += 1;
        return reject(new TalkpathError('TP_ERR_MODEL_BUSY', `The thread for ${this.#options.name} is too busy: ${lateness}`));
      }
      const onAbort = (): void => {
        const at = queue.indexOf(waiting);
        if (at >= 0) queue.splice(at, 1);
        reject(options.signal?.reason);
      };
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T): void => {
          options.signal?.removeEventListener('abort', onAbort);
          settle(value);
        };
      const waiting = { id: this.#nextId++, request, options, resolve: settled(resolve), reject: settled(reject) };
      options.signal?.addEventListener('abort', onAbort, { once: true });
      queue.push(waiting);
      this.#advance();
    });
  }

  /** Says why the answer would come too late; undefined when it would not. */
  #lateness({ size = 0, withinMs }: RequestOptions): string | undefined {
    if (withinMs === undefined || (!this.#current && this.#live.length === 0)) return undefined;
    const expectedMs = this.#expectedWaitMs() + this.#pace.expectedMs(size);
    if (expectedMs <= withinMs) return undefined;
    return `${this.#live.length} requests wait, and an answer would take ${Math.round(expectedMs)} of ${Math.round(withinMs)} ms`;
  }

  /** What is at work and what waits, background work aside: a live request overtakes it. */
  #expectedWaitMs(): number {
    const restMs = this.#current ? this.#pace.expectedMs(sizeOf(this.#current)) - (systemClock.nowMs() - this.#currentSinceMs) : 0;
    return Math.max(0, restMs) + this.#pace.expectedMs(this.#live.reduce((sum, waiting) => sum + sizeOf(waiting), 0));
  }

  /** Rejects what waits, and lets the thread end what it is at: stopping it inside native code would abort the process. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#rejectAll(this.#error('it was closed'));
    const worker = this.#worker;
    if (!worker) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ type: 'close' } satisfies ThreadOrder<Request>);
    const cancelTerminate = systemClock.after(longestRequestMs, () => void worker.terminate());
    await exited;
    cancelTerminate();
  }

  #advance(): void {
    if (this.#current || this.#live.length + this.#background.length === 0) return;
    if (!this.#worker) this.#spawn();
    if (!this.#isReady) return;
    this.#current = (this.#live.shift() ?? this.#background.shift()) as Waiting<Request, Response>;
    this.#currentSinceMs = systemClock.nowMs();
    const { id, request, options } = this.#current;
    this.#worker?.postMessage({ type: 'request', id, request } satisfies ThreadOrder<Request>, [...(options.transfer ?? [])]);
  }

  #spawn(): void {
    const { entry, name, data } = this.#options;
    const gate = new ExitGate();
    const worker = new Worker(entry, { name, workerData: { gate: gate.memory, data } satisfies ThreadData<unknown> });
    const onProcessExit = (): void => gate.close(longestRequestMs);
    process.once('exit', onProcessExit);
    let cause = 'it ended';
    this.#worker = worker;
    this.#isReady = false;
    worker.on('message', (fact: ThreadFact<Response>) => {
      if (worker === this.#worker) this.#take(fact);
    });
    worker.on('error', (error) => {
      cause = error.message;
    });
    worker.once('exit', () => {
      process.off('exit', onProcessExit);
      if (worker === this.#worker) this.#lost(this.#error(cause));
    });
  }

  #take(fact: ThreadFact<Response>): void {
    if (fact.type === 'ready') {
      this.#isReady = true;
      this.#whenReady?.resolve();
    } else if (fact.type === 'failed' && fact.id === undefined) {
      this.#lost(new TalkpathError(fact.code, fact.message));
    } else {
      const current = this.#current;
      this.#current = undefined;
      if (fact.type === 'answer' && current?.options.size) this.#pace.learn(current.options.size, systemClock.nowMs() - this.#currentSinceMs);
      if (fact.type === 'answer') current?.resolve(fact.response);
      else current?.reject(new TalkpathError(fact.code, fact.message));
    }
    this.#advance();
  }

  /** A thread that came up once is replaced at once; one that never did is tried again with the next request. */
  #lost(error: TalkpathError): void {
    const cameUp = this.#isReady;
    this.#worker = undefined;
    this.#isReady = false;
    this.#whenReady?.reject(error);
    if (this.#isClosed) return;
    if (!cameUp) {
      this.#rejectAll(error);
      return;
    }
    this.#current?.reject(error);
    this.#current = undefined;
    this.#spawn();
  }

  #rejectAll(error: TalkpathError): void {
    this.#current?.reject(error);
    this.#current = undefined;
    for (const waiting of [...this.#live.splice(0), ...this.#background.splice(0)]) waiting.reject(error);
  }

  #error(cause: string): TalkpathError {
    return new TalkpathError('TP_ERR_MODEL_RUN', `The thread for ${this.#options.name} cannot answer: ${cause}`);
  }
}

const sizeOf = ({ options }: { readonly options: RequestOptions }): number => options.size ?? 0;
