import { currencies } from '../tts/spoken-text.js';
import type { Rule } from './rules.js';

/** Amounts of anything in English, as far as the rules of spoken-text leave them, or would take them for codes. */

/** A unit after a number: one of it, several. */
const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'km/h': ['kilometer per hour', 'kilometers per hour'],
  mph: ['mile per hour', 'miles per hour'],
  km: ['kilometer', 'kilometers'],
  cm: ['centimeter', 'centimeters'],
  mm: ['millimeter', 'millimeters'],
  m: ['meter', 'meters'],
  mi: ['mile', 'miles'],
  ft: ['foot', 'feet'],
  yd: ['yard', 'yards'],
  'sq ft': ['square foot', 'square feet'],
  kg: ['kilogram', 'kilograms'],
  mg: ['milligram', 'milligrams'],
  g: ['gram', 'grams'],
  lb: ['pound', 'pounds'],
  lbs: ['pound', 'pounds'],
  oz: ['ounce', 'ounces'],
  ml: ['milliliter', 'milliliters'],
  l: ['liter', 'liters'],
  L: ['liter', 'liters'],
  kWh: ['kilowatt hour', 'kilowatt hours'],
  kW: ['kilowatt', 'kilowatts'],
  GB: ['gigabyte', 'gigabytes'],
  MB: ['megabyte', 'megabytes'],
  TB: ['terabyte', 'terabytes'],
  Mbps: ['megabit per second', 'megabits per second'],
  hrs: ['hour', 'hours'],
  hr: ['hour', 'hours'],
  h: ['hour', 'hours'],
  mins: ['minute', 'minutes'],
  min: ['minute', 'minutes'],
  secs: ['second', 'seconds'],
  sec: ['second', 'seconds'],
  ms: ['millisecond', 'milliseconds'],
  '°C': ['degree Celsius', 'degrees Celsius'],
  '°F': ['degree Fahrenheit', 'degrees Fahrenheit'],
  '°': ['degree', 'degrees'],
};

const unitNames = Object.keys(units)
  .sort((a, b) => b.length - a.length)
  .join('|');

const scales: Readonly<Record<string, string>> = { k: 'thousand', m: 'million', mn: 'million', b: 'billion', bn: 'billion', t: 'trillion' };

const codes: Readonly<Record<string, readonly [one: string, many: string]>> = {
  USD: ['dollar', 'dollars'],
  EUR: ['euro', 'euros'],
  GBP: ['pound', 'pounds'],
  CHF: ['Swiss franc', 'Swiss francs'],
  CAD: ['Canadian dollar', 'Canadian dollars'],
  AUD: ['Australian dollar', 'Australian dollars'],
  JPY: ['yen', 'yen'],
  '¥': ['yen', 'yen'],
  INR: ['rupee', 'rupees'],
  '₹': ['rupee', 'rupees'],
};

const fractions: Readonly<Record<string, string>> = {
  '1/2': 'one half',
  '1/3': 'one third',
  '2/3': 'two thirds',
  '1/4': 'one quarter',
  '3/4': 'three quarters',
};

const number = String.raw`\d+(?:,\d{3})*(?:\.\d+)?`;

/** A large number in groups: "1,234,567" is 1 million 234 thousand 567. Voices read digits one by one without. */
function grouped(digits: string): string {
  const whole = digits.replaceAll(',', '').replace(/^0+(?=\d)/, '');
  if (whole.length < 5 || whole.length > 15) return whole;
  const groups: string[] = [];
  for (let end = whole.length; end > 0; end -= 3) groups.unshift(whole.slice(Math.max(0, end - 3), end));
  const names = ['', ' thousand', ' million', ' billion', ' trillion'];
  return groups
    .map((group, i) => `${Number(group)}${names[groups.length - 1 - i]}`)
    .filter((group) => !group.startsWith('0'))
    .join(' ');
}

/** An amount in a currency whose cents have no name here: "12 Swiss francs 50". */
function francs(written: string, names: readonly [string, string]): string {
  const [whole = '', decimals = ''] = written.split('.');
  if (decimals.length !== 2) return amount(written, names);
  return amount(whole, names) + (decimals === '00' ? '' : ` ${Number(decimals)}`);
}

/** A number, and what it is a number of. */
function amount(written: string, [one, many]: readonly [string, string]): string {
  const [whole = '', decimals] = written.split('.');
  const said = grouped(whole) + (decimals === undefined ? '' : `.${decimals}`);
  return `${said} ${said === '1' ? one : many}`;
}

