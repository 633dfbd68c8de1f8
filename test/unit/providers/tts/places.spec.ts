import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Places } from '#talkpath/providers/cascade/tts/places.js';
import { failureOf } from '../../../support/conformance/tts-bench.js';

const never = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('places are given in the order in which they were asked for', async () => {
  const places = new Places(2);
  const order: number[] = [];
  const first = await places.take(never);
  const second = await places.take(never);
  const waiting = [3, 4].map(async (n) => {
    const release = await places.take(never);
    order.push(n);
    return release;
  });
  await turn();
  assert.equal(order, []);
  first();
  first();
  await turn();
  assert.equal(order, [3], 'given back once');
  second();
  await Promise.all(waiting);
  assert.equal(order, [3, 4]);
});

test('who leaves the queue for a place does not take it', async () => {
  const places = new Places(1);
  const release = await places.take(never);
  const leaving = new AbortController();
  const left = failureOf(places.take(leaving.signal));
  const stayed = places.take(never);
  leaving.abort();
  await left;
  release();
  (await stayed)();
  (await places.take(never))();
  await failureOf(places.take(AbortSignal.abort()));
});

test.run();
