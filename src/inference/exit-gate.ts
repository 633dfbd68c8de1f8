const idle = 0;
const working = 1;
const closed = 2;

/**
 * Keeps a process from ending while one of its threads is inside a model's native code, which then aborts instead of
 * ending. One word of shared memory: the thread says when it works, the process waits for it and lets it begin no more.
 */
export class ExitGate {
  readonly memory: SharedArrayBuffer;
  readonly #state: Int32Array;

  /** @param memory of the other side's gate */
  constructor(memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#state = new Int32Array(memory);
  }

  /** Does the work, unless the process is ending: then it never begins. Thread: inference. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (Atomics.compareExchange(this.#state, 0, idle, working) !== idle) return new Promise(() => {});
    try {
      return await work();
    } finally {
      Atomics.compareExchange(this.#state, 0, working, idle);
      Atomics.notify(this.#state, 0);
    }
  }

  /** Waits until the work under way is done, at most so long. Blocks; for a process that is about to end. */
  close(longestMs: number): void {
    if (Atomics.compareExchange(this.#state, 0, idle, closed) !== working) return;
    Atomics.wait(this.#state, 0, working, longestMs);
    Atomics.compareExchange(this.#state, 0, idle, closed);
  }
}
