import { ordinal } from '../llm/scripted/speech-forms.js';
import type { Rule } from './rules.js';

/** Dates, days and times of day in English. */

const months = 'January February March April May June July August September October November December'.split(' ');
const monthNames = months.join('|');
const shortMonths = 'Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec';
const days = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const shortDays = 'Mon|Tues|Tue|Wed|Thurs|Thur|Thu|Fri|Sat|Sun';

const named = (names: readonly string[], short: string): string => names.find((name) => name.startsWith(short.slice(0, 3))) ?? short;
const monthOf = (short: string): string => named(months, short);
const dayOf = (short: string): string => named(days, short);

/** A date as it is said; what it was when there is no such day. */
function date(written: string, year: string, month: number, day: number): string {
  const name = months[month - 1];
  return name && day >= 1 && day <= 31 ? `${name} ${ordinal(String(day))}, ${year}` : written;
}

/** Which of the two is the month, where both may be: the Americans' first. */
function slashed(written: string, first: number, second: number, year: string, isAmerican: boolean): string {
  const [month, day] = (isAmerican && first <= 12) || second > 12 ? [first, second] : [second, first];
  return date(written, year, month, day);
}

const hour = String.raw`\d{1,2}(?::\d\d)?`;
const half = String.raw`\s?[ap]\.?m\b\.?`;

export const dateRules = (isAmerican: boolean): readonly Rule[] => [
  [/\b(\d{4})-(\d\d)-(\d\d)(?:T(?=\d\d:\d\d))?(?![\d-])/g, (all, year = '', month = '', day = '') => date(all, year, Number(month), Number(day))],
  [
    /(?<![\d/])(\d{1,2})\/(\d{1,2})\/(\d{4})(?![\d/])/g,
    (all, first = '', second = '', year = '') => slashed(all, Number(first), Number(second), year, isAmerican),
  ],
  [new RegExp(String.raw`\b(${shortMonths})\b\.?(?=\s\d{1,4}\b)`, 'g'), (_all, short = '') => monthOf(short)],
  [new RegExp(String.raw`(?<=\b\d{1,2}(?:st|nd|rd|th)?\s)(${shortMonths})\b\.?`, 'g'), (_all, short = '') => monthOf(short)],
  [
    new RegExp(String.raw`\b(${shortDays})\b\.?(?:\s?[-–]\s?|\sto\s)(${shortDays})\b\.?(?=[\s,:;.!?)]|$)`, 'g'),
    (_all, from = '', to = '') => `${dayOf(from)} to ${dayOf(to)}`,
  ],
  [new RegExp(String.raw`\b(${shortDays})\b\.?(?=,?\s(?:\d|${monthNames}))`, 'g'), (_all, short = '') => dayOf(short)],
  [new RegExp(String.raw`\b(${days.join('|')})\s?[-–]\s?(?=(?:${days.join('|')})\b)`, 'g'), (_all, day = '') => `${day} to `],
  [
    new RegExp(String.raw`\b(${monthNames})\s(\d{1,2})(?:st|nd|rd|th)?(?![\d:.%\p{L}]|[-–]\d)`, 'gu'),
    (all, month = '', day = '') => (Number(day) >= 1 && Number(day) <= 31 ? `${month} ${ordinal(String(Number(day)))}` : all),
  ],
  [/\b(\d{1,3})(?:st|nd|rd|th)\b/g, (_all, value = '') => ordinal(String(Number(value)))],
  [/\b((?:1[5-9]|20)\d\d)\s?[-–]\s?((?:1[5-9]|20)\d\d)(?![\d-])/g, '$1 to $2'],
  [new RegExp(String.raw`\b(${hour}(?:${half})?)\s?[-–]\s?(?=${hour}${half})`, 'gi'), '$1 to '],
  [/\b(\d{1,2}:\d\d)\s?[-–]\s?(?=\d{1,2}:\d\d)/g, '$1 to '],
  [/\b24\/7\b/g, '24 7'],
];
