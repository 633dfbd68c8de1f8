import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Timers } from '#talkpath/call/timers.js';
import { ManualClock } from '../../support/manual-clock.js';

test('a timer runs once, when its time has come', () => {
  const clock = new ManualClock();
  const timers = new Timers<'silence'>(clock);
  let runs = 0;
  timers.set('silence', 400, () => {
    runs += 1;
  });
  clock.advance(399);
  assert.is(runs, 0);
  clock.advance(1000);
  assert.is(runs, 1);
});

test('setting a timer again replaces it, and leaves the others', () => {
  const clock = new ManualClock();
  const timers = new Timers<'silence' | 'no-input'>(clock);
  const ran: string[] = [];
  timers.set('silence', 400, () => ran.push('first'));
  timers.set('no-input', 500, () => ran.push('other'));
  clock.advance(300);
  timers.set('silence', 400, () => ran.push('second'));
  clock.advance(1000);
  assert.equal(ran, ['other', 'second']);
});

test('clearing stops all of them', () => {
  const clock = new ManualClock();
  const timers = new Timers<'silence' | 'no-input'>(clock);
  timers.set('silence', 1, () => assert.unreachable());
  timers.set('no-input', 2, () => assert.unreachable());
  timers.clear();
  assert.is(clock.pending, 0);
  clock.advance(10);
});

test('a timer may set itself again', () => {
  const clock = new ManualClock();
  const timers = new Timers<'silence'>(clock);
  const ranAtMs: number[] = [];
  const again = (): void => {
    ranAtMs.push(clock.nowMs());
    timers.set('silence', 100, again);
  };
  again();
  clock.advance(250);
  assert.equal(ranAtMs, [5000, 5100, 5200]);
  timers.clear();
  assert.is(clock.pending, 0);
});

test.run();
