import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Takes } from '#talkpath/providers/cascade/stt/takes.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { rejectionOf } from '../../../support/rejection.js';

/** Someone who waits, and whether there is something for them. */
function waiting(name: string) {
  const state = { isReady: false };
  return { state, awaited: { isReady: () => state.isReady, words: () => `${name} in time`, late: () => `${name} late` } };
}

test('whoever is ready is served at once, and no timer stays', async () => {
  const clock = new ManualClock();
  const takes = new Takes(clock, 1000);
  const { state, awaited } = waiting('one');
  state.isReady = true;
  assert.is(await takes.wait(awaited), 'one in time');
  assert.is(clock.pending, 0);
});

test('who asked first is served first, even when the second is ready before', async () => {
  const clock = new ManualClock();
  const takes = new Takes(clock, 1000);
  const [one, two] = [waiting('one'), waiting('two')];
  const served: string[] = [];
  const both = [one, two].map(({ awaited }) => takes.wait(awaited).then((words) => served.push(words)));
  two.state.isReady = true;
  takes.settle();
  await Promise.resolve();
  assert.equal(served, []);
  one.state.isReady = true;
  takes.settle();
  await Promise.all(both);
  assert.equal(served, ['one in time', 'two in time']);
  assert.ok(takes.isEmpty);
});

test('who waits in vain is served late, and does not hold up the next', async () => {
  const clock = new ManualClock();
  const takes = new Takes(clock, 1000);
  const [one, two] = [waiting('one'), waiting('two')];
  const first = takes.wait(one.awaited);
  clock.advance(400);
  const second = takes.wait(two.awaited);
  two.state.isReady = true;
  clock.advance(600);
  assert.is(await first, 'one late');
  assert.is(await second, 'two in time');
  assert.is(clock.pending, 0);
});

test('an error of the late words is told to who waited for them, and to no other', async () => {
  const clock = new ManualClock();
  const takes = new Takes(clock, 1000);
  const broken = { ...waiting('one').awaited, late: () => assert.unreachable('nothing there') as unknown as string };
  const first = rejectionOf(takes.wait(broken));
  const second = takes.wait(waiting('two').awaited);
  clock.advance(1000);
  assert.match((await first).message, 'nothing there');
  assert.is(await second, 'two late');
});

test('a failure turns all away, an end gives all of them nothing, and no timer stays', async () => {
  const clock = new ManualClock();
  const takes = new Takes(clock, 1000);
  const failed = [takes.wait(waiting('one').awaited), takes.wait(waiting('two').awaited)].map(rejectionOf);
  takes.fail(new Error('lost'));
  assert.equal(
    (await Promise.all(failed)).map(({ message }) => message),
    ['lost', 'lost'],
  );
  const ended = takes.wait(waiting('three').awaited);
  takes.close();
  assert.is(await ended, '');
  assert.is(clock.pending, 0);
});

test.run();
