import { Worker } from 'node:worker_threads';
import { type ErrorCode, TalkpathError } from './base/errors.js';
import type { MediaFact, MediaOrder, MediaThreadData } from './media-messages.js';
import type { Address } from './transports/transport.js';

/** Facts about calls and lines, as opposed to answers to an order. */
export type LineFact = Exclude<MediaFact, { type: 'listening' | 'failed' | 'announced' }>;

/** The media thread as the control thread sees it: orders go there, facts come from it. Thread: control. */
export class MediaLink {
  readonly #script: URL;
  readonly #data: MediaThreadData;
  readonly #onFact: (fact: LineFact) => void;
  /** Announcements that the media thread has not answered yet. */
  readonly #asked = new Map<number, (accepted: boolean) => void>();
  #worker: Worker | undefined;
  #exited: Promise<void> = Promise.resolve();
  #fail: (error: Error) => void = () => {};
  /** Resolves when the thread dies of itself. */
  readonly failed = new Promise<Error>((resolve) => {
    this.#fail = resolve;
  });

  constructor(script: URL, data: MediaThreadData, onFact: (fact: LineFact) => void) {
    this.#script = script;
    this.#data = data;
    this.#onFact = onFact;
  }

  /** Starts the thread; resolves when it listens, rejects with TP_ERR_LISTEN. */
  start(): Promise<Address> {
    const worker = new Worker(this.#script, { workerData: this.#data });
    this.#worker = worker;
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    void this.#exited.then(() => {
      for (const answer of this.#asked.values()) answer(false);
      this.#asked.clear();
      this.#worker = undefined;
    });
    return new Promise((resolve, reject) => {
      worker.on('message', (fact: MediaFact) => {
        if (fact.type === 'listening') resolve(fact.audiosocket);
        else if (fact.type === 'failed') reject(new TalkpathError(fact.code as ErrorCode, fact.message));
        else if (fact.type === 'announced') this.#answer(fact.announcement, fact.accepted);
        else this.#onFact(fact);
      });
      worker.on('error', (error) => {
        reject(error);
        this.#fail(error);
      });
    });
  }

  order(order: MediaOrder): void {
    this.#worker?.postMessage(order);
  }

  /** Resolves when the call is expected from now on; false when one of that id is there, or nobody takes calls any more. */
  announce(order: Extract<MediaOrder, { type: 'announce' }>): Promise<boolean> {
    if (!this.#worker) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#asked.set(order.announcement, resolve);
      this.order(order);
    });
  }

  /** Resolves when all calls have ended, after `graceMs` at most, and the thread is gone. */
  async close(graceMs: number): Promise<void> {
    this.order({ type: 'close', graceMs });
    await this.#exited;
  }

  async terminate(): Promise<void> {
    await this.#worker?.terminate();
  }

  #answer(announcement: number, accepted: boolean): void {
    this.#asked.get(announcement)?.(accepted);
    this.#asked.delete(announcement);
  }
}
