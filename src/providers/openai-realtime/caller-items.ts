export interface CallerWords {
  readonly turn: number;
  readonly text: string;
}

interface CallerItem {
  /** Undefined until the turn that answers it is asked for. */
  turn: number | undefined;
  text: string | undefined;
}

/** Of words that a service does not recognise, or items that nobody made, there is no end. */
const mostItems = 64;

/** Which turn the caller's words belong to: the service commits them before we know, and recognises them after. */
export class CallerItems {
  readonly #items = new Map<string, CallerItem>();
  /** Turns of our own commits that the service has not confirmed; they are confirmed in order. */
  readonly #expected: { turn: number | undefined }[] = [];
  /** The last turn of which it is known that words were said in it. */
  #spokenTurn: number | undefined;

  /** We have told the service that the caller's turn is over. */
  expect(turn: number): void {
    this.#expected.push({ turn });
  }

  /** Such a commit has failed: there was nothing to commit. */
  commitFailed(): void {
    this.#expected.shift();
  }

  /** The service has made an item of what the caller said. Returns whether we had asked for it. */
  committed(itemId: string): boolean {
    const expected = this.#expected.shift();
    this.#items.set(itemId, { turn: expected?.turn, text: undefined });
    if (this.#items.size > mostItems) this.#items.delete(this.#items.keys().next().value as string);
    return expected !== undefined;
  }

  /** A turn answers all that was said up to now. Returns what is recognised of it already. */
  turnAsked(turn: number): CallerWords[] {
    for (const item of [...this.#items.values(), ...this.#expected]) item.turn ??= turn;
    return [...this.#items].flatMap(([itemId, item]) => this.#wordsOf(itemId, item));
  }

  /** Returns the words when it is known whose turn they belong to. */
  transcribed(itemId: string, text: string): CallerWords[] {
    const item = this.#items.get(itemId);
    if (!item) return [];
    item.text = text.trim();
    return this.#wordsOf(itemId, item);
  }

  /** The caller has said something in this turn, as far as is known: what was recognised as no words was a noise. */
  hasSpeech(turn: number): boolean {
    return this.#spokenTurn === turn || [...this.#items.values(), ...this.#expected].some((item) => item.turn === turn);
  }

  notTranscribed(itemId: string): void {
    this.#spokenTurn = this.#items.get(itemId)?.turn ?? this.#spokenTurn;
    this.#items.delete(itemId);
  }

  /** The turn is over before its words were recognised: they belong to the next one. */
  turnOver(turn: number): void {
    for (const item of [...this.#items.values(), ...this.#expected]) if (item.turn === turn) item.turn = undefined;
  }

  #wordsOf(itemId: string, { turn, text }: CallerItem): CallerWords[] {
    if (turn === undefined || text === undefined) return [];
    this.#items.delete(itemId);
    if (text === '') return [];
    this.#spokenTurn = turn;
    return [{ turn, text }];
  }
}
