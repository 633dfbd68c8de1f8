/** A turn as the service tells of it: all its words, each time anew. */
export interface Turn {
  readonly index: number;
  readonly text: string;
  readonly words: readonly string[];
}

/** The turns of a caller: those that are over, and the one at hand. Gives each word once, though a turn may be taken before it ends. */
export class HeardTurns {
  #over: string[] = [];
  #current: Turn | undefined;
  /** Words of the current turn that were given away before its end. */
  #given = 0;

  /** Whether there are words in turns that are over. */
  get hasEnded(): boolean {
    return this.#over.length > 0;
  }

  /** Words of the turn at hand that were not given away. */
  get unfinished(): string {
    return this.#current ? this.#notGivenOf(this.#current) : '';
  }

  hear(turn: Turn): void {
    if (turn.index !== this.#current?.index) this.#given = 0;
    this.#current = turn;
  }

  /** The turn is over. Tells whether words came of it that were not given away. */
  end(turn: Turn): boolean {
    this.hear(turn);
    const text = this.#notGivenOf(turn);
    this.#current = undefined;
    this.#given = 0;
    if (text === '') return false;
    this.#over.push(text);
    return true;
  }

  /** Gives the words of turns that are over away. */
  takeEnded(): string {
    return this.#over.splice(0).join(' ');
  }

  /** Gives all words away; of the turn at hand, what comes is from then on what comes after them. */
  takeAll(): string {
    const unfinished = this.unfinished;
    this.#given = this.#current?.words.length ?? 0;
    return [this.takeEnded(), unfinished].filter((text) => text !== '').join(' ');
  }

  #notGivenOf({ text, words }: Turn): string {
    return this.#given === 0 ? text : words.slice(this.#given).join(' ');
  }
}
