import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StallWatch } from '#talkpath/metrics/stall-watch.js';
import { ManualClock } from '../../support/manual-clock.js';

function bench() {
  const clock = new ManualClock();
  const stallsMs: number[] = [];
  const watch = new StallWatch(clock, (seconds) => stallsMs.push(Math.round(seconds * 1000)));
  const ringAfter = (ms: number): void => {
    clock.advance(ms);
    watch.rung();
  };
  return { clock, watch, stallsMs, ringAfter };
}

test('rings 10 ms apart are no stall, a later one is as long as it is late', () => {
  const { watch, stallsMs, ringAfter } = bench();
  watch.start();
  for (const ms of [0, 10, 10, 510, 10]) ringAfter(ms);
  assert.equal(stallsMs, [500]);
});

test('the time without calls is no stall, however short', () => {
  const { watch, stallsMs, ringAfter } = bench();
  watch.start();
  for (const ms of [0, 10]) ringAfter(ms);
  watch.idle();
  for (const ms of [20_000, 10, 30]) ringAfter(ms);
  assert.equal(stallsMs, [20]);
});

test('a watch that does not run observes nothing', () => {
  const { watch, stallsMs, ringAfter } = bench();
  ringAfter(500);
  ringAfter(500);
  watch.start();
  watch.stop();
  ringAfter(500);
  assert.equal(stallsMs, []);
});

test.run();
