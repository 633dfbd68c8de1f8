/**
 * A list that many ask for at a time and that costs something to make: whoever asks gets one that was begun after the
 * question, and shares it with all who asked meanwhile. Thread: control.
 */
export class SharedListing<T> {
  readonly #list: () => Promise<T>;
  readonly #mostAtATime: number;
  #running = 0;
  #next: Promise<T> | undefined;
  #free: (() => void) | undefined;

  constructor(mostAtATime: number, list: () => Promise<T>) {
    this.#mostAtATime = mostAtATime;
    this.#list = list;
  }

  get(): Promise<T> {
    this.#next ??= this.#whenFree().then(() => {
      this.#next = undefined;
      return this.#run();
    });
    return this.#next;
  }

  async #run(): Promise<T> {
    this.#running += 1;
    try {
      return await this.#list();
    } finally {
      this.#running -= 1;
      this.#free?.();
      this.#free = undefined;
    }
  }

  #whenFree(): Promise<void> {
    if (this.#running < this.#mostAtATime) return Promise.resolve();
    return new Promise((resolve) => {
      this.#free = resolve;
    });
  }
}
