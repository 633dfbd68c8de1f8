import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Call } from '#talkpath/call/call.js';
import { CallRecord } from '#talkpath/call/call-record.js';
import { CallRegistry } from '#talkpath/call/call-registry.js';
import { usualPlan } from '../../support/call-plan.js';
import { ManualClock } from '../../support/manual-clock.js';

const plan = usualPlan('echo');

/** As much of a call as the registry looks at. */
function callOf(callId: string, clock: ManualClock): Call {
  const record = new CallRecord(callId, plan, clock);
  return { record, view: () => record.view() } as unknown as Call;
}

test('a call that is or was there is known', () => {
  const clock = new ManualClock();
  const registry = new CallRegistry();
  const call = callOf('a', clock);
  assert.not.ok(registry.isKnown('a'));
  registry.arrive(call.record);
  assert.ok(registry.isKnown('a'));
  registry.finish(call.record);
  assert.ok(registry.isKnown('a'));
});

test('of the calls that ended the last thousand are kept', () => {
  const clock = new ManualClock();
  const registry = new CallRegistry();
  for (let i = 0; i < 1010; i += 1) {
    const call = callOf(`call-${i}`, clock);
    registry.add(call);
    registry.finish(call.record);
  }
  assert.is(registry.view('call-9'), undefined);
  assert.is(registry.view('call-10')?.callId, 'call-10');
  assert.is(registry.views(5000).length, 1000);
  assert.is(registry.liveCount, 0);
});

test('a call is at hand from the moment it comes, whether its provider is ready or not', () => {
  const clock = new ManualClock();
  const registry = new CallRegistry();
  const call = callOf('a', clock);
  registry.arrive(call.record);
  assert.equal([registry.liveCount, registry.isAtHand('a'), registry.live('a'), registry.view('a')?.state], [1, true, undefined, 'live']);
  registry.add(call);
  assert.equal([registry.liveCount, registry.live('a')], [1, call]);
  registry.finish(call.record);
  assert.equal([registry.liveCount, registry.isAtHand('a'), registry.view('a')?.callId], [0, false, 'a']);
});

test('a call that ends before its provider is ready leaves its record', () => {
  const clock = new ManualClock();
  const registry = new CallRegistry();
  const { record } = callOf('a', clock);
  registry.arrive(record);
  record.ended('caller-hung-up', undefined, undefined);
  registry.finish(record);
  assert.is(registry.view('a')?.endReason, 'caller-hung-up');
  assert.is(registry.liveCount, 0);
});

test('calls are listed newest first, those at hand before those that ended', () => {
  const clock = new ManualClock();
  const registry = new CallRegistry();
  const calls = ['a', 'b', 'c', 'd'].map((callId) => callOf(callId, clock));
  for (const call of calls) registry.add(call);
  for (const call of calls.slice(1, 3)) registry.finish(call.record);
  assert.equal(
    registry.views(10).map(({ callId }) => callId),
    ['d', 'a', 'c', 'b'],
  );
  assert.equal(
    registry.views(3).map(({ callId }) => callId),
    ['d', 'a', 'c'],
  );
});

test('a call id that is used again counts as new', () => {
  const clock = new ManualClock();
  const registry = new CallRegistry();
  for (const callId of ['a', 'b', 'a']) {
    const call = callOf(callId, clock);
    registry.add(call);
    registry.finish(call.record);
  }
  assert.equal(
    registry.views(10).map(({ callId }) => callId),
    ['a', 'b'],
  );
});

test.run();
