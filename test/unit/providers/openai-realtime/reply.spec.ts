import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cut, Reply } from '#talkpath/providers/openai-realtime/reply.js';

/** Cuts of a reply whose items have so much audio, after so much was heard. */
function cutsOf(audioMs: readonly number[], heardMs: number, isWhole = true): Cut[] {
  const reply = new Reply(1);
  audioMs.forEach((ms, i) => {
    reply.item(`i${i}`).audioMs = ms;
  });
  if (isWhole) reply.complete();
  return reply.cutsAfter(heardMs);
}

test('what was heard to its end is not cut', () => {
  assert.equal(cutsOf([300, 500], 800), []);
  assert.equal(cutsOf([300, 500], 5000), []);
});

test('an item that was heard in part is truncated, and those after it are deleted', () => {
  assert.equal(cutsOf([300, 500, 400], 450.9), [
    { type: 'truncate', itemId: 'i1', audioEndMs: 150 },
    { type: 'delete', itemId: 'i2' },
  ]);
});

test('what nothing was heard of is deleted', () => {
  assert.equal(cutsOf([300, 500], 0), [
    { type: 'delete', itemId: 'i0' },
    { type: 'delete', itemId: 'i1' },
  ]);
  assert.equal(cutsOf([300, 500], 300.5), [{ type: 'delete', itemId: 'i1' }]);
  assert.equal(cutsOf([0], 100), [{ type: 'delete', itemId: 'i0' }]);
});

test('of what is still coming no more stays than has come', () => {
  assert.equal(cutsOf([300], 5000, false), [{ type: 'truncate', itemId: 'i0', audioEndMs: 300 }]);
});

test('what came before a tool is whole while the rest is still coming', () => {
  const reply = new Reply(1);
  reply.item('before').audioMs = 300.5;
  assert.equal(reply.complete(), []);
  reply.item('after').audioMs = 200;
  assert.equal(reply.cutsAfter(400), [{ type: 'truncate', itemId: 'after', audioEndMs: 99 }]);
});

test.run();
