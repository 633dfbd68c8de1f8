import { hasWords } from '../../../base/text.js';

/** A part of a text that is synthesised in one go, and the silence that follows it. */
export interface SpeechPart {
  readonly text: string;
  readonly pauseMs: number;
}

const sentencePauseMs = 200;
const clausePauseMs = 110;
/** A phrase may begin with these, so the text may be cut before them. */
const phraseOpeners = new Set(
  'and or but so because if when while which that who to for with from at on in of by about until after before the a an your our is are'.split(' '),
);

/**
 * Cuts a text where a speaker would breathe, into parts of at most that many words: the first part's limit, the second
 * part's, and so on, the last limit for all that follow. A short first part is a voice that begins early.
 */
export function speechParts(text: string, limits: readonly number[]): SpeechPart[] {
  const words = text.split(/\s+/).filter(hasWords);
  const parts: SpeechPart[] = [];
  for (let at = 0; at < words.length; ) {
    const limit = limits[Math.min(parts.length, limits.length - 1)] as number;
    const count = cutAfter(words.slice(at, at + limit + 1), limit);
    const isLast = at + count >= words.length;
    parts.push(asPart(words.slice(at, at + count).join(' '), isLast));
    at += count;
  }
  return parts;
}

/** How many of the words belong together; there is one more than `limit` when the text goes on. */
function cutAfter(words: readonly string[], limit: number): number {
  if (words.length <= limit) return words.length;
  for (const ending of [/[.!?]$/, /[,;:)]$/]) {
    const found = words.slice(0, limit).findLastIndex((word) => ending.test(word));
    if (found >= 0) return found + 1;
  }
  const opener = words.findLastIndex((word, i) => i >= 2 && phraseOpeners.has(word.toLowerCase()));
  return opener > 0 ? opener : limit;
}

function asPart(text: string, isLast: boolean): SpeechPart {
  if (/[.!?]['")]*$/.test(text)) return { text, pauseMs: sentencePauseMs };
  if (isLast) return { text: `${text.replace(/[,;:-]$/, '')}.`, pauseMs: sentencePauseMs };
  // A comma keeps the voice from falling as at the end of a sentence.
  return /[,;:]$/.test(text) ? { text, pauseMs: clausePauseMs } : { text: `${text},`, pauseMs: 0 };
}
