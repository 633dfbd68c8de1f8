/** So many units a second, and `burst` of them at once after a pause. After: the token bucket. */
export class Allowance {
  readonly #perMs: number;
  readonly #burst: number;
  #left: number;
  #atMs: number | undefined;

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#left = burst;
  }

  /** Whether there are as many. */
  has(units: number, nowMs: number): boolean {
    this.#left = Math.min(this.#burst, this.#left + (nowMs - (this.#atMs ?? nowMs)) * this.#perMs);
    this.#atMs = nowMs;
    return this.#left >= units;
  }

  /** Takes `units`; false when there are not as many, and then none is taken. */
  take(units: number, nowMs: number): boolean {
    if (!this.has(units, nowMs)) return false;
    this.#left -= units;
    return true;
  }
}
