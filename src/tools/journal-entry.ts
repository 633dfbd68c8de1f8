import { z } from 'zod';

/** How an effect ended that is known to have ended. */
export type KnownOutcome = 'answered' | 'refused' | 'not-done';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const common = {
  at: z.iso.datetime(),
  tool: z.string(),
  /** The effect's id and key. */
  effect: hash,
  key: hash,
};

const entrySchema = z.discriminatedUnion('state', [
  z.object({ ...common, state: z.literal('begun') }),
  z.object({ ...common, state: z.literal('done'), outcome: z.enum(['answered', 'refused', 'not-done']), answer: hash }),
]);

/** A line of the journal. It has hashes where calls, arguments and answers would tell of people. */
export type JournalEntry = z.infer<typeof entrySchema>;

export const lineOf = (entry: JournalEntry): string => `${JSON.stringify(entry)}\n`;

/** The entries of a file, in their order, and how many lines are none. What a power cut left of the last line counts as nothing. */
export function entriesIn(text: string): { readonly entries: JournalEntry[]; readonly damaged: number } {
  const lines = text.split('\n');
  lines.pop();
  const entries = lines.flatMap((line) => entryOf(line) ?? []);
  return { entries, damaged: lines.length - entries.length };
}

function entryOf(line: string): JournalEntry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Of most weight first: what is known to be done stays done, whatever another process left behind. */
const weights = ['answered', 'begun', 'refused', 'not-done'];
const weightOf = (entry: JournalEntry): number => weights.indexOf(entry.state === 'begun' ? 'begun' : entry.outcome);

/**
 * What is known of an effect that two processes wrote of. Their wall clocks do not say which came later, so the
 * answer is the one after which less may be done.
 */
export const weightier = (one: JournalEntry, other: JournalEntry | undefined): JournalEntry =>
  other && weightOf(other) < weightOf(one) ? other : one;
