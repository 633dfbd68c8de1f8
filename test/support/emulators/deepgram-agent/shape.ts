/** What a value of a message must be. Returns what is wrong with it, each with the name of the field. */
export type Shape = (value: unknown, name: string) => string[];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const must = (name: string, what: string, holds: boolean): string[] => (holds ? [] : [`${name} must be ${what}`]);

export const text: Shape = (value, name) => must(name, 'a text that is not empty', typeof value === 'string' && value !== '');

export const anyText: Shape = (value, name) => must(name, 'a text', typeof value === 'string');

export const flag: Shape = (value, name) => must(name, 'true or false', typeof value === 'boolean');

export const oneOf =
  (...values: readonly unknown[]): Shape =>
  (value, name) =>
    must(name, `one of ${values.join(', ')}`, values.includes(value));

export const number =
  (min: number, max: number): Shape =>
  (value, name) =>
    must(name, `a number from ${min} to ${max}`, typeof value === 'number' && value >= min && value <= max);

export const matching =
  (pattern: RegExp, what: string): Shape =>
  (value, name) =>
    must(name, what, typeof value === 'string' && pattern.test(value));

export const list =
  (item: Shape): Shape =>
  (value, name) =>
    Array.isArray(value) ? value.flatMap((each, i) => item(each, `${name}[${i}]`)) : [`${name} must be a list`];

export const textMap: Shape = (value, name) =>
  isObject(value) ? Object.entries(value).flatMap(([key, each]) => anyText(each, `${name}.${key}`)) : [`${name} must be an object`];

/** JSON Schema of an object; what is in it is the model's affair. */
export const objectSchema: Shape = (value, name) => must(name, 'a schema of an object', isObject(value) && value.type === 'object');

/** Exactly these fields; the `optional` ones may be missing. */
export const object =
  (required: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape =>
  (value, name) => {
    if (!isObject(value)) return [`${name} must be an object`];
    const missing = Object.keys(required).filter((key) => !(key in value));
    return [
      ...missing.map((key) => `${name}.${key} is missing`),
      ...Object.entries(value).flatMap(([key, each]) => {
        const shape = required[key] ?? optional[key];
        return shape ? shape(each, `${name}.${key}`) : [`${name}.${key} is not known`];
      }),
    ];
  };

/** One shape or another, by what a function says of the value. */
export const either =
  (choose: (value: Record<string, unknown>) => Shape): Shape =>
  (value, name) =>
    isObject(value) ? choose(value)(value, name) : [`${name} must be an object`];
