const opening = '<think>';
const closing = '</think>';

/** Keeps from the voice what a reasoning model thinks aloud between <think> and </think> before it answers. */
export class ThoughtFilter {
  #state: 'start' | 'thinking' | 'answering' = 'start';
  /** What cannot be told yet to be a tag or not. */
  #held = '';

  /** What of these words is said. */
  push(delta: string): string {
    if (this.#state === 'answering') return delta;
    this.#held += delta;
    if (this.#state === 'start') {
      this.#held = this.#held.trimStart();
      if (opening.startsWith(this.#held)) return '';
      this.#state = this.#held.startsWith(opening) ? 'thinking' : 'answering';
      if (this.#state === 'answering') return this.#release();
    }
    const end = this.#held.indexOf(closing);
    if (end < 0) {
      this.#held = this.#held.slice(1 - closing.length);
      return '';
    }
    const rest = this.#held.slice(end + closing.length);
    this.#held = '';
    // There may be a second thought, and space before the answer.
    this.#state = 'start';
    return this.push(rest);
  }

  /** What was held back when the text is over. */
  end(): string {
    return this.#state === 'start' ? this.#release() : '';
  }

  #release(): string {
    const words = this.#held;
    this.#held = '';
    return words;
  }
}