function money(sign: string, written: string, scale: string | undefined): string {
  const [one, many, cents] = currencies[sign] ?? ['', '', ''];
  const [whole = '', decimals = ''] = written.split('.');
  if (scale !== undefined) return `${written.replaceAll(',', '')} ${scales[scale.toLowerCase()] ?? scale} ${many}`;
  if (decimals.length > 2) return amount(written, [one, many]);
  const small = Number(decimals.padEnd(2, '0'));
  if (Number(whole) === 0 && small > 0) return `${small} ${small === 1 ? cents.replace(/s$/, '') : cents}`;
  return `${grouped(whole)} ${grouped(whole) === '1' ? one : many}${small > 0 ? ` and ${small} ${cents}` : ''}`;
}

export const amountRules: readonly Rule[] = [
  [/(?<![\d\p{L}%]\s?)[−–](?=[$£€]?\d)/gu, '-'],
  [/(?<=\d)\s?½/g, ' and a half'],
  [/½/g, 'one half'],
  [/¼/g, 'one quarter'],
  [/¾/g, 'three quarters'],
  [/\b(?:US)\$(?=\d)/g, '$'],
  [/([$£€])\s?(\d[\d,]*(?:\.\d+)?)\s?[-–]\s?[$£€]?(?=\d)/g, (_all, sign = '', low = '') => `${sign}${low} to ${sign}`],
  [
    new RegExp(String.raw`([$£€])\s?(${number})\s?(thousand|million|billion|trillion|mn|bn|[kKmMbBtT])(?![\p{L}\p{N}])`, 'gu'),
    (_all, sign = '', value = '', scale) => money(sign, value, scale),
  ],
  [new RegExp(String.raw`(?<![\d.,])(${number})\s?([£€])(?![\d\p{L}])`, 'gu'), (_all, value = '', sign = '') => money(sign, value, undefined)],
  [new RegExp(String.raw`([$£€])\s?(${number})(?![\d\p{L}])`, 'gu'), (_all, sign = '', value = '') => money(sign, value, undefined)],
  [
    new RegExp(String.raw`(?<![\p{L}\d])(${Object.keys(codes).join('|')})\s?(${number})(?![\d\p{L}])`, 'gu'),
    (_all, code = '', value = '') => francs(value, codes[code] ?? ['', '']),
  ],
  [
    new RegExp(String.raw`(?<![\d.,])(${number})\s?(${Object.keys(codes).join('|')})(?![\p{L}\d])`, 'gu'),
    (_all, value = '', code = '') => francs(value, codes[code] ?? ['', '']),
  ],
  [
    new RegExp(String.raw`(?<![\d.,\p{L}])(${number})\s?(${unitNames})(?![\p{L}\d/])(?!\s*\))`, 'gu'),
    (_all, value = '', unit = '') => amount(value, units[unit] ?? ['', '']),
  ],
  [
    new RegExp(String.raw`(?<![\d.,\p{L}])(${number})(k|K|M|bn)(?![\p{L}\d])`, 'gu'),
    (_all, value = '', scale = '') => `${value} ${scales[scale.toLowerCase()]}`,
  ],
  [/(?<![\d.,/])([1-3]\/[2-4])(?![\d/])/g, (all) => fractions[all] ?? all],
  [/(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/g, (all) => grouped(all)],
  [/(?<=\d)\s?¢/g, ' cents'],
  [/\b(\d+)\/(\d+)(?=\s(?:stars?|points?)\b)/g, '$1 out of $2'],
  [/(\d)\s?[×*]\s?(?=\d)/g, '$1 times '],
  [/(?<=\d)\s?=\s?(?=\d)/g, ' equals '],
  [/(?<=\d)\s\+\s(?=\d)/g, ' plus '],
  [/±\s?(?=\d)/g, 'plus or minus '],
  [/[~≈]\s?(?=[$£€]?\d)/g, 'about '],
  [/≤\s?(?=\d)/g, 'at most '],
  [/≥\s?(?=\d)/g, 'at least '],
  [/<\s?(?=\d)/g, 'less than '],
  [/>\s?(?=\d)/g, 'more than '],
  [/(?<![\p{L}\d)%])-(?=\d)/gu, 'minus '],
];
