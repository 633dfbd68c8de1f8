/** A word and where it stands in the audio. */
export interface TimedWord {
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a recogniser says of a stretch of the audio that it was sent; times count from the audio's beginning. */
export interface Result {
  readonly text: string;
  /** Of the text, where the service tells; none where it does not. */
  readonly words: readonly TimedWord[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Nothing more will be said of it. */
  readonly isFinal: boolean;
  /** For so long after it nothing is expected either, though our detector still says "speaking". */
  readonly quietMs: number;
}

/** How much a service's count of the audio may be off. */
const toleranceMs = 100;
/** Our detector goes on for so long after the caller fell silent: what a recogniser heard end is not waited for. */
export const hangoverMs = 250;

/**
 * The words of a recogniser that is sent audio all the time: final ones in their order, and a guess at the latest.
 * Knows by the position in the audio whether anything is still to come of what was said.
 */
export class HeardWords {
  #pieces: string[] = [];
  #guess: Result | undefined;
  #sentMs = 0;
  #isSpeaking = false;
  /** Where the caller last began and ended to speak, so far as our own detector knows. */
  #speechFromMs = 0;
  #speechToMs = 0;
  /** Up to here every word is final. */
  #settledMs = 0;
  /** Words before were given away as a guess, and must not be given again. */
  #givenMs = 0;
  /** How much had been sent when the service last said anything. */
  #toldAtMs = 0;

  sent(ms: number, speaking: boolean): void {
    if (speaking && !this.#isSpeaking) this.#speechFromMs = this.#sentMs;
    this.#isSpeaking = speaking;
    this.#sentMs += ms;
    if (speaking) this.#speechToMs = this.#sentMs;
  }

  /** The service said something, whatever it was. */
  told(): void {
    this.#toldAtMs = this.#sentMs;
  }

  hear(result: Result): void {
    const text = this.#notGivenOf(result);
    if (!result.isFinal) {
      this.#guess = text === '' ? undefined : { ...result, text };
      return;
    }
    this.#guess = undefined;
    if (text !== '') this.#pieces.push(text);
    this.#settledMs = Math.max(this.#settledMs, result.toMs + result.quietMs);
  }

  /** All that was not given away yet, the guess included. */
  get soFar(): string {
    return [...this.#pieces, ...(this.#guess ? [this.#guess.text] : [])].join(' ');
  }

  /** Up to where words may still come of what was said until now. */
  get openUntilMs(): number {
    return Math.max(this.#speechToMs, this.#guess?.toMs ?? 0);
  }

  isSettled(untilMs: number): boolean {
    return untilMs <= this.#settledMs + toleranceMs;
  }

  /** Gives the final words away. */
  takeFinal(): string {
    return this.#pieces.splice(0).join(' ');
  }

  /** Gives all words away and awaits no others of what was said; what comes late of the guess is dropped. */
  takeGuess(): string {
    const words = this.soFar;
    this.#settledMs = Math.max(this.#settledMs, this.openUntilMs);
    if (this.#guess) this.#givenMs = this.#guess.words.at(-1)?.toMs ?? this.#guess.toMs;
    this.#pieces = [];
    this.#guess = undefined;
    return words;
  }

  /** The caller spoke, and the service has said nothing at all since. */
  get isUnanswered(): boolean {
    return this.soFar === '' && this.#speechToMs > 0 && this.#toldAtMs <= this.#speechFromMs;
  }

  #notGivenOf({ text, words, fromMs }: Result): string {
    if (fromMs >= this.#givenMs || this.#givenMs === 0) return text.trim();
    const isNew = (word: TimedWord): boolean => (word.fromMs + word.toMs) / 2 > this.#givenMs;
    return words
      .filter(isNew)
      .map((word) => word.text)
      .join(' ');
  }
}
