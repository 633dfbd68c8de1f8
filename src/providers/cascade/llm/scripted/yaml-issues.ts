import { type Document, isMap, isSeq, type LineCounter, type Node } from 'yaml';
import type { z } from 'zod';
import { nearestName } from '../../../../base/nearest-name.js';

type Path = readonly PropertyKey[];

/** What is wrong with a YAML file, with its line: `script.yaml:12: Expected … for intents.hours.phrases but received …`. */
export class YamlIssues {
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
  }

  /** Says where a zod issue stands and what was expected there. */
  describe(issue: z.core.$ZodIssue, schema: z.core.$ZodType): string {
    if (issue.code === 'unrecognized_keys') return this.#unknownKeys(issue.path, issue.keys, schema);
    if (issue.code === 'invalid_key') {
      const rule = issue.issues[0]?.message ?? 'another key';
      return this.at(issue.path, `Expected ${rule} for the name of ${pathText(issue.path)}`);
    }
    const path = this.#writtenPath(issue.path);
    const received = issue.input === undefined ? 'it is missing' : `received ${describeValue(issue.input)}`;
    return this.at(path, `Expected ${expectation(issue, schemaAt(schema, issue.path))} for ${pathText(path)} but ${received}`);
  }

  /** Puts the line of the value at `path` (or of what should hold it) before a message. */
  at(path: Path, message: string): string {
    return `${this.#file}:${this.#lineAt(path)}: ${message}`;
  }

  #unknownKeys(path: Path, keys: readonly string[], schema: z.core.$ZodType): string {
    const known = keysOf(schemaAt(schema, path));
    const place = path.length === 0 ? 'the top level' : pathText(path);
    return keys
      .map((key) => {
        const nearest = nearestName(key, known);
        const hint = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean "${nearest}"?`;
        return this.at([...path, key], `Unknown key "${key}" in ${place}: ${hint}`);
      })
      .join('\n');
  }

  /** The path as far as it is written: a single text may stand for a list or a mapping. */
  #writtenPath(path: Path): Path {
    let value: unknown = this.#document.toJS();
    const length = path.findIndex((key) => {
      if (typeof value !== 'object' || value === null) return true;
      value = (value as Record<PropertyKey, unknown>)[key];
      return false;
    });
    return length < 0 ? path : path.slice(0, length);
  }

  #lineAt(path: Path): number {
    let offset = 0;
    let node: unknown = this.#document.contents;
    for (const key of path) {
      const pair = isMap(node) ? node.items.find((item) => String(item.key) === String(key)) : undefined;
      node = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined;
      const start = ((pair?.key ?? node) as Node | null | undefined)?.range?.[0];
      if (start === undefined) break;
      offset = start;
    }
    return this.#lines.linePos(offset).line;
  }
}

/** `tasks.take_message.slots`, or `the script` for the whole of it. */
export const pathText = (path: Path): string => (path.length === 0 ? 'the script' : path.map(String).join('.'));

function describeValue(value: unknown): string {
  const type = value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
  if (type === 'null') return 'null';
  if (type === 'list') return `a list of ${(value as unknown[]).length}`;
  if (type === 'object') return 'a mapping';
  const text = JSON.stringify(value);
  return `${text.length > 60 ? `${text.slice(0, 57)}…"` : text} of type ${type}`;
}

const typeWords: Readonly<Record<string, string>> = {
  array: 'text or a list of texts',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  string: 'text',
};

function expectation(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined): string {
  const { minValue: minimum, maxValue: maximum } = (schema ?? {}) as { minValue?: number; maxValue?: number };
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'number' || issue.expected === 'int') return `integer between ${minimum} and ${maximum}`;
      return typeWords[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
    case 'too_big': {
      if (issue.origin !== 'array' && issue.origin !== 'string') return `integer between ${minimum} and ${maximum}`;
      const limit = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
      return issue.origin === 'array' ? `a list of ${limit} entries` : `a text of ${limit} characters`;
    }
    default:
      return issue.message;
  }
}

/** The schema of the value at `path`, through records, lists, defaults and preprocessing. */
function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  let at: z.core.$ZodType | undefined = unwrap(schema);
  for (const key of path) {
    const def: z.core.$ZodTypes['_zod']['def'] | undefined = (at as z.core.$ZodTypes | undefined)?._zod.def;
    if (def?.type === 'object') at = def.shape[String(key)];
    else if (def?.type === 'record') at = def.valueType;
    else if (def?.type === 'array') at = def.element;
    else return undefined;
    at = at && unwrap(at);
  }
  return at;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'optional' || def.type === 'default') return unwrap(def.innerType);
  return def.type === 'pipe' ? unwrap(def.out) : schema;
}

function keysOf(schema: z.core.$ZodType | undefined): string[] {
  const def = (schema as z.core.$ZodTypes | undefined)?._zod.def;
  return def?.type === 'object' ? Object.keys(def.shape) : [];
}
