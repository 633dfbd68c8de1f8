import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { messagesOf } from '#talkpath/providers/network/event-stream.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { processorMs } from '../../../support/processor-time.js';

/** The messages of a text that comes in pieces of so many bytes. */
async function messages(text: string, bytes: number): Promise<object[]> {
  const all = new TextEncoder().encode(text);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < all.length; at += bytes) pieces.push(all.subarray(at, at + bytes));
  const read: object[] = [];
  for await (const message of messagesOf('test', pieces)) read.push(message);
  return read;
}

const cases: readonly (readonly [what: string, text: string, messages: readonly object[]])[] = [
  ['events are messages', 'data: {"a":1}\n\ndata: {"b":2}\n\n', [{ a: 1 }, { b: 2 }]],
  ['lines may end as they like', 'data: {"a":1}\r\n\r\ndata: {"b":2}\r\rdata: {"c":3}\n\n', [{ a: 1 }, { b: 2 }, { c: 3 }]],
  ['the data of one event may stand on several lines', 'data: {"a":\r\ndata: 1}\r\n\r\ndata: {"b":\ndata: 2}\n\n', [{ a: 1 }, { b: 2 }]],
  ['names, identifiers and comments are passed over', ': keep-alive\n\nevent: x\nid: 1\ndata: {"a":1}\n\nevent: y\n\n', [{ a: 1 }]],
  ['the space after the colon may be missing, and only one is', 'data:{"a":"é"}\n\ndata:  {"b":"日本"}\n\n', [{ a: 'é' }, { b: '日本' }]],
  ['the end of the stream is the end of its last event', 'data: {"a":1}\n\ndata: {"b":2}', [{ a: 1 }, { b: 2 }]],
  ['[DONE] is no message', 'data: {"a":1}\n\ndata: [DONE]\n\n', [{ a: 1 }]],
  ['a page is no message', '<html>\n<body>data: no</body>\n\n</html>\n', []],
  ['nothing is no message', '', []],
];

for (const [what, text, expected] of cases) {
  test(`${what}, however the stream is cut`, async () => {
    for (let bytes = 1; bytes <= Math.max(1, new TextEncoder().encode(text).length); bytes += 1)
      assert.equal(await messages(text, bytes), expected, `in pieces of ${bytes}`);
  });
}

test('data that is no JSON object is TP_ERR_PROVIDER_PROTOCOL, and is not repeated', async () => {
  for (const data of ['{"secret', 'secret', '["secret"]', '"secret"', 'null', '7', '']) {
    const thrown = await messages(`data: ${data}\n\n`, 100).catch((error: unknown) => error);
    assert.instance(thrown, ProviderError, data);
    assert.is((thrown as ProviderError).code, 'TP_ERR_PROVIDER_PROTOCOL');
    assert.not.match((thrown as ProviderError).message, 'secret');
  }
});

test('messages before one that is broken are given', async () => {
  const read: object[] = [];
  const pieces = [new TextEncoder().encode('data: {"a":1}\n\ndata: {\n\n')];
  await (async () => {
    for await (const message of messagesOf('test', pieces)) read.push(message);
  })().catch(() => undefined);
  assert.equal(read, [{ a: 1 }]);
});

test('a line without an end is TP_ERR_PROVIDER_PROTOCOL, in pieces of whatever size', async () => {
  for (const bytes of [16, 65_536]) {
    const spentMs = await processorMs(async () => {
      const thrown = await messages(`data: ${'x'.repeat(1 << 20)}`, bytes).catch((error: unknown) => error);
      assert.is((thrown as ProviderError).code, 'TP_ERR_PROVIDER_PROTOCOL');
    });
    // A fraction of a second; read anew with each piece it was a minute.
    assert.ok(spentMs < 10_000, `${spentMs} ms`);
  }
  assert.equal(await messages(`data: {"a":"${'x'.repeat(500_000)}"}\n\n`, 100), [{ a: 'x'.repeat(500_000) }]);
});

test.run();
