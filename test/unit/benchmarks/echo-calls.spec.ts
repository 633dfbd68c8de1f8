import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { distribution } from '#benchmarks/dsp/echo-calls.js';

const upTo100 = Array.from({ length: 100 }, (_, i) => i + 1);

test('the worst of a figure is its least or its most, as better is more or less of it', () => {
  assert.equal(distribution(upTo100, 'less is better'), { p50: 50, p95: 95, worst: 100 });
  assert.equal(distribution(upTo100, 'more is better'), { p50: 51, p95: 6, worst: 1 });
});

test('what was never reached is the worst that there is', () => {
  assert.is(distribution([1, 2, Number.POSITIVE_INFINITY], 'less is better').worst, Number.POSITIVE_INFINITY);
});

test.run();
