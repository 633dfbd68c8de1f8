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

  /** Takes `units`; false when there are not as many, and then none is taken. */
  take(units: number, nowMs: number): boolean {
    this.#left = Math.min(this.#burst, this.#left + (nowMs - (this.#atMs ?? nowMs)) * this.#perMs);
    this.#atMs = nowMs;
    if (this.#left < units) return false;
    this.#left -= units;
    return true;
  }
}
