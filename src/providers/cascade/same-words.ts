/** Whether two texts say the same, but for case and punctuation. Signs say something, and so do those within a number. */
export const sameWords = (one: string, other: string): boolean => bare(one) === bare(other);

const spoken = /-?\p{N}+(?:\p{P}+\p{N}+)*%?|[\p{L}\p{M}\p{N}]+|\p{S}/gu;
const bare = (text: string): string => (text.normalize('NFC').toLowerCase().match(spoken) ?? []).join(' ');
