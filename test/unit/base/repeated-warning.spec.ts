import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RepeatedWarning } from '#talkpath/base/repeated-warning.js';
import { ManualClock } from '../../support/manual-clock.js';

function bench() {
  const clock = new ManualClock();
  const given: string[] = [];
  return { clock, given, warning: new RepeatedWarning<string>(clock, (kind, times) => given.push(`${kind} ${times}`)) };
}

test('the first of a kind is given at once, a thousand more once in 10 s, with their number', () => {
  const { clock, given, warning } = bench();
  for (let i = 0; i < 1001; i += 1) warning.happened('a');
  warning.happened('b');
  assert.equal(given, ['a 1', 'b 1']);
  clock.advance(10_000);
  assert.equal(given, ['a 1', 'b 1', 'a 1000']);
});

test('after 10 quiet seconds the next is given at once, and no timer is left', () => {
  const { clock, given, warning } = bench();
  warning.happened('a');
  clock.advance(10_000);
  assert.is(clock.pending, 0);
  warning.happened('a');
  assert.equal(given, ['a 1', 'a 1']);
});

test('what was held back is given at the end', () => {
  const { clock, given, warning } = bench();
  for (let i = 0; i < 3; i += 1) warning.happened('a');
  warning.stop();
  assert.equal(given, ['a 1', 'a 2']);
  assert.is(clock.pending, 0);
});

test.run();
