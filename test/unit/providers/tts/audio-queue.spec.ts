import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioQueue } from '#talkpath/providers/cascade/tts/audio-queue.js';
import { failureOf } from '../../../support/conformance/tts-bench.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function all(queue: AudioQueue): Promise<number[]> {
  const bytes: number[] = [];
  for await (const piece of queue) bytes.push(...piece);
  return bytes;
}

test('a queue gives what was pushed, before and while it is read, and ends', async () => {
  const queue = new AudioQueue('test');
  queue.push(Uint8Array.of(1));
  queue.push(Uint8Array.of(2));
  const read = all(queue);
  await turn();
  queue.push(Uint8Array.of(3));
  queue.end();
  queue.push(Uint8Array.of(4));
  assert.equal(await read, [1, 2, 3]);
});

test('a queue that fails gives what came before', async () => {
  const queue = new AudioQueue('test');
  queue.push(Uint8Array.of(1));
  queue.fail(new Error('lost'));
  queue.end();
  assert.equal(await queue.next(), { done: false, value: Uint8Array.of(1) });
  assert.is((await failureOf(queue.next())).message, 'lost');
});

test('a queue that nobody empties fails before it fills the memory', async () => {
  const queue = new AudioQueue('test');
  const second = new Uint8Array(48_000);
  for (let s = 0; s < 300; s += 1) queue.push(second);
  const drain = async (): Promise<void> => {
    for await (const _piece of queue);
  };
  const failure = await failureOf(drain());
  assert.is(failure.code, 'TP_ERR_PROVIDER_PROTOCOL');
});

test.run();
