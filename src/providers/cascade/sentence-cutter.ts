import { firstCut } from './sentence-cutter/first-cut.js';

const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/**
 * Sentences out of the text that a language model writes bit by bit. However the text is split, the same sentences come,
 * each as soon as it is sure; of the first one, its first clause alone where that is long enough to begin with. Words
 * come once, in their order; marks between sentences that have no word are dropped. One reply.
 */
export class SentenceCutter {
  #text = '';
  #isLineStart = true;
  #isFirst = true;

  /** The sentences that are sure with this. */
  push(delta: string): string[] {
    this.#text += delta;
    return this.#cut(false);
  }

  /** What is left when nothing more comes. */
  end(): string[] {
    const sentences = this.#cut(true);
    const rest = this.#text.trim();
    this.#text = '';
    return hasWords(rest) ? [...sentences, rest] : sentences;
  }

  #cut(isEnd: boolean): string[] {
    const sentences: string[] = [];
    for (;;) {
      // Half a character shows what it is with the other half.
      const text = isEnd ? this.#text : this.#text.replace(/[\uD800-\uDBFF]$/, '');
      const at = firstCut(text, { isEnd, isLineStart: this.#isLineStart, mayBeClause: this.#isFirst });
      if (at === undefined) return sentences;
      const sentence = this.#text.slice(0, at).trim();
      this.#isLineStart = this.#text[at - 1] === '\n';
      this.#text = this.#text.slice(at);
      if (!hasWords(sentence)) continue;
      sentences.push(sentence);
      this.#isFirst = false;
    }
  }
}
