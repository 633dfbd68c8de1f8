import { z } from 'zod';

/** The parts of a dialogue script. docs/dialogue.md explains each to those who write one. */

const list = (value: unknown): unknown => (typeof value === 'string' ? [value] : value);
const sentence = z.string().trim().max(500).regex(/\p{L}/u, 'a text with a word in it');
const identifier = z.string().regex(/^[a-z][a-z0-9_]*$/, 'a name of small letters, digits and _ that starts with a letter');

/** Ways to say the same thing, used in turn. */
const variants = z.preprocess(list, z.array(sentence).min(1).max(50));
const phrases = z.preprocess(list, z.array(sentence).max(500));

/** Something said that may end in a question: `yes` and `no` name the intent that the answer stands for. */
const remarkFields = { yes: identifier.optional(), no: identifier.optional() };
const remark = z.preprocess(
  (value) => (typeof value === 'string' || Array.isArray(value) ? { say: value } : value),
  z.strictObject({ say: variants, ...remarkFields }),
);

const intent = z.strictObject({
  phrases: phrases.default([]),
  except: phrases.default([]),
  anywhere: z.boolean().default(false),
  say: variants.optional(),
  ...remarkFields,
  start: identifier.optional(),
  action: z.enum(['hang-up', 'transfer', 'repeat', 'cancel']).optional(),
  reason: sentence.optional(),
  follow_up: z.boolean().default(true),
});

const digits = z.strictObject({ min: z.int().min(2).max(20).default(7), max: z.int().min(2).max(20).default(15) });

const slot = z.strictObject({
  type: z.enum(['name', 'phone', 'text', 'yes-no', 'time']),
  ask: variants,
  again: variants,
  called: phrases.optional(),
  more: variants.optional(),
  digits: digits.optional(),
});

const confirm = z.strictObject({ say: variants, again: variants, change: variants });

/** What ends a call is an intent's action, and no task's. */
const tool = identifier.refine((name) => name !== 'hang_up' && name !== 'transfer', 'a name other than hang_up and transfer, which end the call');

const task = z.strictObject({
  tool: tool.optional(),
  slots: z.record(identifier, slot),
  confirm: confirm.optional(),
  done: variants,
});

const ladder = z.preprocess(list, z.array(remark).min(1).max(10));

export const scriptSchema = z.strictObject({
  version: z.literal(1),
  variables: z.record(identifier, sentence).default({}),
  synonyms: z.array(z.array(sentence.regex(/^\S+$/, 'a single word')).min(2).max(100)).default([]),
  greeting: variants,
  intents: z.record(identifier, intent),
  tasks: z.record(identifier, task).default({}),
  follow_up: remark.optional(),
  not_understood: ladder,
  no_input: z.strictObject({ prompts: ladder, last: variants }),
  goodbye: variants,
});

/** A script that was checked: every name in it names something. */
export type Script = z.infer<typeof scriptSchema>;
export type IntentScript = z.infer<typeof intent>;
export type SlotScript = z.infer<typeof slot>;
export type SlotType = SlotScript['type'];
export type TaskScript = z.infer<typeof task>;
export type Remark = z.infer<typeof remark>;
