import { hasWords } from '../../base/text.js';
import { spokenText } from './tts/spoken-text.js';
import { amountRules } from './voice-text/english-amounts.js';
import { dateRules } from './voice-text/english-dates.js';
import { wordRules } from './voice-text/english-words.js';
import { withoutMarkdown } from './voice-text/markdown.js';
import { applied, type Rule } from './voice-text/rules.js';

/** What one rule leaves may be a form that another one knows; what a person would write takes two or three rounds. */
const mostRounds = 30;

const english = (isAmerican: boolean): readonly Rule[] => [...dateRules(isAmerican), ...wordRules, ...amountRules];
const american = english(true);
const british = english(false);

/**
 * What a language model wrote, as a voice can say it: without Markdown, and in English with numbers, dates, amounts and
 * abbreviations in the words for them. A text that is fit already stays as it is; one with words never becomes silent.
 * @param language BCP 47; without one it is taken for English
 */
export function voiceText(text: string, language: string | undefined): string {
  const said = speakable(text, language ?? 'en-US');
  return hasWords(said) || !hasWords(text) ? said : speakable(text.replace(/[^\p{L}\p{N}\s.,;:!?'-]/gu, ' '), language ?? 'en-US');
}

function speakable(text: string, language: string): string {
  const isEnglish = /^en\b/i.test(language);
  const rules = /^en(-us)?$/i.test(language) ? american : british;
  let said = text;
  for (let round = 0; round < mostRounds; round += 1) {
    const plain = withoutMarkdown(said);
    const next = isEnglish ? spokenText(applied(rules, plain)) : plain;
    if (next === said) break;
    said = next;
  }
  return said;
}
