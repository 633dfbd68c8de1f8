import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { attempt, type Patience, type Wish } from '#talkpath/tools/attempts.js';
import type { Exchange, HttpRequest } from '#talkpath/tools/http-exchange.js';
import { ManualClock } from '../../support/manual-clock.js';

const request: HttpRequest = { method: 'POST', url: new URL('http://127.0.0.1'), headers: {}, body: '{}' };
const unsent: Exchange = { type: 'unsent', reason: 'ECONNREFUSED' };
const lost: Exchange = { type: 'lost', reason: 'ECONNRESET' };
const status = (code: number, retryAfter?: string): Exchange => ({ type: 'answer', status: code, text: 'text', retryAfter });

/** Lets time pass until the attempts end; each of them takes `tookMs`. */
async function attempts(exchanges: readonly Exchange[], changes: Partial<Patience & { tookMs: number; wish: Wish; random: number }> = {}) {
  const { tookMs = 0, random = 0.5, wish = { isWanted: () => true, closed: new AbortController().signal }, ...patience } = changes;
  const clock = new ManualClock();
  const startMs = clock.nowMs();
  const atMs: number[] = [];
  const limitsMs: number[] = [];
  const left = [...exchanges];
  const exchange = (_request: HttpRequest, { timeoutMs }: { timeoutMs: number }): Promise<Exchange> => {
    atMs.push(clock.nowMs() - startMs);
    limitsMs.push(timeoutMs);
    return new Promise((resolve) => clock.after(Math.min(tookMs, timeoutMs), () => resolve(left.shift() ?? status(200))));
  };
  const whole = { timeoutMs: 1000, retries: 2, retryMs: 100, isSafeToRepeat: false, ...patience };
  let isOver = false;
  const ending = attempt(request, whole, { exchange, clock, random: () => random }, wish).finally(() => {
    isOver = true;
  });
  for (let steps = 0; !isOver && steps < 10_000; steps += 1) {
    clock.advance(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { ending: await ending, atMs, limitsMs, pending: clock.pending, tookMs: clock.nowMs() - startMs };
}

test('a success is the end of it', async () => {
  const { ending, atMs } = await attempts([status(200)]);
  assert.equal(ending, { type: 'answered', status: 200, text: 'text' });
  assert.is(atMs.length, 1);
});

test('what cannot have happened is tried again, each time after twice as long', async () => {
  const { ending, atMs } = await attempts([unsent, unsent]);
  assert.is(ending.type, 'answered');
  assert.is(atMs.length, 3);
  const [first = 0, second = 0, third = 0] = atMs;
  assert.ok(Math.abs(second - first - 100) <= 3 && Math.abs(third - second - 200) <= 3, atMs.join(' '));
});

test('pauses are spread by chance over half as long to half again', async () => {
  for (const [random, ms] of [
    [0, 50],
    [0.999, 150],
  ] as const) {
    const { atMs } = await attempts([unsent], { random });
    assert.ok(Math.abs((atMs[1] ?? 0) - ms) <= 4, atMs.join(' '));
  }
});

test('patience ends after the retries, and says that nothing was done', async () => {
  const { ending, atMs, pending } = await attempts([unsent, unsent, unsent]);
  assert.equal(ending, { type: 'not-done', why: 'ECONNREFUSED', waitMs: 0 });
  assert.is(atMs.length, 3);
  assert.is(pending, 0);
});

test('what may have happened is not tried again', async () => {
  for (const exchange of [lost, status(500), status(503), status(408), status(302)]) {
    const { ending, atMs } = await attempts([exchange]);
    assert.is(ending.type, 'unknown');
    assert.is(atMs.length, 1);
  }
});

test('what may have happened is tried again where that is safe, but a redirect is not', async () => {
  for (const exchange of [lost, status(500), status(503)]) assert.is((await attempts([exchange], { isSafeToRepeat: true })).ending.type, 'answered');
  const { ending, atMs } = await attempts([status(302)], { isSafeToRepeat: true });
  assert.equal([ending.type, atMs.length], ['unknown', 1]);
});

test('a refusal is not tried again', async () => {
  const { ending, atMs } = await attempts([status(422)], { isSafeToRepeat: true });
  assert.equal([ending, atMs.length], [{ type: 'refused', why: 'status 422' }, 1]);
});

test('after an attempt that may have happened only a success tells, neither a refusal nor a connection that failed', async () => {
  for (const second of [status(409), unsent, status(429)]) {
    const { ending } = await attempts([lost, second], { isSafeToRepeat: true, retries: 1 });
    assert.is(ending.type, 'unknown');
  }
  assert.is((await attempts([lost, status(409)], { isSafeToRepeat: true })).ending.type, 'answered');
});

test('the receiver is left alone for as long as it asks', async () => {
  const { ending, atMs } = await attempts([status(429, '2')]);
  assert.is(ending.type, 'answered');
  assert.ok((atMs[1] ?? 0) >= 2000, atMs.join(' '));
});

test('a receiver that asks for longer than there is patience is not asked again', async () => {
  for (const retryAfter of ['3', 'Wed, 21 Oct 2026 07:28:00 GMT']) {
    const { ending, atMs } = await attempts([status(503, retryAfter)]);
    assert.equal([ending.type, atMs.length], ['not-done', 1]);
  }
});

test('all attempts and pauses take no longer than the timeout of each of them together', async () => {
  const { tookMs, limitsMs } = await attempts([unsent, unsent, unsent], { tookMs: 1000, retryMs: 300 });
  assert.ok(tookMs <= 3002, `${tookMs}`);
  assert.is(limitsMs[0], 1000);
  assert.ok((limitsMs.at(-1) ?? 1000) < 1000, limitsMs.join(' '));
});

test('nothing is sent for nobody, neither at first nor again', async () => {
  const closed = new AbortController().signal;
  const never = await attempts([], { wish: { isWanted: () => false, closed } });
  assert.equal([never.ending.type, never.atMs.length], ['called-off', 0]);
  let asked = 0;
  const once = { isWanted: () => asked++ === 0, closed };
  const first = await attempts([unsent], { wish: once });
  assert.equal([first.ending.type, first.atMs.length], ['called-off', 1]);
  asked = 0;
  const unsure = await attempts([lost], { wish: once, isSafeToRepeat: true });
  assert.equal([unsure.ending.type, unsure.atMs.length], ['unknown', 1]);
});

test('closing cuts a pause short, and leaves no timer', async () => {
  const closing = new AbortController();
  const wish = { isWanted: () => true, closed: closing.signal };
  const running = attempts([unsent], { retryMs: 60_000, timeoutMs: 60_000, wish });
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  closing.abort();
  const { ending, pending, tookMs } = await running;
  assert.equal([ending.type, pending], ['called-off', 0]);
  assert.ok(tookMs < 1000, `${tookMs}`);
});

test.run();
