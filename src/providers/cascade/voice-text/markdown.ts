import { hasWords } from '../../../base/text.js';
import { applied, type Rule } from './rules.js';

/** Ends a line whose form said that it ended, so that the voice falls there. */
const stopped = (line: string): string => (line === '' || /[.!?:;,…。！？]["'”’)*_]*$/.test(line) ? line : `${line}.`);

/** A web address, as it is said: by its host. */
const hostOf = (address: string): string =>
  address
    .replace(/^[a-z][a-z0-9+.-]*:\/*/i, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '')
    .replace(/^www\./i, '')
    .replace(/:\d+$/, '');

const rowOf = (line: string): string =>
  stopped(
    line
      .split('|')
      .map((cell) => cell.trim())
      .filter(hasWords)
      .join(', '),
  );

const tags =
  'a|b|i|u|s|em|strong|br|hr|p|div|span|code|pre|ul|ol|li|h[1-6]|sub|sup|small|mark|del|ins|table|thead|tbody|tr|td|th|img|blockquote|details|summary';

/** Of whole lines. */
const blocks: readonly Rule[] = [
  [/\r\n?/g, '\n'],
  [/<!--[\s\S]*?-->/g, ' '],
  [/^[ \t]*(?:`{3,}|~{3,})[^\n`]*$/gm, ''],
  [/^[ \t]*\[[^\]\n]+\]:[ \t]*<?(?:[a-z]+:\/|mailto:|[/#])\S*.*$/gim, ''],
  [/^[ \t]*(?:([-*_])[ \t]*)(?:\1[ \t]*){2,}$/gm, ''],
  [/^[ \t]*(?:>[ \t]*)+/gm, ''],
  [/^[ \t]*\|.*$/gm, rowOf],
  [/^[ \t]*#{1,6}[ \t]+(.*?)[ \t#]*$/gm, (_all, title = '') => stopped(title)],
  [/^[ \t]*[-*+•][ \t]+(?:\[[ xX]\][ \t]+)?(.*?)[ \t]*$/gm, (_all, item = '') => stopped(item)],
  [/^[ \t]*(\d{1,3})[.)][ \t]+(.*?)[ \t]*$/gm, (_all, number = '', item = '') => `${number}. ${stopped(item)}`],
];

/** Within a line. */
const marks: readonly Rule[] = [
  [/\\([\\`*_{}[\]()#+.!|~>-])/g, '$1'],
  [/\[\^[^\]\s]+\]/g, ''],
  [/!?\[([^[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+["'][^"']*["'])?\)/g, '$1'],
  [/!?\[([^[\]]+)\]\[[^\]]*\]/g, '$1'],
  [/<((?:https?|ftp|mailto|tel):[^<>\s]+)>/gi, '$1'],
  [new RegExp(String.raw`</?(?:${tags})\b[^<>]*>`, 'gi'), ' '],
  [/\b(?:https?|ftp):\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]*_`]/gi, (address) => hostOf(address)],
  [/\bmailto:(?=\S)/gi, ''],
  [/\bwww\.[\w.-]*\w(?:[/?#][^\s<>"']*[^\s<>"'.,;:!?)\]*_`])?/gi, (address) => hostOf(address)],
  [/&nbsp;|&#160;/g, ' '],
  [/&amp;/g, '&'],
  [/&quot;|&#34;/g, '"'],
  [/&(?:apos|#39);/g, "'"],
  [/\*\*|__|~~|`+/g, ''],
  // A mark of emphasis stands at the edge of a word; between two it is a sign, or part of a name.
  [/(^|[\s("'“‘-])[*_]+(?=[\p{L}\p{N}])/gu, '$1'],
  [/([\p{L}\p{N}.!?,;:)'"”’%])[*_]+(?=$|[\s.,;:!?)"'”’-])/gu, '$1'],
  [/(\d)\uFE0F?\u20E3/g, '$1'],
  [/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u20E3\uFE0E\uFE0F]|[\u{E0020}-\u{E007F}]|\u200D/gu, ' '],
  [/\s+/g, ' '],
  [/ (?=[.,;!?](?:\s|$))/g, ''],
];

/** What is to be said of a text with Markdown, HTML, addresses and emojis in it, on one line. Any language. */
export const withoutMarkdown = (text: string): string => applied(marks, applied(blocks, text)).trim();
