import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { editDistance, nearest } from '#talkpath/config/nearest.js';

test('the edit distance counts insertions, deletions and replacements', () => {
  for (const [a, b, distance] of [
    ['', '', 0],
    ['abc', '', 3],
    ['', 'ab', 2],
    ['kitten', 'sitting', 3],
    ['port', 'prot', 2],
  ] as const) {
    assert.is(editDistance(a, b), distance, `${a}, ${b}`);
    assert.is(editDistance(b, a), distance, `${b}, ${a}`);
  }
});

test('the nearest name is the one with the fewest changes, whatever the case', () => {
  assert.is(nearest('Hosts', ['port', 'host', 'allow']), 'host');
  assert.is(nearest('max_cals', ['max_calls', 'max_unidentified']), 'max_calls');
});

test('a name that is like none has no nearest', () => {
  assert.is(nearest('colour', ['port', 'host', 'allow']), undefined);
  assert.is(nearest('x', []), undefined);
});

test.run();
