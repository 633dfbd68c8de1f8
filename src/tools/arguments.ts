import { z } from 'zod';
import { nearestName } from '../base/nearest-name.js';
import { longestToolArguments } from '../base/tool-bounds.js';
import type { JsonSchema, ObjectSchema } from '../config/json-schema.js';
import type { ToolArguments } from './tool.js';

/** What a model gives as arguments, or a sentence about each thing that is wrong with it. */
export type CheckedArguments = { readonly args: ToolArguments } | { readonly faults: string };

const mostFaults = 5;

/** Makes the check of one tool's arguments. Its sentences are for the model that wrote them, and show no value. */
export function argumentCheck(parameters: ObjectSchema): (args: unknown) => CheckedArguments {
  const schema = z.fromJSONSchema(parameters as Parameters<typeof z.fromJSONSchema>[0], { registry: z.registry() });
  return (args) => {
    const plain = plainOf(args);
    if (plain === undefined) return { faults: `Expected a JSON object of at most ${longestToolArguments} characters as arguments.` };
    const result = schema.safeParse(plain.value, { reportInput: true });
    if (result.success) return { args: result.data as ToolArguments };
    const sentences = result.error.issues.flatMap((issue) => sentencesOf(issue, parameters));
    return { faults: [...new Set(sentences)].slice(0, mostFaults).join(' ') };
  };
}

/** What JSON makes of the arguments; undefined when they are none, too many or too deep. */
function plainOf(args: unknown): { readonly value: unknown } | undefined {
  try {
    const text = JSON.stringify(args);
    if (text === undefined || text.length > longestToolArguments) return undefined;
    // What the receiver parses may set the prototypes of its objects by that name.
    return { value: JSON.parse(text, (name, value) => (name === '__proto__' ? undefined : value)) };
  } catch {
    return undefined;
  }
}

function sentencesOf(issue: z.core.$ZodIssue, parameters: ObjectSchema): string[] {
  const schema = schemaAt(parameters, issue.path);
  const where = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = schema.type === 'object' ? Object.keys(schema.properties) : [];
    return issue.keys.map((name) => {
      const meant = nearestName(name, known);
      return `Unknown argument ${[...issue.path, name].join('.')}${meant ? `; did you mean ${meant}?` : '.'}`;
    });
  }
  return [`Expected ${expectationOf(schema)} for ${where || 'the arguments'} but received ${typeOf(issue.input)}.`];
}

function schemaAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema {
  return path.reduce<JsonSchema>((here, step) => {
    if (here.type === 'array') return here.items;
    return (here.type === 'object' && here.properties[String(step)]) || here;
  }, schema);
}

/** Type and range in words: "integer between 1 and 20". */
function expectationOf(schema: JsonSchema): string {
  switch (schema.type) {
    case 'string': {
      if (schema.enum) return `one of ${schema.enum.join(', ')}`;
      const { minLength = 0, maxLength, pattern } = schema;
      const most = maxLength === undefined ? `at least ${minLength}` : `${minLength} to ${maxLength}`;
      const size = minLength > 0 || maxLength !== undefined ? ` of ${most} characters` : '';
      return `string${size}${pattern === undefined ? '' : ` that matches ${pattern}`}`;
    }
    case 'number':
    case 'integer': {
      if (schema.enum) return `one of ${schema.enum.join(', ')}`;
      const { minimum, maximum } = schema;
      if (minimum !== undefined && maximum !== undefined) return `${schema.type} between ${minimum} and ${maximum}`;
      if (minimum !== undefined) return `${schema.type} of at least ${minimum}`;
      return maximum === undefined ? schema.type : `${schema.type} of at most ${maximum}`;
    }
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'array';
    case 'object':
      return 'object';
  }
}

function typeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return `a value of type ${Array.isArray(value) ? 'array' : typeof value}`;
}
