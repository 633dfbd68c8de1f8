import { lastOf } from '../../../../base/text.js';
import { cutBefore } from '../../../call-facts.js';
import type { Said } from '../../../provider.js';
import { sameWords } from '../../same-words.js';
import type { LlmRequest } from '../llm.js';
import { noteOf } from './notes.js';
import { type Entry, Turn } from './turn.js';

/** What one request may carry; older turns are left out. */
const mostTurns = 60;
const mostCharacters = 40_000;
/** So much is kept then: left out one by one, each request would begin differently, and no service could use its cache. */
const kept = 0.75;
/** Of the caller, at once. */
const mostWords = 4000;

/** What was said and done in one call, as the model is reminded of it. The last turn is settled when the next begins. */
export class Conversation {
  readonly #turns: Turn[] = [];
  /** Words of the caller whose answer was not heard. */
  #unanswered = '';
  /** The same as it was before the last turn began. */
  #unansweredBefore = '';
  /** That less was heard of the agent before than the model was told, until a turn that says so is kept. */
  #noteOfBefore = '';
  /** The same as it was before the last turn began. */
  #noteBeforeLast = '';

  /** `history` is what another agent said and heard; words at its end that it did not answer are still to be answered. */
  constructor(history: readonly Said[]) {
    let before: Said['who'] | undefined;
    for (const { who, text } of history) {
      if (who === 'caller') this.#unanswered = `${this.#unanswered} ${plain(text)}`.trim();
      else if (before === 'agent') this.#turns.at(-1)?.say(text);
      else {
        this.#add(new Turn(this.#unanswered, noteOf('greeting', this.#unanswered !== '', false))).say(text);
        this.#unanswered = '';
      }
      before = who;
    }
  }

  /** The agent has said something before. */
  get hasBegun(): boolean {
    return this.#turns.some(({ isVoiced }) => isVoiced);
  }

  /** What the caller says, or what else is to be answered. */
  begin({ cause, text, last }: LlmRequest, signal: AbortSignal): Turn {
    this.#noteBeforeLast = this.#noteOfBefore;
    this.#settle();
    this.#forget();
    this.#unansweredBefore = this.#unanswered;
    const words = lastOf(joined(this.#unanswered, plain(text)), mostWords);
    this.#unanswered = '';
    const notes = [this.#noteOfBefore, noteOf(cause, words !== '', last)].filter((note) => note !== '');
    return this.#add(new Turn(words, notes.join('\n'), signal));
  }

  /** The last turn was never begun. */
  takeBack(): void {
    this.#turns.pop();
    this.#unanswered = this.#unansweredBefore;
    this.#noteOfBefore = this.#noteBeforeLast;
  }

  /** Of the last turn, and of what another agent said in it before. */
  heard(text: string, before?: string): void {
    const turn = this.#turns.at(-1);
    if (turn) turn.heard = text;
    if (before !== undefined) this.#noteOfBefore = `[${cutBefore(plain(before))}]`;
  }

  entries(): Entry[] {
    return this.#turns.flatMap((turn, i) => turn.entries(this.#turns[i - 1]?.afterNote ?? ''));
  }

  #add(turn: Turn): Turn {
    this.#turns.push(turn);
    return turn;
  }

  #settle(): void {
    const turn = this.#turns.at(-1);
    if (!turn) return;
    if (turn.settle()) {
      if (turn.note.includes(this.#noteOfBefore)) this.#noteOfBefore = '';
      return;
    }
    this.#turns.pop();
    this.#unanswered = turn.words;
  }

  #forget(): void {
    if (this.#turns.length < mostTurns && this.#characters <= mostCharacters) return;
    while (this.#turns.length > kept * mostTurns || (this.#turns.length > 0 && this.#characters > kept * mostCharacters)) this.#turns.shift();
  }

  get #characters(): number {
    return this.#turns.reduce((sum, { characters }) => sum + characters, 0);
  }
}

/** Brackets are for notes, and no caller speaks one. */
const plain = (words: string): string => words.replaceAll(/[[\]]/g, ' ').replaceAll(/\s+/g, ' ').trim();

/** Words said before and after a reply that nobody heard; the same words said again count once. */
function joined(before: string, after: string): string {
  return sameWords(before, after) ? after || before : `${before} ${after}`.trim();
}
