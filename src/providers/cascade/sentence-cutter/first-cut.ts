import { endOfFence, endOfSpan, type Line, lineAt } from './markdown-spans.js';
import { clauseEnd, sentenceEnd } from './sentence-end.js';

/** What is known of a place in a text of which more may come: whether it is cut there, or that this shows later. */
export type Verdict = 'cut' | 'go-on' | 'wait';

/** Beyond which a sentence without an end is cut at its last clause, or between two words. */
const mostCharacters = 400;
/** Beyond which it is cut anywhere: no delta is to cost more than a look at so much. */
const mostOfSentence = 600;
const mostOfFence = 2400;
const shortestClause = 100;
/** All else is never looked at. */
const special = /[\s.!?…。！？؟।۔,;:–—\-[(`<]/;
const terminators = /[.!?…。！？؟।۔]+/y;
/** Quotes, brackets and marks that close with the sentence. */
const closers = /["'”’»)\]*_`」』）]*/y;

/** The beginning of a text that is looked at. */
interface Part {
  readonly text: string;
  /** Nothing more comes. */
  readonly isEnd: boolean;
  /** More has come than is looked at. */
  readonly isFull: boolean;
}

function partOf(text: string, most: number, isEnd: boolean): Part {
  const isFull = text.length > most;
  const part = text.slice(0, most);
  // Half a character shows what it is with the other half.
  const isWhole = (isEnd && !isFull) || !/^[\uD800-\uDBFF]/.test(part.slice(-1));
  return { text: isWhole ? part : part.slice(0, -1), isEnd: isEnd && !isFull, isFull };
}

/**
 * Looks for the end of the first sentence of a text that comes bit by bit, and begins with no space. What was sure once
 * stays so whatever comes: the places are judged in their order, each by so much of what follows it as it takes, and
 * none is judged again.
 */
export class FirstCut {
  readonly #isLineStart: boolean;
  readonly #mayBeClause: boolean;
  /** Undefined until it is sure what the text begins with. */
  #line: Exclude<Line, 'wait'> | undefined;
  /** The next place to judge. */
  #at = 0;
  #lastClause = 0;
  #lastSpace = 0;

  /** `isLineStart`: it begins a line. `mayBeClause`: a clause is enough. */
  constructor(isLineStart: boolean, mayBeClause: boolean) {
    this.#isLineStart = isLineStart;
    this.#mayBeClause = mayBeClause;
  }

  /** Where it ends in the text so far; undefined while that is not sure, or when there is none but the last. */
  find(text: string, isEnd: boolean): number | undefined {
    const part = partOf(text, mostOfSentence, isEnd);
    if (this.#line === undefined) this.#begin(part);
    const fence = this.#line === 'fence' ? partOf(text, mostOfFence, isEnd) : undefined;
    const { isFull, text: seen } = fence ?? part;
    const end = fence ? endOfFence(seen, fence.isEnd) : this.#endIn(part);
    return end ?? (isFull ? this.#lastClause || this.#lastSpace || seen.length : undefined);
  }

  #begin({ text, isEnd }: Part): void {
    const line = this.#isLineStart ? lineAt(text, 0, isEnd) : 'plain';
    if (line === 'wait') return;
    this.#line = line;
    if (typeof line === 'object') this.#at = line.markerLength;
  }

  #endIn({ text, isEnd }: Part): number | undefined {
    if (this.#line === undefined) return undefined;
    const isBlock = this.#line !== 'plain';
    for (let at = this.#at; at < text.length; at = this.#at) {
      if (at > mostCharacters && (this.#lastClause || this.#lastSpace)) return this.#lastClause || this.#lastSpace;
      if (!special.test(text[at] ?? '')) {
        this.#at += 1;
        continue;
      }
      const span = endOfSpan(text, at, isEnd);
      if (span === 'wait') return undefined;
      if (span !== undefined) {
        this.#at = span;
        continue;
      }
      const [end, verdict] = judge(text, { at, isEnd, isBlock, mayBeClause: this.#mayBeClause });
      if (verdict === 'wait') return undefined;
      if (verdict === 'cut') return end;
      if (at > shortestClause && /[,;:–—]/.test(text[at] ?? '')) {
        if (end === text.length && !isEnd) return undefined;
        if (/\s/.test(text[end] ?? '')) this.#lastClause = end;
      }
      if (/\s/.test(text[at] ?? '')) this.#lastSpace = at;
      this.#at = end;
    }
    return undefined;
  }
}

interface Place {
  readonly at: number;
  readonly isEnd: boolean;
  /** In a heading, a row of a table, or an item of a list. */
  readonly isBlock: boolean;
  readonly mayBeClause: boolean;
}

/** Whether the text is cut at a place, and where what stands there ends. */
function judge(text: string, { at, isEnd, isBlock, mayBeClause }: Place): readonly [end: number, verdict: Verdict] {
  if (text[at] === '\n') return [at + 1, lineEnd(text, at, isBlock, isEnd)];
  terminators.lastIndex = at;
  const [marks] = terminators.exec(text) ?? [];
  if (marks === undefined) return [at + 1, mayBeClause ? clauseEnd(text, at, isEnd) : 'go-on'];
  closers.lastIndex = at + marks.length;
  const end = closers.lastIndex + (closers.exec(text)?.[0].length ?? 0);
  return [end, sentenceEnd(text, { marks, at, end, isEnd })];
}

/** The end of a line is that of a sentence in a block, before one, and before an empty line. */
function lineEnd(text: string, at: number, isBlock: boolean, isEnd: boolean): Verdict {
  if (isBlock) return 'cut';
  const next = /[^ \t\r]/.exec(text.slice(at + 1))?.index;
  if (next === undefined) return isEnd ? 'go-on' : 'wait';
  if (text[at + 1 + next] === '\n') return 'cut';
  const line = lineAt(text, at + 1 + next, isEnd);
  if (line === 'wait') return 'wait';
  return line === 'plain' ? 'go-on' : 'cut';
}
