import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CallRecord } from '#talkpath/call/call-record.js';
import type { SessionSnapshot } from '#talkpath/native/addon.js';
import { usualPlan } from '../../support/call-plan.js';
import { ManualClock } from '../../support/manual-clock.js';

const plan = usualPlan('echo');
const line = { framesIn: 10, framesOut: 11, framesDropped: 0, lastRateHz: 8000 };
const audio: SessionSnapshot = {
  lineSamplesIn: 1600,
  lineSamplesDropped: 0,
  lineMsMissing: 0,
  lineMsSurplus: 0,
  agentSamplesDropped: 0,
  eventsLost: 0,
  framesOut: 11,
  framesAudible: 5,
  playoutDepthMs: 0,
  playoutStartMs: 20,
  concealedMs: 12,
  concealmentEvents: 1,
  trimmedMs: 0,
  stretchedMs: 0,
  gaps: [
    { episodes: 1, ms: 12 },
    { episodes: 0, ms: 0 },
    { episodes: 2, ms: 40 },
    { episodes: 0, ms: 0 },
    { episodes: 0, ms: 0 },
  ],
};

test('a record tells what the call was set up with, and counts from its start', () => {
  const clock = new ManualClock();
  const record = new CallRecord('id', plan, clock);
  clock.advance(1234);
  const view = record.view();
  assert.equal([view.callId, view.state, view.durationMs, view.disposition, view.endReason], ['id', 'live', 1234, 'live', undefined]);
  assert.equal(view.plan, plan);
  assert.is(view.startedAt, '2026-01-01T00:00:05.000Z');
});

test('the end stops the clock, and only the first end counts', () => {
  const clock = new ManualClock();
  const record = new CallRecord('id', plan, clock);
  clock.advance(1000);
  record.ended('caller-hung-up', line, audio);
  clock.advance(1000);
  record.ended('connection-reset', undefined, undefined);
  const view = record.view();
  assert.equal([view.state, view.durationMs, view.endReason, view.disposition], ['ended', 1000, 'caller-hung-up', 'completed']);
  assert.equal(view.line, line);
});

test('gaps stand under the name of their cause', () => {
  const record = new CallRecord('id', plan, new ManualClock());
  record.ended('hung-up', line, audio);
  assert.equal(record.view().audio?.gaps, {
    'provider-late': { episodes: 1, ms: 12 },
    'control-stalled': { episodes: 0, ms: 0 },
    'engine-late': { episodes: 2, ms: 40 },
    'line-back-pressure': { episodes: 0, ms: 0 },
    'set-up': { episodes: 0, ms: 0 },
  });
});

test('a live record shows the counters it is given, an ended one its own', () => {
  const record = new CallRecord('id', plan, new ManualClock());
  assert.is(record.view().audio, undefined);
  assert.is(record.view({ ...audio, framesOut: 7 }).audio?.framesOut, 7);
  record.ended('hung-up', line, audio);
  assert.is(record.view({ ...audio, framesOut: 7 }).audio?.framesOut, 11);
});

test('the disposition tells the dialplan what to do from the moment the agent has decided', () => {
  for (const [ending, disposition] of [
    ['transfer', 'transfer'],
    ['hang-up', 'completed'],
  ] as const) {
    const record = new CallRecord('id', plan, new ManualClock());
    record.endingBegun(ending);
    assert.is(record.disposition, disposition);
    record.ended('hung-up', line, audio);
    assert.is(record.disposition, disposition);
  }
  const failed = new CallRecord('id', plan, new ManualClock());
  failed.providerFailed();
  assert.is(failed.disposition, 'failed');
});

test('digits and actions are noted with their time, notices once', () => {
  const clock = new ManualClock();
  const record = new CallRecord('id', plan, clock);
  clock.advance(100);
  record.digit('4');
  clock.advance(100);
  record.digit('#');
  record.action('transfer');
  record.notice('bad-dtmf');
  record.notice('bad-dtmf');
  const view = record.view();
  assert.equal(view.digits, [
    { digit: '4', atMs: 100 },
    { digit: '#', atMs: 200 },
  ]);
  assert.equal(view.actions, [{ name: 'transfer', atMs: 200 }]);
  assert.equal(view.notices, ['bad-dtmf']);
});

test('a turn keeps its first cause, and of a long call the last 500 turns are kept', () => {
  const record = new CallRecord('id', plan, new ManualClock());
  record.turn(1, 'greeting');
  assert.is(record.turn(1).cause, 'greeting');
  for (let turn = 2; turn <= 600; turn += 1) record.turn(turn);
  const { turns } = record.view();
  assert.equal([turns.length, turns[0]?.turn, turns.at(-1)?.turn], [500, 101, 600]);
});

test('a caller who presses keys for ever fills no memory', () => {
  const record = new CallRecord('id', plan, new ManualClock());
  for (let i = 0; i < 5000; i += 1) {
    record.digit('1');
    record.action('noted');
  }
  assert.is(record.view().digits.length, 1000);
  assert.is(record.view().actions.length, 1000);
});

test('a caller whom Asterisk sends on leaves the line, and was transferred', () => {
  const record = new CallRecord('id', plan, new ManualClock());
  record.endingBegun('transfer');
  record.ended('caller-hung-up', line, audio);
  assert.equal([record.view().endReason, record.view().disposition], ['transferred', 'transfer']);
});

test.run();
