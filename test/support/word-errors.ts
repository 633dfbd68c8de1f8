const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Lower case, digits spelled, no punctuation. */
function wordsOf(text: string): string[] {
  const spelled = text.toLowerCase().replace(/\d/g, (digit) => ` ${digits[Number(digit)]} `);
  return spelled
    .replace(/[^a-z' ]/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
}

/** Words that were inserted, left out or replaced on the way from `said` to `heard`, and how many were said. */
export function wordErrors(said: string, heard: string): { readonly errors: number; readonly words: number } {
  const from = wordsOf(said);
  const to = wordsOf(heard);
  let row = to.map((_, i) => i + 1);
  row.unshift(0);
  from.forEach((word, i) => {
    const next = [i + 1];
    to.forEach((other, j) => {
      const [left = 0, above = 0, corner = 0] = [next[j], row[j + 1], row[j]];
      next.push(Math.min(left + 1, above + 1, corner + (word === other ? 0 : 1)));
    });
    row = next;
  });
  return { errors: row.at(-1) ?? 0, words: from.length };
}
