import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Announcements } from '#talkpath/call/announcements.js';
import { ExpectedCalls } from '#talkpath/call/expected-calls.js';
import { ManualClock } from '../../support/manual-clock.js';

const registration = { provider: 'echo', caller: { number: '100' }, variables: { queue: 'one' } };

function bench() {
  const clock = new ManualClock();
  const expired: number[] = [];
  return { clock, expired, calls: new ExpectedCalls<string>(clock, (announcement) => expired.push(announcement)) };
}

test('what was said of a call is given once', () => {
  const announcements = new Announcements();
  const number = announcements.add(registration) ?? 0;
  assert.is(announcements.take(number), registration);
  assert.is(announcements.take(number), undefined);
});

test('a thousand announcements may wait, and one that is taken makes room', () => {
  const announcements = new Announcements();
  for (let i = 0; i < 1000; i += 1) assert.ok(announcements.add(registration));
  assert.is(announcements.add(registration), undefined);
  announcements.take(500);
  assert.is(announcements.add(registration), 1001);
});

test('an announced call is taken once', () => {
  const { calls, clock, expired } = bench();
  calls.expect('a', 1, 'plan', 30_000);
  assert.equal([calls.get('a'), calls.take('a'), calls.get('a'), calls.take('a')], ['plan', 1, undefined, undefined]);
  assert.equal([clock.pending, expired], [0, []]);
});

test('an announced call that does not come expires', () => {
  const { calls, clock, expired } = bench();
  calls.expect('a', 1, 'plan', 30_000);
  clock.advance(29_999);
  assert.equal(expired, []);
  clock.advance(1);
  assert.equal([expired, calls.get('a')], [[1], undefined]);
});

test('an announcement that is made again replaces the first, and lives from then', () => {
  const { calls, clock, expired } = bench();
  calls.expect('a', 1, 'first', 30_000);
  clock.advance(20_000);
  calls.expect('a', 2, 'second', 30_000);
  assert.equal(expired, [1]);
  clock.advance(20_000);
  assert.equal([calls.get('a'), calls.take('a'), expired], ['second', 2, [1]]);
});

test('at the end none is waited for', () => {
  const { calls, clock, expired } = bench();
  calls.expect('a', 1, '', 30_000);
  calls.expect('b', 2, '', 30_000);
  calls.clear();
  assert.equal([expired, clock.pending], [[1, 2], 0]);
});

test.run();
