/** Text of one item of a reply, cut into pieces as it comes: each ends with a clause, or where its audio catches up with it. */
export class SpokenWords {
  #waiting = '';
  #hasComeInPieces = false;

  /** More text. Returns the clauses that are complete with it. */
  add(text: string): string[] {
    this.#hasComeInPieces = true;
    this.#waiting += text;
    const ends = [...this.#waiting.matchAll(clauseEnd)].map((match) => match.index + match[0].length);
    const pieces = this.#take(ends);
    return this.#waiting.length > longestClause ? [...pieces, ...this.#take([lastBreak(this.#waiting)])] : pieces;
  }

  /** The words whose audio may be next: what is whole of the text so far, so that no audio comes before its text. */
  beforeAudio(): string[] {
    if (endsWithClause.test(this.#waiting)) return this.#take([this.#waiting.length]);
    return this.#take([this.#waiting.search(/\s\S*$/)]);
  }

  /** No more text follows. `whole` is all of it, for a service that did not send it bit by bit. */
  end(whole = ''): string[] {
    if (!this.#hasComeInPieces) this.#waiting = whole;
    this.#hasComeInPieces = true;
    return this.#take([this.#waiting.length]);
  }

  /** Cuts what waits at these places and keeps the rest. */
  #take(ends: readonly number[]): string[] {
    const pieces: string[] = [];
    let from = 0;
    for (const end of ends.filter((end) => end > 0)) {
      pieces.push(this.#waiting.slice(from, end).trim());
      from = end;
    }
    this.#waiting = this.#waiting.slice(from);
    return pieces.filter((piece) => piece !== '');
  }
}

/** What waits is read again with each delta: beyond so many characters it is cut between two words, or anywhere. */
const longestClause = 600;

function lastBreak(text: string): number {
  const space = text.search(/\s\S*$/);
  if (space > 0) return space;
  return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length;
}

/**
 * Punctuation with a space after it, as "3.5" and "1,000" are no ends; Chinese and Japanese have no space there. Looked
 * for only where a run of marks begins: from within, a long run would be read to its end again and again.
 */
const clauseEnd = /(?<![.,;:!?…])[.,;:!?…]+["'”’»)\]]*\s|[。，、；：！？]+[」』”’）]*/g;
/** At the end of what has come so far; "3." may go on with a digit. */
const endsWithClause = /(?:[^\d.,;:!?…\s][.,;:!?…]+|[。，、；：！？])["'”’»)\]」』）]*\s*$/;
