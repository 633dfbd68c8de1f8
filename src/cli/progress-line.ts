import { type Clock, systemClock } from '../base/clock.js';

const plainIntervalMs = 2000;

/** What is under way: one line rewritten in place on a terminal, elsewhere a line every two seconds. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #clock: Clock;
  #isShown = false;
  #lastMs: number;

  constructor(stream: NodeJS.WriteStream = process.stderr, clock: Clock = systemClock) {
    this.#stream = stream;
    this.#clock = clock;
    this.#lastMs = clock.nowMs();
  }

  show(text: string): void {
    if (this.#stream.isTTY) {
      this.#isShown = true;
      this.#stream.write(`\r\x1b[K${text}`);
    } else if (this.#clock.nowMs() - this.#lastMs >= plainIntervalMs) {
      this.say(text);
    }
  }

  /** Writes a line that stays. */
  say(text: string): void {
    this.clear();
    this.#lastMs = this.#clock.nowMs();
    this.#stream.write(`${text}\n`);
  }

  clear(): void {
    if (this.#isShown) this.#stream.write('\r\x1b[K');
    this.#isShown = false;
  }
}
