import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canonicalJson, effectOf } from '#talkpath/tools/effect.js';
import { holds } from '../../support/property.js';

test('the order of names and the way a letter is composed make no other effect', () => {
  const one = effectOf('call', 'book', { a: 1, b: { c: 'Andr\u00e9', d: [1, 2] } }, 'arguments');
  const other = effectOf('call', 'book', { b: { d: [1, 2], c: 'Andre\u0301' }, a: 1.0 }, 'arguments');
  assert.equal(one, other);
});

test('another call, tool or argument is another effect', () => {
  const ids = [
    effectOf('call', 'book', { a: 1 }, 'arguments'),
    effectOf('call 2', 'book', { a: 1 }, 'arguments'),
    effectOf('call', 'cancel', { a: 1 }, 'arguments'),
    effectOf('call', 'book', { a: 2 }, 'arguments'),
    effectOf('call', 'book', { a: '1' }, 'arguments'),
    effectOf('call', 'book', { a: [1] }, 'arguments'),
    effectOf('call', 'book', { a: null }, 'arguments'),
    effectOf('call', 'book', {}, 'arguments'),
    effectOf('call', 'book', {}, 'call'),
  ].map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length);
});

test('of a tool that runs once a call the arguments make another key, and no other effect', () => {
  const [one, other] = [effectOf('call', 'book', { a: 1 }, 'call'), effectOf('call', 'book', { a: 2 }, 'call')];
  assert.is(one.id, other.id);
  assert.is.not(one.key, other.key);
});

test('the canonical form is JSON of the same value, and the same for each order of names', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    const reversed = Object.entries(value).reverse();
    return Object.fromEntries(reversed.map(([name, inner]) => [name, shuffled(inner)]));
  };
  holds(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      assert.is(canonicalJson(shuffled(value)), text);
      assert.is(canonicalJson(JSON.parse(text)), text);
    }),
  );
});

test.run();
