/** Writes a text the way it is said, as far as voices differ in it or get it wrong: codes, times, money, signs. English. */
export function spokenText(text: string): string {
  let spoken = text.normalize('NFKC');
  for (const [pattern, replacement] of rules) spoken = spoken.replace(pattern, replacement as string);
  return spoken.trim();
}

type Rule = readonly [pattern: RegExp, replacement: string | ((...match: string[]) => string)];

export const currencies: Readonly<Record<string, readonly [one: string, many: string, cents: string]>> = {
  $: ['dollar', 'dollars', 'cents'],
  '£': ['pound', 'pounds', 'pence'],
  '€': ['euro', 'euros', 'cents'],
};

const rules: readonly Rule[] = [
  [/[‘’]/g, "'"],
  [/[“”"*_`~^<>|\\{}[\]]/g, ' '],
  [/\s[-–]\s|\s*—\s*/g, ', '],
  [/…|\.{2,}/g, '. '],
  [/([$£€])(\d[\d,]*)(?:\.(\d\d))?/g, (_all, sign = '$', whole = '', cents) => money(sign, whole.replaceAll(',', ''), cents)],
  [/(?<=\d),(?=\d{3}\b)/g, ''],
  [
    /(?:(?<=\d)\s*([apAP])\.?[mM]|\b([ap])\.m)\b(?:\.(?!\s+[A-Z]|\s*$))?/g,
    (_all, afterTime, alone) => ` ${(afterTime || alone || '').toUpperCase()} M`,
  ],
  [/\b(\d{1,2}):([0-5]\d)(?::[0-5]\d)?(?!\d)/g, (_all, hours = '', minutes = '') => timeOfDay(hours, minutes)],
  [/(\d)\s*%/g, '$1 percent'],
  [/\+(?=\d)/g, 'plus '],
  [/\s*&\s*/g, ' and '],
  [/#(?=\s*\d)/g, 'number '],
  [/(?<=\w)@(?=\w)/g, ' at '],
  [/(?<=[a-z]{2})\.(?=[a-z]{2})/gi, ' dot '],
  [/\b\d+(?:-\d+)+\b/g, (all) => (all.replaceAll('-', '').length >= 5 ? all.split('-').map(digitByDigit).join(', ') : all.replaceAll('-', ' to '))],
  [/\b(?:0\d+|\d{5,})\b/g, (all) => digitByDigit(all)],
  [/(?<=\d)(?=[A-Z])|(?<=[A-Z])(?=\d)/g, ' '],
  [/(\d+)\.(\d+)/g, (_all, whole = '', decimals = '') => `${whole} point ${digitByDigit(decimals)}`],
  [/[^\p{L}\p{N}\s.,;:!?'()/-]/gu, ' '],
  [/\s+/g, ' '],
  [/ (?=[.,;:!?])/g, ''],
];

const digitByDigit = (digits: string): string => [...digits].join(' ');

function money(sign: string, whole: string, cents: string | undefined): string {
  const [one, many, small] = currencies[sign] ?? ['', '', ''];
  const amount = `${whole} ${whole === '1' ? one : many}`;
  return cents && cents !== '00' ? `${amount} and ${Number(cents)} ${small}` : amount;
}

function timeOfDay(hours: string, minutes: string): string {
  if (minutes === '00') return Number(hours) > 0 && Number(hours) <= 12 ? `${Number(hours)} o'clock` : `${Number(hours)} hundred hours`;
  return minutes.startsWith('0') ? `${Number(hours)} oh ${Number(minutes)}` : `${Number(hours)} ${minutes}`;
}
