import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SharedListing } from '#talkpath/asterisk/shared-listing.js';

/** A list that is made when it is told. */
function bench(most: number) {
  const begun: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  const listing = new SharedListing(most, () => new Promise<number>((resolve, reject) => begun.push({ resolve, reject })));
  return { begun, listing };
}

/** Everything that can happen without the world has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('who asks at the same moment shares one list', async () => {
  const { begun, listing } = bench(2);
  const asked = [listing.get(), listing.get(), listing.get()];
  await settled();
  assert.is(begun.length, 1);
  begun[0]?.resolve(7);
  assert.equal(await Promise.all(asked), [7, 7, 7]);
});

test('who asks while one is made gets a newer one', async () => {
  const { begun, listing } = bench(2);
  const first = listing.get();
  await settled();
  const second = listing.get();
  await settled();
  assert.is(begun.length, 2);
  begun[1]?.resolve(2);
  begun[0]?.resolve(1);
  assert.equal([await first, await second], [1, 2]);
});

test('no more are made at a time than may be, and who waits shares the next', async () => {
  const { begun, listing } = bench(1);
  const first = listing.get();
  await settled();
  const waiting = [listing.get(), listing.get()];
  await settled();
  assert.is(begun.length, 1);
  begun[0]?.resolve(1);
  assert.is(await first, 1);
  await settled();
  assert.is(begun.length, 2);
  begun[1]?.resolve(2);
  assert.equal(await Promise.all(waiting), [2, 2]);
});

test('one that fails fails for those who asked for it, and the next is made', async () => {
  const { begun, listing } = bench(1);
  const first = listing.get().catch((error: Error) => error.message);
  await settled();
  const second = listing.get();
  begun[0]?.reject(new Error('no list'));
  assert.is(await first, 'no list');
  await settled();
  begun[1]?.resolve(2);
  assert.is(await second, 2);
});

test.run();
