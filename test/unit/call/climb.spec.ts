import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Climb, type ClimbOutcome } from '#talkpath/call/climb.js';
import { settled } from '../../support/call-bench.js';
import { ManualClock } from '../../support/manual-clock.js';

function bench() {
  const clock = new ManualClock(0);
  const outcomes: ClimbOutcome[] = [];
  /** Seconds from the beginning at which it was tried. */
  const tried: number[] = [];
  const climb = new Climb(clock, async () => {
    tried.push(clock.nowMs() / 1000);
    return outcomes.shift() ?? 'in-vain';
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1000);
      await settled();
    }
  };
  return { clock, outcomes, tried, climb, pass };
}

test('a call tries to come up seldom, and more seldom each time it is in vain', async () => {
  const { climb, tried, pass } = bench();
  climb.begin();
  await pass(700);
  climb.stop();
  assert.equal(tried, [15, 45, 105, 225, 465]);
});

test('a call that is not at rest is looked at again soon', async () => {
  const { climb, outcomes, tried, pass } = bench();
  outcomes.push('not-now', 'not-now', 'done');
  climb.begin();
  await pass(30);
  assert.equal(tried, [15, 16, 17]);
});

test('a level that is lost again soon after the call came up to it is come back to more and more seldom', async () => {
  const { climb, outcomes, tried, pass } = bench();
  for (let round = 0; round < 3; round += 1) {
    outcomes.push('done');
    climb.begin();
    await pass(15 * 2 ** round);
    climb.stop();
    await pass(5);
  }
  assert.equal(tried, [15, 50, 115]);
});

test('a level that held for minutes is come back to at once', async () => {
  const { climb, outcomes, tried, pass } = bench();
  outcomes.push('done');
  climb.begin();
  await pass(15);
  climb.stop();
  await pass(130);
  climb.begin();
  await pass(20);
  climb.stop();
  assert.equal(tried, [15, 160]);
});

test.run();
