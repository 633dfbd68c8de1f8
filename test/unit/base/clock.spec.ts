import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '#talkpath/base/clock.js';
import { within } from '../../support/deadline.js';
import { ManualClock } from '../../support/manual-clock.js';

test('the system clock counts the milliseconds of the monotonic clock', async () => {
  const startMs = systemClock.nowMs();
  await within(2000, 'a timer of 30 ms', new Promise<void>((resolve) => systemClock.after(30, resolve)));
  const tookMs = systemClock.nowMs() - startMs;
  assert.ok(tookMs >= 29 && tookMs < 1000, `30 ms took ${tookMs} ms`);
  const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
  const times = [monotonicMs(), systemClock.nowMs(), monotonicMs()];
  assert.equal(
    times,
    [...times].sort((one, other) => one - other),
  );
});

test('a timer of the system clock that was called off never runs', async () => {
  let ran = false;
  const cancel = systemClock.after(5, () => {
    ran = true;
  });
  cancel();
  await within(2000, 'a later timer', new Promise<void>((resolve) => systemClock.after(20, resolve)));
  assert.not.ok(ran);
});

test('the manual clock runs each action at its own due time, in order, those set meanwhile included', () => {
  const clock = new ManualClock(0);
  const seen: string[] = [];
  const note = (what: string): void => void seen.push(`${what}@${clock.nowMs()}`);
  clock.after(30, () => note('c'));
  clock.after(10, () => {
    note('a');
    clock.after(10, () => note('b'));
  });
  clock.after(30, () => note('d'));
  const cancel = clock.after(25, () => note('never'));
  cancel();
  clock.after(41, () => note('later'));
  clock.advance(40);
  assert.equal(seen, ['a@10', 'b@20', 'c@30', 'd@30']);
  assert.is(clock.nowMs(), 40);
  assert.is(clock.pending, 1);
});

test.run();
