const longestLines = 40;

/**
 * What uvu or GoogleTest said of each test that failed, as they said it; a long story is cut.
 * @param {string} output of a suite
 * @returns {string[]}
 */
export function failuresIn(output) {
  const stories = [];
  let telling = false;
  for (const line of output.split('\n')) {
    const begins = / FAIL |: Failure$/.test(line);
    if (begins) stories.push([]);
    const ends = /^\S*\s*\(\d+ \/ \d+\)|^\s+Total:/.test(line);
    telling = begins || (telling && !ends);
    if (telling && stories.at(-1).length < longestLines) stories.at(-1).push(line);
    if (line.startsWith('[  FAILED  ]')) telling = false;
  }
  return stories.map((lines) => lines.join('\n').trimEnd());
}
