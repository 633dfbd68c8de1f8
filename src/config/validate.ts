import type { z } from 'zod';
import { nearestName } from '../base/nearest-name.js';

/** One thing that is wrong: where, and a sentence about it. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** How what was checked is spoken of. */
export interface Wording {
  /** The value as a whole: "the file". */
  readonly whole: string;
  /** One of its keys: "setting". */
  readonly part: string;
  /** Undefined where a value may be shown; else what is added to its type, such as where it came from. */
  readonly hidden: (path: readonly PropertyKey[]) => string | undefined;
}

/**
 * Checks `value` against a schema made of the fields of `fields.ts`.
 * @returns the value with all defaults, or every finding
 */
export function validate<T extends z.ZodType>(schema: T, value: unknown, wording: Wording): { value: z.infer<T> } | { findings: Finding[] } {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data };
  return { findings: result.error.issues.flatMap((issue) => findingsOf(issue, schema, wording)) };
}

function findingsOf(issue: z.core.$ZodIssue, schema: z.ZodType, wording: Wording): Finding[] {
  const path = issue.path;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearestName(key, keysAt(schema, path));
      const where = [...path, key].join('.');
      return { path: [...path, key], message: `Unknown ${wording.part} ${where}${meant ? `. Did you mean ${meant}?` : ''}` };
    });
  }
  if (issue.code === 'invalid_key')
    return [
      { path, message: `Expected ${issue.issues[0]?.message ?? 'name'} as key of ${path.slice(0, -1).join('.')} but received ${show(path.at(-1))}` },
    ];
  // Of a mapping whose type is unknown the whole mapping is reported.
  const input = issue.code === 'invalid_union' ? (issue.input as Record<PropertyKey, unknown>)[path.at(-1) as PropertyKey] : issue.input;
  return [
    {
      path,
      message: `Expected ${issue.message} for ${path.join('.') || wording.whole} but received ${received(input, path, wording, issue.message === 'mapping')}`,
    },
  ];
}

/** An address may carry a key where none belongs; a header often is one. */
const secretNames = /key|token|secret|password|url/i;
const isSecret = (path: readonly PropertyKey[]): boolean => secretNames.test(String(path.at(-1))) || path.at(-2) === 'headers';

/** @param misplaced what stands in the place of a mapping: it may be a secret that was to stand in it */
function received(input: unknown, path: readonly PropertyKey[], wording: Wording, misplaced: boolean): string {
  if (input === undefined) return 'nothing';
  const type = input === null ? 'null' : Array.isArray(input) ? 'list' : typeof input === 'object' ? 'mapping' : typeof input;
  const hidden = wording.hidden(path) ?? (isSecret(path) || misplaced ? '' : undefined);
  if (hidden !== undefined) return `a value of type ${type}${hidden}`;
  if (type === 'null' || type === 'list' || type === 'mapping') return `a value of type ${type}`;
  return `${show(input)} of type ${type}`;
}

/** A name or an address as a message may show it. */
export function found(value: string, path: readonly PropertyKey[], wording: Wording): string {
  const hidden = wording.hidden(path);
  return hidden === undefined ? show(value) : `a value${hidden}`;
}

function show(value: unknown): string {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return shown.length > 80 ? `${shown.slice(0, 77)}…"` : shown;
}

/** The keys that the schema knows at `path`; empty where it takes any. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: unknown = schema;
  for (const step of path) here = unwrap(here)?.shape?.[step as string] ?? unwrap(here)?.valueType;
  const shape = unwrap(here);
  if (shape?.shape) return Object.keys(shape.shape);
  return (shape?.options ?? []).flatMap((option) => Object.keys(unwrap(option)?.shape ?? {}));
}

interface Unwrapped {
  readonly shape?: Record<string, unknown>;
  readonly valueType?: unknown;
  readonly options?: readonly unknown[];
}

function unwrap(schema: unknown): Unwrapped | undefined {
  let definition = (schema as { def?: { innerType?: unknown } } | undefined)?.def;
  while (definition?.innerType) definition = (definition.innerType as { def?: { innerType?: unknown } }).def;
  return definition as Unwrapped | undefined;
}
