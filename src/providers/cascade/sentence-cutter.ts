import { hasWords } from '../../base/text.js';
import { FirstCut } from './sentence-cutter/first-cut.js';

/**
 * Sentences out of the text that a language model writes bit by bit. However the text is split, the same sentences come,
 * each as soon as it is sure; of the first one, its first clause alone where that is long enough to begin with. Words
 * come once, in their order; marks between sentences that have no word are dropped. One reply.
 */
export class SentenceCutter {
  #text = '';
  #isLineStart = true;
  #isFirst = true;
  #firstCut: FirstCut | undefined;

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

  /** Before a sentence. */
  #dropSpace(): void {
    const text = this.#text.trimStart();
    if (this.#text.slice(0, this.#text.length - text.length).includes('\n')) this.#isLineStart = true;
    this.#text = text;
  }

  #cut(isEnd: boolean): string[] {
    const sentences: string[] = [];
    for (;;) {
      this.#dropSpace();
      if (this.#text === '') return sentences;
      this.#firstCut ??= new FirstCut(this.#isLineStart, this.#isFirst);
      const at = this.#firstCut.find(this.#text, isEnd);
      if (at === undefined) return sentences;
      const sentence = this.#text.slice(0, at).trim();
      this.#isLineStart = this.#text[at - 1] === '\n';
      this.#text = this.#text.slice(at);
      this.#firstCut = undefined;
      if (!hasWords(sentence)) continue;
      sentences.push(sentence);
      this.#isFirst = false;
    }
  }
}
