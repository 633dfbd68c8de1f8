/** Cuts a text that comes bit by bit into sentences: at a full stop, question or exclamation mark before a space. */
export class SentenceCutter {
  #open = '';

  /** The sentences that are complete with these words. */
  push(delta: string): string[] {
    this.#open += delta;
    if (!/[.!?]\s/.test(this.#open.slice(-delta.length - 2))) return [];
    const pieces = this.#open.split(/(?<=[.!?])\s+/);
    this.#open = pieces.pop() ?? '';
    return pieces.filter((piece) => piece !== '');
  }

  /** What is left when the text is over. */
  end(): string[] {
    const rest = this.#open.trim();
    this.#open = '';
    return rest === '' ? [] : [rest];
  }
}
