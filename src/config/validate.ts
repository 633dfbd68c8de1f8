import type { z } from 'zod';
import { nearestName } from '../base/nearest-name.js';

/** One thing that is wrong: where, and a sentence about it. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Checks `value` against a schema made of the fields of `fields.ts`.
 * @returns the value with all defaults, or every finding
 */
export function validate<T extends z.ZodType>(schema: T, value: unknown): { value: z.infer<T> } | { findings: Finding[] } {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data };
  return { findings: result.error.issues.flatMap((issue) => findingsOf(issue, schema)) };
}

function findingsOf(issue: z.core.$ZodIssue, schema: z.ZodType): Finding[] {
  const path = issue.path;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearestName(key, keysAt(schema, path));
      const where = [...path, key].join('.');
      return { path: [...path, key], message: `Unknown setting ${where}${meant ? `. Did you mean ${meant}?` : ''}` };
    });
  }
  if (issue.code === 'invalid_key')
    return [
      { path, message: `Expected ${issue.issues[0]?.message ?? 'name'} as key of ${path.slice(0, -1).join('.')} but received ${show(path.at(-1))}` },
    ];
  // Of a mapping whose type is unknown the whole mapping is reported.
  const input = issue.code === 'invalid_union' ? (issue.input as Record<PropertyKey, unknown>)[path.at(-1) as PropertyKey] : issue.input;
  return [{ path, message: `Expected ${issue.message} for ${path.join('.') || 'the file'} but received ${received(input, path)}` }];
}

const secretNames = /key|token|secret|password/i;

function received(input: unknown, path: readonly PropertyKey[]): string {
  if (input === undefined) return 'nothing';
  const type = input === null ? 'null' : Array.isArray(input) ? 'list' : typeof input === 'object' ? 'mapping' : typeof input;
  if (secretNames.test(String(path.at(-1)))) return `a value of type ${type}`;
  if (type === 'null' || type === 'list' || type === 'mapping') return `a value of type ${type}`;
  return `${show(input)} of type ${type}`;
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
