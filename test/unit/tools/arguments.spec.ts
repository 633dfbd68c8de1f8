import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSettings } from '#talkpath/config/load.js';
import { argumentCheck } from '#talkpath/tools/arguments.js';
import { bookSettings } from '../../support/tool-bench.js';

/** Checks arguments against parameters as the settings write them. */
function check(parameters: object, args: unknown) {
  const settings = parseSettings(JSON.stringify({ tools: { book: bookSettings('http://127.0.0.1', { parameters }) } }), 'test');
  const schema = settings.tools.book?.parameters;
  assert.ok(schema);
  return argumentCheck(schema)(args);
}

const withOne = (schema: object, isRequired = true): object => ({
  type: 'object',
  properties: { it: schema },
  required: isRequired ? ['it'] : [],
});

const sentences: Record<string, [schema: object, value: unknown, sentence: string]> = {
  'a string for an integer': [{ type: 'integer' }, '4', 'Expected integer for it but received a value of type string.'],
  'a fraction for an integer': [{ type: 'integer' }, 1.5, 'Expected integer for it but received a value of type number.'],
  'an integer below its range': [
    { type: 'integer', minimum: 1, maximum: 20 },
    0,
    'Expected integer between 1 and 20 for it but received a value of type number.',
  ],
  'a number above its only bound': [
    { type: 'number', maximum: 0.5 },
    0.6,
    'Expected number of at most 0.5 for it but received a value of type number.',
  ],
  'a number below its only bound': [
    { type: 'number', minimum: -1 },
    -2,
    'Expected number of at least -1 for it but received a value of type number.',
  ],
  'a number that is none of those listed': [
    { type: 'integer', enum: [15, 30] },
    20,
    'Expected one of 15, 30 for it but received a value of type number.',
  ],
  'a word that is none of those listed': [
    { type: 'string', enum: ['red', 'white'] },
    'rosé',
    'Expected one of red, white for it but received a value of type string.',
  ],
  'a text that is too short': [
    { type: 'string', minLength: 2 },
    'a',
    'Expected string of at least 2 characters for it but received a value of type string.',
  ],
  'a text that is too long': [
    { type: 'string', maxLength: 3 },
    'abcd',
    'Expected string of 0 to 3 characters for it but received a value of type string.',
  ],
  'a text of another form': [
    { type: 'string', pattern: '^\\d+$' },
    'x',
    'Expected string that matches ^\\d+$ for it but received a value of type string.',
  ],
  'a word for yes or no': [{ type: 'boolean' }, 'yes', 'Expected true or false for it but received a value of type string.'],
  'a value where a list belongs': [{ type: 'array', items: { type: 'number' } }, 1, 'Expected array for it but received a value of type number.'],
  'a wrong item of a list': [{ type: 'array', items: { type: 'number' } }, [1, null], 'Expected number for it.1 but received null.'],
  'a list where an object belongs': [{ type: 'object' }, [], 'Expected object for it but received a value of type array.'],
  'a wrong value further in': [
    withOne({ type: 'array', items: withOne({ type: 'boolean' }) }),
    { it: [{ it: 1 }] },
    'Expected true or false for it.it.0.it but received a value of type number.',
  ],
  'a missing value further in': [withOne({ type: 'string' }), {}, 'Expected string for it.it but received nothing.'],
};

for (const [what, [schema, value, sentence]] of Object.entries(sentences)) {
  test(`${what} is answered with the argument, its type and its range`, () => {
    assert.equal(check(withOne(schema), { it: value }), { faults: sentence });
  });
}

test('an argument that is missing is asked for, unless it may be missing', () => {
  assert.equal(check(withOne({ type: 'integer' }), {}), { faults: 'Expected integer for it but received nothing.' });
  assert.equal(check(withOne({ type: 'integer' }, false), {}), { args: {} });
});

test('an argument that no property names is refused with the one that was meant', () => {
  const parameters = { type: 'object', properties: { party_size: { type: 'integer' } } };
  assert.equal(check(parameters, { partysize: 4 }), { faults: 'Unknown argument partysize; did you mean party_size?' });
  assert.equal(check(parameters, { colour: 'red' }), { faults: 'Unknown argument colour.' });
  assert.equal(check({ ...parameters, additionalProperties: true }, { colour: 'red' }), { args: { colour: 'red' } });
});

test('arguments that are no object are refused', () => {
  for (const args of [undefined, () => 1]) {
    assert.equal(check({ type: 'object' }, args), { faults: 'Expected a JSON object of at most 16384 characters as arguments.' });
  }
  for (const [args, type] of [
    ['x', 'a value of type string'],
    [null, 'null'],
    [[], 'a value of type array'],
    [7, 'a value of type number'],
  ]) {
    assert.equal(check({ type: 'object' }, args), { faults: `Expected object for the arguments but received ${type}.` });
  }
});

test('arguments without an end, or that contain themselves, are refused', () => {
  const circular: Record<string, unknown> = {};
  circular.it = circular;
  for (const args of [circular, { it: 'x'.repeat(20_000) }, { it: 1n }]) {
    assert.match((check({ type: 'object', additionalProperties: true }, args) as { faults: string }).faults, 'at most 16384 characters');
  }
});

test('several faults are told at once, a hundred are not', () => {
  const parameters = withOne({ type: 'array', items: { type: 'number' } });
  const faults = (count: number): string => (check(parameters, { it: Array.from({ length: count }, () => 'x') }) as { faults: string }).faults;
  assert.is(faults(2), 'Expected number for it.0 but received a value of type string. Expected number for it.1 but received a value of type string.');
  assert.is(faults(100).split('Expected').length - 1, 5);
});

test('no value of an argument is repeated', () => {
  const { faults } = check(withOne({ type: 'integer' }), { it: 'secret words' }) as { faults: string };
  assert.not.match(faults, 'secret');
});

test('what would set the prototype of an object is not handed on', () => {
  const args = JSON.parse('{"it": {"__proto__": {"admin": true}, "a": 1}, "__proto__": {"admin": true}}') as unknown;
  const checked = check({ type: 'object', additionalProperties: true }, args) as { args: object };
  assert.is(JSON.stringify(checked.args), '{"it":{"a":1}}');
});

test('right arguments pass as they are', () => {
  const parameters = {
    type: 'object',
    properties: {
      text: { type: 'string', minLength: 1, maxLength: 5, pattern: '^.+$' },
      number: { type: 'number', minimum: 0, maximum: 1 },
      integer: { type: 'integer', enum: [1, 2] },
      flag: { type: 'boolean' },
      list: { type: 'array', items: { type: 'object', properties: { a: { type: 'string', enum: ['b'] } }, required: ['a'] } },
    },
    required: ['text', 'number', 'integer', 'flag', 'list'],
  };
  const args = { text: 'grüße', number: 0.5, integer: 2, flag: false, list: [{ a: 'b' }] };
  assert.equal(check(parameters, args), { args });
});

test.run();
