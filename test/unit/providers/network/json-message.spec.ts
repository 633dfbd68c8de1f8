import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseArguments } from '#talkpath/providers/network/json-message.js';

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

test('arguments are an object of some levels and some length', () => {
  assert.equal(parseArguments(''), {});
  assert.equal(parseArguments('{"a":[1,{"b":null}]}'), { a: [1, { b: null }] });
  for (const text of ['[]', '"a"', 'null', '{', '7']) assert.is(parseArguments(text), undefined, text);
  assert.ok(parseArguments(nested(32)));
  for (const levels of [33, 3000]) assert.is(parseArguments(nested(levels)), undefined, `${levels} levels`);
  assert.is(parseArguments(`{"a":${'['.repeat(6000)}${']'.repeat(6000)}}`), undefined);
  const long = (length: number): string => `{"a":"${'x'.repeat(length - 8)}"}`;
  assert.ok(parseArguments(long(16_384)));
  assert.is(parseArguments(long(16_385)), undefined);
});

test.run();
