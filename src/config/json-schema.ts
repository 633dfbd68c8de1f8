import { z } from 'zod';
import { anyText, exactly, flag, integer, listOf, number, section, text } from './fields.js';

/** The part of JSON Schema in which a tool's arguments are told. docs/tools.md lists it; what is not in it is refused. */
export type JsonSchema =
  | { type: 'string'; description?: string; enum?: string[]; minLength?: number; maxLength?: number; pattern?: string }
  | { type: 'number' | 'integer'; description?: string; enum?: number[]; minimum?: number; maximum?: number }
  | { type: 'boolean'; description?: string }
  | { type: 'array'; description?: string; items: JsonSchema }
  | ObjectSchema;

export interface ObjectSchema {
  type: 'object';
  description?: string;
  properties: Record<string, JsonSchema>;
  required: string[];
  /** Other than in JSON Schema, false where nothing is said: what a model makes up is sent nowhere. */
  additionalProperties: boolean;
}

const longestText = 16_384;
const description = anyText(2000).exactOptional();
const bound = () => number(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).exactOptional();
const length = () => integer(0, longestText).exactOptional();

const string = ordered(
  section({
    type: exactly('string'),
    description,
    enum: listOf(text(500))
      .min(1, { error: () => 'list with a text in it' })
      .exactOptional(),
    minLength: length(),
    maxLength: length(),
    pattern: text(500)
      .refine(isPattern, { error: () => 'regular expression' })
      .exactOptional(),
  }),
  'minLength',
  'maxLength',
).superRefine((schema, { addIssue }) => {
  schema.enum?.forEach((value, i) => {
    const fits =
      value.length >= (schema.minLength ?? 0) &&
      value.length <= (schema.maxLength ?? longestText) &&
      (schema.pattern === undefined || !isPattern(schema.pattern) || new RegExp(schema.pattern).test(value));
    if (!fits) addIssue({ code: 'custom', path: ['enum', i], input: value, message: 'text that minLength, maxLength and pattern allow' });
  });
});

const numeric = <T extends 'number' | 'integer'>(type: T) =>
  ordered(
    section({
      type: exactly(type),
      description,
      enum: listOf(number(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER))
        .min(1, { error: () => 'list with a number in it' })
        .exactOptional(),
      minimum: bound(),
      maximum: bound(),
    }),
    'minimum',
    'maximum',
  ).superRefine((schema, { addIssue }) => {
    schema.enum?.forEach((value, i) => {
      const fits =
        value >= (schema.minimum ?? Number.NEGATIVE_INFINITY) &&
        value <= (schema.maximum ?? Number.POSITIVE_INFINITY) &&
        (type === 'number' || Number.isInteger(value));
      if (!fits) addIssue({ code: 'custom', path: ['enum', i], input: value, message: `${type} that minimum and maximum allow` });
    });
  });

const boolean = section({ type: exactly('boolean'), description });
const array = section({ type: exactly('array'), description, items: z.lazy(() => anySchema) });

/** A name that objects have by birth is always there, given or not. */
const propertyName = () => {
  const what = { error: () => 'name of 1 to 64 letters, digits, - or _, other than constructor and the like' };
  return z.string(what).refine((name) => /^[\w-]{1,64}$/.test(name) && !(name in {}), what);
};

export const objectSchema = section({
  type: exactly('object'),
  description,
  properties: z
    .record(
      propertyName(),
      z.lazy(() => anySchema),
      { error: () => 'mapping' },
    )
    .default({}),
  required: listOf(text(64)).default([]),
  additionalProperties: flag().default(false),
}).superRefine(({ properties, required }, { addIssue }) => {
  const names = Object.keys(properties);
  required.forEach((name, i) => {
    if (!names.includes(name))
      addIssue({
        code: 'custom',
        path: ['required', i],
        input: name,
        message: names.length > 0 ? `one of ${names.join(', ')}` : 'no name, as there are no properties,',
      });
  });
});

const anySchema: z.ZodType<JsonSchema> = z.discriminatedUnion('type', [string, numeric('number'), numeric('integer'), boolean, array, objectSchema], {
  error: ({ code }) => (code === 'invalid_union' ? 'one of string, number, integer, boolean, array, object' : 'mapping'),
});

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

/** Refuses bounds between which nothing lies. */
function ordered<T extends z.ZodRawShape, Key extends string & keyof z.infer<z.ZodObject<T>>>(
  schema: z.ZodObject<T, z.core.$strict>,
  low: Key,
  high: Key,
) {
  return schema.superRefine((value, { addIssue }) => {
    const { [low]: least, [high]: most } = value as Record<string, unknown>;
    if (typeof least === 'number' && typeof most === 'number' && least > most)
      addIssue({ code: 'custom', path: [high], input: most, message: `at least ${low}, ${least},` });
  });
}
