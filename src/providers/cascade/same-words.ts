/** Whether two texts say the same, but for case and punctuation. */
export const sameWords = (one: string, other: string): boolean => bare(one) === bare(other);

const bare = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
