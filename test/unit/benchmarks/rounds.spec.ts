import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { interleave, ratiosTo } from '#benchmarks/dsp/measure/rounds.js';
import { quantile, spread } from '#benchmarks/dsp/measure/spread.js';

test('everybody runs once a round, each round begins with somebody else, and the first ones are only for warming up', async () => {
  const order: string[] = [];
  const contestant = (name: string) => ({
    name,
    time: () => {
      order.push(name);
      return order.length;
    },
  });
  const times = await interleave(['a', 'b', 'c'].map(contestant), 3, 1);
  assert.is(order.join(''), 'abcbcacababc');
  assert.is(times.get('a')?.length, 3);
  assert.equal(times.get('a'), [6, 8, 10]);
});

test('a ratio is of the same round, so that what slows a round down slows down both', () => {
  const times = new Map([
    ['reference', [2, 20, 10]],
    ['other', [6, 60, 30]],
  ]);
  assert.equal(ratiosTo('reference', times).other, { median: 3, q1: 3, q3: 3 });
});

test('quartiles lie between neighbours in a straight line', () => {
  assert.is(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(spread([1, 2, 3, 4, 5]), { median: 3, q1: 2, q3: 4 });
});

test.run();
