import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAhead } from '#talkpath/providers/cascade/read-ahead.js';
import { settled } from '../../support/call-bench.js';

test('items come in order, and are read before they are asked for', async () => {
  const given: number[] = [];
  const source = async function* (): AsyncGenerator<number> {
    for (const item of [1, 2, 3]) {
      given.push(item);
      yield item;
    }
  };
  const items = readAhead(source());
  assert.is((await items.next()).value, 1);
  await settled();
  assert.equal(given, [1, 2, 3]);
  assert.equal([(await items.next()).value, (await items.next()).value], [2, 3]);
  assert.ok((await items.next()).done);
});

test('a source that fails does so behind what it gave', async () => {
  const source = async function* (): AsyncGenerator<number> {
    yield 1;
    throw new Error('broken');
  };
  const items = readAhead(source());
  assert.is((await items.next()).value, 1);
  const failed = await items.next().catch((error: Error) => error.message);
  assert.is(failed, 'broken');
});

test('a reader that stops early ends the source', async () => {
  let ended = false;
  const source = async function* (): AsyncGenerator<number> {
    try {
      for (let item = 1; ; item += 1) {
        yield item;
        await settled();
      }
    } finally {
      ended = true;
    }
  };
  for await (const item of readAhead(source())) if (item === 3) break;
  await settled();
  await settled();
  assert.ok(ended);
});

test.run();
