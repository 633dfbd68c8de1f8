import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../deadline.js';
import { begun, heard, impatient, type VoiceBench, type VoiceUnderTest } from './tts-bench.js';

const never = new AbortController().signal;

/** A session that is over leaves nothing behind, whenever it ends. */
export function closingTests(test: Test<{ bench: VoiceBench }>, { connects }: VoiceUnderTest): void {
  const leavesNothing = async (bench: VoiceBench): Promise<void> => {
    await eventually(5000, 'timers that are called off', () => bench.clock.pending === 0, 5);
    if (bench.service.atWork === undefined) await eventually(5000, 'sockets that are closed', () => bench.service.openConnections === 0, 5);
    else await eventually(5000, 'requests that are given up', () => bench.service.atWork === 0, 5);
  };

  test('a session that was never spoken to is closed', async ({ bench }) => {
    const session = await bench.open();
    session.close();
    session.close();
    await leavesNothing(bench);
    assert.equal(bench.events, []);
  });

  test('a session is closed after a sentence, and says nothing more', async ({ bench }) => {
    const session = await bench.open();
    await heard(session.speak('Goodbye.', 1, never));
    session.close();
    await leavesNothing(bench);
    assert.is((await heard(session.speak('Anybody?', 2, never))).length, 0);
    assert.equal(bench.service.spoken, ['Goodbye.']);
  });

  test('a session that is closed in a sentence ends it without an error', async ({ bench }) => {
    bench.service.manner.pace = 1;
    const session = await bench.open();
    const { rest } = await begun(session.speak('The caller hangs up in the middle of this.', 1, never));
    session.close();
    assert.ok((await rest.next()).done);
    await leavesNothing(bench);
    assert.is(bench.failures, 0);
  });

  test('a session that is closed before the first word ends it without an error', async ({ bench }) => {
    bench.service.fault = { type: 'stall-in-reply', afterMs: 0 };
    const session = await bench.open();
    const next = session.speak('The caller hangs up before this.', 1, never)[Symbol.asyncIterator]().next();
    await eventually(5000, 'the request at the service', () => bench.service.spoken.length === 1, 5);
    session.close();
    assert.ok((await next).done);
    await leavesNothing(bench);
  });

  test('a call that ends closes its session', async ({ bench }) => {
    bench.service.manner.pace = 1;
    const session = await bench.open();
    const { rest } = await begun(session.speak('The caller hangs up in the middle of this.', 1, never));
    bench.call.abort();
    assert.ok((await rest.next()).done);
    await leavesNothing(bench);
    assert.is(bench.failures, 0);
  });

  test('a call that ends while its session is opened has none', async ({ bench }) => {
    bench.service.fault = { type: 'hang' };
    const opened = bench.open().then(
      (session) => session,
      () => undefined,
    );
    if (connects === 'when-opened') await eventually(5000, 'a connection', () => bench.service.openConnections === 1, 5);
    bench.call.abort();
    const session = await opened;
    assert.ok(connects === 'when-spoken' || session === undefined);
    if (session) assert.is((await heard(session.speak('Hello?', 1, never))).length, 0);
    await leavesNothing(bench);
  });

  test('a session that failed is closed like any other', async ({ bench }) => {
    const session = await bench.open();
    bench.service.fault = { type: 'close-in-reply', afterMs: 100 };
    await heard(session.speak('This is lost on the way.', 1, never)).catch(() => {});
    session.close();
    await leavesNothing(bench);
  });

  test('a service that could not be had leaves nothing behind', async ({ bench }) => {
    bench.service.fault = { type: 'hang' };
    const session = await bench.open({ limits: impatient }).catch(() => undefined);
    if (session) await heard(session.speak('Hello?', 1, never)).catch(() => {});
    session?.close();
    await leavesNothing(bench);
  });

  test('a probe leaves nothing behind, nor does one that is aborted', async ({ bench }) => {
    const tts = await bench.tts();
    await tts.probe?.(never);
    await leavesNothing(bench);
    bench.service.fault = { type: 'hang' };
    const abort = new AbortController();
    const probe = tts.probe?.(abort.signal).catch(() => 'rejected');
    abort.abort();
    assert.is(await probe, 'rejected');
    await leavesNothing(bench);
  });
}
