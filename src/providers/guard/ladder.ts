/**
 * How far down their chains calls begin: at the top, or from the provider on that an operator has named. Chains that
 * do not have that provider are left alone. Thread: control.
 */
export class Ladder {
  #from: string | undefined;

  /** Undefined: from the top. */
  get from(): string | undefined {
    return this.#from;
  }

  set(from: string | undefined): void {
    this.#from = from;
  }

  /** Whether a level of a chain of these providers, the best first, is above where calls begin. */
  holdsBack(chain: readonly string[], level: number): boolean {
    return this.#from !== undefined && level < chain.indexOf(this.#from);
  }
}
