import { endOfFence, endOfSpan, lineAt } from './markdown-spans.js';
import { clauseEnd, sentenceEnd } from './sentence-end.js';

/** What is known of a place in a text of which more may come: whether it is cut there, or that this shows later. */
export type Verdict = 'cut' | 'go-on' | 'wait';

export interface Text {
  /** Nothing more comes. */
  readonly isEnd: boolean;
  /** What came before ended with its line. */
  readonly isLineStart: boolean;
  /** A clause is enough. */
  readonly mayBeClause: boolean;
}

/** Beyond which a sentence without an end is cut at its last clause, or between two words. */
const mostCharacters = 400;
const shortestClause = 100;
/** All else is never looked at: text is read again with each delta. */
const special = /[\s.!?…。！？؟।۔,;:–—\-[(`<]/;
const terminators = /[.!?…。！？؟।۔]+/y;
/** Quotes, brackets and marks that close with the sentence. */
const closers = /["'”’»)\]*_`」』）]*/y;

/**
 * Where the first sentence of a text ends; undefined while that is not sure, or when there is none but the last. What
 * was sure once stays so whatever comes: the places are judged in their order, each by so much of what follows it as it
 * takes.
 */
export function firstCut(text: string, { isEnd, isLineStart, mayBeClause }: Text): number | undefined {
  const start = text.search(/\S/);
  if (start < 0) return undefined;
  const line = isLineStart || text.slice(0, start).includes('\n') ? lineAt(text, start, isEnd) : 'plain';
  if (line === 'wait') return undefined;
  if (line === 'fence') return endOfFence(text, start, isEnd);
  let lastClause = 0;
  let lastSpace = 0;
  for (let at = line === 'plain' ? start : start + line.markerLength; at < text.length; ) {
    if (at - start > mostCharacters && (lastClause || lastSpace)) return lastClause || lastSpace;
    if (!special.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const span = endOfSpan(text, at, isEnd);
    if (span === 'wait') return undefined;
    if (span !== undefined) {
      at = span;
      continue;
    }
    const [end, verdict] = judge(text, { at, start, isEnd, isBlock: line !== 'plain', mayBeClause });
    if (verdict === 'wait') return undefined;
    if (verdict === 'cut') return end;
    if (at - start > shortestClause && /\s/.test(text[end] ?? '') && /[,;:–—]/.test(text[at] ?? '')) lastClause = end;
    if (/\s/.test(text[at] ?? '')) lastSpace = at;
    at = end;
  }
  return undefined;
}

interface Place {
  readonly at: number;
  readonly start: number;
  readonly isEnd: boolean;
  /** In a heading, a row of a table, or an item of a list. */
  readonly isBlock: boolean;
  readonly mayBeClause: boolean;
}

/** Whether the text is cut at a place, and where what stands there ends. */
function judge(text: string, { at, start, isEnd, isBlock, mayBeClause }: Place): readonly [end: number, verdict: Verdict] {
  if (text[at] === '\n') return [at + 1, lineEnd(text, at, isBlock, isEnd)];
  terminators.lastIndex = at;
  const [marks] = terminators.exec(text) ?? [];
  if (marks === undefined) return [at + 1, mayBeClause ? clauseEnd(text, at, start, isEnd) : 'go-on'];
  closers.lastIndex = at + marks.length;
  const end = closers.lastIndex + (closers.exec(text)?.[0].length ?? 0);
  return [end, sentenceEnd(text, { start, marks, at, end, isEnd })];
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
