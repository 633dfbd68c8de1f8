import { seededRandom } from '../sound.js';

export interface NetworkFaults {
  /** Each packet is held back by up to this long, so that some overtake others. */
  readonly jitterMs?: number;
  /** 0 to 1. */
  readonly lossRatio?: number;
  readonly seed?: number;
}

/** A network between the phone and Asterisk that delays and loses what is sent, the same way for the same seed. */
export class FaultyNetwork {
  readonly #send: (packet: Buffer) => void;
  readonly #faults: Required<NetworkFaults>;
  #random: () => number;
  #lost = 0;

  constructor(send: (packet: Buffer) => void, faults: NetworkFaults) {
    this.#send = send;
    this.#faults = { jitterMs: 0, lossRatio: 0, seed: 1, ...faults };
    this.#random = seededRandom(this.#faults.seed);
  }

  /** Does from the next packet on what `seed` makes of these faults, however many packets there were before. */
  reseed(seed: number): void {
    this.#random = seededRandom(seed);
  }

  get packetsLost(): number {
    return this.#lost;
  }

  send(packet: Buffer): void {
    const [fate, delay] = [this.#random(), this.#random()];
    if (fate < this.#faults.lossRatio) {
      this.#lost += 1;
    } else if (this.#faults.jitterMs === 0) {
      this.#send(packet);
    } else {
      setTimeout(() => this.#send(packet), delay * this.#faults.jitterMs).unref();
    }
  }
}
