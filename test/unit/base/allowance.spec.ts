import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Allowance } from '#talkpath/base/allowance.js';

test('a burst is allowed, then so many a second', () => {
  const allowance = new Allowance(10, 3);
  assert.equal(
    [0, 0, 0, 0, 99, 100, 101, 199, 200].map((nowMs) => allowance.take(1, nowMs)),
    [true, true, true, false, false, true, false, false, true],
  );
});

test('what is refused costs nothing, and a pause allows no more than the burst', () => {
  const allowance = new Allowance(10, 3);
  assert.not.ok(allowance.take(4, 0));
  assert.ok(allowance.take(3, 0));
  assert.not.ok(allowance.take(4, 60_000));
  assert.ok(allowance.take(3, 60_000));
});

test.run();
