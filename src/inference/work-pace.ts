/** Of what was learned before, this part counts when something new is learned: about the last ten count. */
const keptPart = 0.9;

/** How long a thread takes for work of a size, learned from what it has done. */
export class WorkPace {
  #ms = 0;
  #size = 0;

  /** Work of that size took that long, all that went on beside it included. */
  learn(size: number, ms: number): void {
    this.#size = this.#size * keptPart + size;
    this.#ms = this.#ms * keptPart + ms;
  }

  /** 0 as long as nothing was learned. */
  expectedMs(size: number): number {
    return this.#size > 0 ? (size * this.#ms) / this.#size : 0;
  }
}
