import { EarlyReply, type OnUsage } from './early-reply.js';
import type { LlmSession } from './llm/llm.js';

/** Of one turn; each wrong one costs. */
const mostGuesses = 3;

/** Has the language model begin before the caller's turn is over: by what they have said, if that is all. */
export class EarlyReplies {
  readonly #llm: LlmSession;
  readonly #onUsage: OnUsage;
  #current: EarlyReply | undefined;
  #guesses = 0;

  /** @param llm one that can take a request back */
  constructor(llm: LlmSession, onUsage: OnUsage) {
    this.#llm = llm;
    this.#onUsage = onUsage;
  }

  /** The caller is silent, and may have said just these words. */
  guess(words: string): void {
    if (this.#current?.hasFailed || this.#current?.answers(words)) return;
    this.takeBack();
    if (this.#guesses >= mostGuesses) return;
    this.#guesses += 1;
    this.#current = new EarlyReply(this.#llm, words, this.#onUsage);
  }

  /** The reply to these words, if it has begun; one to any others is taken back. */
  take(words: string): EarlyReply | undefined {
    const early = this.#current;
    if (!early?.answers(words)) {
      this.takeBack();
      return undefined;
    }
    this.#current = undefined;
    return early;
  }

  /** A reply is asked for: unless it is to the caller's words, nothing that was guessed is of use. */
  turnOver(isCallers: boolean): void {
    if (!isCallers) this.takeBack();
    this.#guesses = 0;
  }

  /** Nothing was guessed. */
  takeBack(): void {
    const early = this.#current;
    this.#current = undefined;
    early?.takeBack();
  }

  /** Nothing was guessed, and nothing will be. */
  close(): void {
    this.takeBack();
    this.#guesses = mostGuesses;
  }
}
