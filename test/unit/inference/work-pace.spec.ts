import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WorkPace } from '#talkpath/inference/work-pace.js';

test('nothing is expected before anything was learned', () => {
  assert.is(new WorkPace().expectedMs(1000), 0);
});

test('work is expected to take as long as work of its size took', () => {
  const pace = new WorkPace();
  pace.learn(100, 20);
  assert.is(pace.expectedMs(100), 20);
  assert.is(pace.expectedMs(50), 10);
});

test('large and small pieces of work make one pace, by their sizes', () => {
  const pace = new WorkPace();
  pace.learn(900, 90);
  pace.learn(90, 90);
  assert.ok(Math.abs(pace.expectedMs(900) - 171) < 1, `${pace.expectedMs(900)}`);
});

test('one freeze of the machine is forgotten within some tens of answers', () => {
  const pace = new WorkPace();
  pace.learn(100, 10_000);
  for (let i = 0; i < 40; i += 1) pace.learn(100, 20);
  assert.ok(pace.expectedMs(100) < 40, `${pace.expectedMs(100)}`);
});

test.run();
