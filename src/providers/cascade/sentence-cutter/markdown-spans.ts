/** What a line begins with: a fence, the mark of a heading, an item, a quote or a row; 'wait' when that shows later. */
export type Line = 'plain' | 'fence' | 'wait' | { readonly markerLength: number };

const mark = /#{1,6}[ \t]+|[-*+•][ \t]+|\d{1,3}[.)][ \t]+|>[ \t]*|\|[ \t]*/y;
/** What may become a mark, or a fence, when more comes. */
const unfinishedMark = /(?:#{1,6}|[-*+•>|]|\d{1,3}[.)]?|`{1,2}|~{1,2})[ \t]*$/y;
const fence = /`{3,}|~{3,}/y;

/** The line that begins at `at`, its first character that is no space. */
export function lineAt(text: string, at: number, isEnd: boolean): Line {
  for (const pattern of [fence, unfinishedMark, mark]) pattern.lastIndex = at;
  if (fence.test(text)) return 'fence';
  if (!isEnd && unfinishedMark.test(text)) return 'wait';
  const found = mark.exec(text);
  return found ? { markerLength: found[0].length } : 'plain';
}

/** Where the fence that a text begins with ends; undefined while it does not, and when it never does. */
export function endOfFence(text: string, isEnd: boolean): number | undefined {
  fence.lastIndex = 0;
  const [opening = ''] = fence.exec(text) ?? [];
  const closing = new RegExp(`\\n[ \\t]*${opening[0] === '~' ? '~' : '`'}{${opening.length},}[ \\t]*(\\n|$)`);
  const found = closing.exec(text);
  if (!found || (found[1] === '' && !isEnd)) return undefined;
  return found.index + found[0].length;
}

interface Span {
  readonly opens: RegExp;
  /** The whole of it. */
  readonly whole: RegExp;
  /** It is closed by then, or it is none. */
  readonly mostCharacters: number;
}

const spans: readonly Span[] = [
  {
    opens: /!?\[/y,
    whole: /!?\[[^[\]\n]*\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ \t]+["'][^"'\n]*["'])?\)|\[[^[\]\n]*\])?/y,
    mostCharacters: 400,
  },
  { opens: /`/y, whole: /(`+)[^`\n]+\1(?!`)/y, mostCharacters: 160 },
  { opens: /\(/y, whole: /\((?:[^()\n]|\([^()\n]*\))*\)/y, mostCharacters: 160 },
  { opens: /</y, whole: /<[a-z][^<>\s]*>/iy, mostCharacters: 300 },
];

/**
 * Where the link, the code or the words in brackets end that begin at `at`; undefined when none begins there. Within,
 * nothing is cut.
 */
export function endOfSpan(text: string, at: number, isEnd: boolean): number | 'wait' | undefined {
  for (const { opens, whole, mostCharacters } of spans) {
    opens.lastIndex = at;
    if (!opens.test(text)) continue;
    // A line or so decides: a bracket that nobody closes holds up nothing.
    const line = text.slice(at, at + mostCharacters);
    const isDecided = isEnd || line.length === mostCharacters || line.includes('\n');
    whole.lastIndex = 0;
    const [found] = whole.exec(line) ?? [];
    if (found === undefined) return isDecided ? undefined : 'wait';
    // What ends with the text may go on, and the words of a link are followed by its address.
    const isWhole = found.length < line.length && !(found.endsWith(']') && /[([]/.test(line[found.length] ?? ''));
    return isWhole || isDecided ? at + found.length : 'wait';
  }
  return undefined;
}
