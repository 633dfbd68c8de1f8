import { rateHz, type Sound } from './sound.js';

/** A second-order section, after the Audio EQ Cookbook. */
export class Biquad {
  readonly #b: readonly [number, number, number];
  readonly #a: readonly [number, number];
  #z1 = 0;
  #z2 = 0;

  private constructor(b: readonly [number, number, number], a0: number, a: readonly [number, number]) {
    this.#b = [b[0] / a0, b[1] / a0, b[2] / a0];
    this.#a = [a[0] / a0, a[1] / a0];
  }

  static #at(hz: number, q: number): { cos: number; alpha: number } {
    const omega = (2 * Math.PI * Math.min(hz, 0.49 * rateHz)) / rateHz;
    return { cos: Math.cos(omega), alpha: Math.sin(omega) / (2 * q) };
  }

  static lowPass(hz: number, q = Math.SQRT1_2): Biquad {
    const { cos, alpha } = Biquad.#at(hz, q);
    return new Biquad([(1 - cos) / 2, 1 - cos, (1 - cos) / 2], 1 + alpha, [-2 * cos, 1 - alpha]);
  }

  static highPass(hz: number, q = Math.SQRT1_2): Biquad {
    const { cos, alpha } = Biquad.#at(hz, q);
    return new Biquad([(1 + cos) / 2, -1 - cos, (1 + cos) / 2], 1 + alpha, [-2 * cos, 1 - alpha]);
  }

  static bandPass(hz: number, q: number): Biquad {
    const { cos, alpha } = Biquad.#at(hz, q);
    return new Biquad([alpha, 0, -alpha], 1 + alpha, [-2 * cos, 1 - alpha]);
  }

  static peak(hz: number, q: number, db: number): Biquad {
    const { cos, alpha } = Biquad.#at(hz, q);
    const gain = 10 ** (db / 40);
    return new Biquad([1 + alpha * gain, -2 * cos, 1 - alpha * gain], 1 + alpha / gain, [-2 * cos, 1 - alpha / gain]);
  }

  step(x: number): number {
    const y = this.#b[0] * x + this.#z1;
    this.#z1 = this.#b[1] * x - this.#a[0] * y + this.#z2;
    this.#z2 = this.#b[2] * x - this.#a[1] * y;
    return y;
  }
}

export function filtered(sound: Sound, ...sections: readonly Biquad[]): Sound {
  return sound.map((sample) => sections.reduce((x, section) => section.step(x), sample));
}
