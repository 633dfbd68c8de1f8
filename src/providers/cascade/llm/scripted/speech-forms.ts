/** Values as a telephone voice should read them: without digits, numbers in groups. */

const digitWords = 'zero one two three four five six seven eight nine'.split(' ');
const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const irregularOrdinals: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

/** A call-back number, digit by digit in groups: "five five five, one two three four". */
export function spokenNumber(value: string): string {
  const digits = value.replaceAll(/\D/g, '');
  const groups = groupsOf(digits).map((size, index, sizes) => {
    const start = sizes.slice(0, index).reduce((total, length) => total + length, 0);
    return spokenDigits(digits.slice(start, start + size));
  });
  return `${value.startsWith('+') ? 'plus ' : ''}${groups.join(', ')}`;
}

const spokenDigits = (digits: string): string => [...digits].map((digit) => digitWords[Number(digit)]).join(' ');

/** Sizes of the groups in which a number is read: by three, the last by four; the 1 before a ten-digit number alone. */
function groupsOf(digits: string): number[] {
  const count = digits.length;
  if (count <= 4) return [count];
  if (count === 5) return [3, 2];
  if (count === 11 && digits.startsWith('1')) return [1, 3, 3, 4];
  const fours = count % 3;
  return [...Array<number>((count - fours * 4) / 3).fill(3), ...Array<number>(fours).fill(4)];
}

/** A text of the caller or of a call variable with its numbers in words. */
export function spokenText(text: string): string {
  return text
    .replaceAll(/\b(\d{1,2})(?:st|nd|rd|th)\b/gi, (_, number: string) => ordinal(number))
    .replaceAll(/(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])/gi, ' ')
    .replaceAll(/\b(\d{1,2}):(\d{2})\b/g, (_, hour: string, minute: string) => `${cardinal(hour)}${minuteWords(minute)}`)
    .replaceAll(/(?<=\d),(?=\d{3}\b)/g, '')
    .replaceAll(/\$\s?(\d+)/g, '$1 dollars')
    .replaceAll(/(?<=\d)\.(?=\d)/g, ' point ')
    .replaceAll(/\+?\d(?:[\d-]*\d)?/g, (number) => (/^\d{1,4}$/.test(number) ? cardinal(number) : spokenNumber(number)))
    .replaceAll(/\s+/g, ' ')
    .trim();
}

const minuteWords = (minute: string): string => (minute === '00' ? '' : minute.startsWith('0') ? ` oh ${cardinal(minute)}` : ` ${cardinal(minute)}`);

function cardinal(text: string): string {
  const value = Number(text);
  if (text.length > 1 && text.startsWith('0')) return value < 10 && text.length === 2 ? (small[value] ?? '') : spokenDigits(text);
  if (value < 20) return small[value] ?? '';
  const [size, name] = value < 100 ? [10, ''] : value < 1000 ? [100, 'hundred'] : [1000, 'thousand'];
  const [head, rest] = [Math.floor(value / size), value % size];
  const words = size === 10 ? (tens[head] ?? '') : `${small[head]} ${name}`;
  return rest === 0 ? words : `${words} ${cardinal(String(rest))}`;
}

export function ordinal(text: string): string {
  const words = cardinal(text).split(' ');
  const last = words.pop() ?? '';
  const regular = last.endsWith('y') ? `${last.slice(0, -1)}ieth` : last.endsWith('t') ? `${last}h` : `${last}th`;
  return [...words, irregularOrdinals[last] ?? regular].join(' ');
}
