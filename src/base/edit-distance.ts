/** Steps that turn `a` into `b`: one letter put in, left out, changed, or two neighbours exchanged. After: Damerau, Levenshtein. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let steps = Math.min(at(above, column) + 1, at(line, column - 1) + 1, at(above, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        steps = Math.min(steps, at(before, column - 2) + 1);
      }
      line.push(steps);
    }
    before = above;
    above = line;
  }
  return at(above, b.length);
}

/** 1 for the same word, 0 for words with nothing in common. */
export function likeness(a: string, b: string): number {
  const longer = Math.max(a.length, b.length);
  return longer === 0 ? 1 : 1 - editDistance(a, b) / longer;
}

const at = (line: readonly number[], column: number): number => line[column] ?? 0;
