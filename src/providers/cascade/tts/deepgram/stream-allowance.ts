const windowMs = 60_000;
const mostFlushes = 20;
const mostCharacters = 2400;

interface Order {
  readonly atMs: number;
  readonly characters: number;
}

/** What one stream may be given a minute. Beyond it the service ignores orders, or closes the stream. */
export class StreamAllowance {
  #orders: Order[] = [];

  /** Notes a sentence down; false when the stream would take it no more, and then it is not noted. */
  take(characters: number, nowMs: number): boolean {
    this.#orders = this.#orders.filter(({ atMs }) => nowMs - atMs < windowMs);
    const sum = this.#orders.reduce((total, order) => total + order.characters, characters);
    if (this.#orders.length > 0 && (this.#orders.length >= mostFlushes || sum > mostCharacters)) return false;
    this.#orders.push({ atMs: nowMs, characters });
    return true;
  }

  /** A new stream has all of it. */
  renew(): void {
    this.#orders = [];
  }
}
