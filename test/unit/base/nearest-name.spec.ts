import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { editDistance } from '#talkpath/base/edit-distance.js';
import { nearestName } from '#talkpath/base/nearest-name.js';

test('the edit distance counts insertions, deletions, replacements and exchanges', () => {
  for (const [a, b, distance] of [
    ['', '', 0],
    ['abc', '', 3],
    ['', 'ab', 2],
    ['kitten', 'sitting', 3],
    ['port', 'prot', 1],
  ] as const) {
    assert.is(editDistance(a, b), distance, `${a}, ${b}`);
    assert.is(editDistance(b, a), distance, `${b}, ${a}`);
  }
});

test('the nearest name is the one with the fewest changes, whatever the case', () => {
  assert.is(nearestName('Hosts', ['port', 'host', 'allow']), 'host');
  assert.is(nearestName('max_cals', ['max_calls', 'max_unidentified']), 'max_calls');
});

test('a name that is like none has no nearest', () => {
  assert.is(nearestName('colour', ['port', 'host', 'allow']), undefined);
  assert.is(nearestName('x', []), undefined);
});

test.run();
