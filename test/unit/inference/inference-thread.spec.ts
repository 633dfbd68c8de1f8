import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import { InferenceThread } from '#talkpath/inference/inference-thread.js';
import { within } from '../../support/deadline.js';

const entry = new URL('../../support/reversing-thread.js', import.meta.url);

async function withThread(body: (thread: InferenceThread<string, string>) => Promise<void>): Promise<void> {
  const thread = await within(5000, 'the thread is up', InferenceThread.start<string, string>({ name: 'reversing', entry, data: {} }));
  try {
    await within(5000, 'the test', body(thread));
  } finally {
    await thread.close();
  }
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}

const codeOf = async (promise: Promise<unknown>): Promise<string | undefined> => ((await failureOf(promise)) as TalkpathError).code;

test('a request is answered by the thread', () =>
  withThread(async (thread) => {
    assert.is(await thread.request('abc'), 'cba');
  }));

test('requests are answered in their order, those in the background after all others', () =>
  withThread(async (thread) => {
    const answered: string[] = [];
    const ask = async (text: string, background: boolean): Promise<void> => {
      answered.push(await thread.request(text, { background }));
    };
    await Promise.all([ask('hold', false), ask('a', true), ask('b', true), ask('c', false), ask('d', false)]);
    assert.equal(answered, ['dloh', 'c', 'd', 'a', 'b']);
  }));

test('a request that waits is called off, and never reaches the thread', () =>
  withThread(async (thread) => {
    const calledOff = new AbortController();
    const holding = thread.request('hold');
    const waiting = failureOf(thread.request('die', { signal: calledOff.signal }));
    calledOff.abort(new Error('not wanted'));
    assert.is(((await waiting) as Error).message, 'not wanted');
    assert.is(await holding, 'dloh');
    assert.is(await thread.request('still here'), 'ereh llits');
  }));

test('a request at work is called off at once, and the next is answered with its own answer', () =>
  withThread(async (thread) => {
    const calledOff = new AbortController();
    const atWork = failureOf(thread.request('hold', { signal: calledOff.signal }));
    const next = thread.request('next');
    calledOff.abort(new Error('not wanted'));
    assert.is(((await atWork) as Error).message, 'not wanted');
    assert.is(await next, 'txen');
  }));

test('a signal that is already over keeps the request from being made', () =>
  withThread(async (thread) => {
    const failure = await failureOf(thread.request('die', { signal: AbortSignal.abort(new Error('too late')) }));
    assert.is((failure as Error).message, 'too late');
    assert.is(await thread.request('ok'), 'ko');
  }));

test('a failure of one request is told by its code, and hurts no other', () =>
  withThread(async (thread) => {
    const [failure, answer] = await Promise.all([failureOf(thread.request('fail')), thread.request('ok')]);
    assert.instance(failure, TalkpathError);
    assert.is((failure as TalkpathError).code, 'TP_ERR_MODEL_RUN');
    assert.match((failure as TalkpathError).message, 'no answer to this');
    assert.is(answer, 'ko');
  }));

test('a thread that dies costs the request it was at, and a new one answers those that waited', () =>
  withThread(async (thread) => {
    const dying = codeOf(thread.request('die'));
    const waiting = thread.request('waiting');
    assert.is(await dying, 'TP_ERR_MODEL_RUN');
    assert.is(await waiting, 'gnitiaw');
    assert.is(await thread.request('later'), 'retal');
  }));

test('a thread that cannot load its model says why', async () => {
  const start = InferenceThread.start({ name: 'reversing', entry, data: { refusesToLoad: true } });
  const failure = (await failureOf(within(5000, 'the start', start))) as TalkpathError;
  assert.is(failure.code, 'TP_ERR_MODEL_MISSING');
  assert.is(failure.message, 'there is no model');
});

test('closing rejects what waits and what comes later', async () => {
  const thread = await InferenceThread.start<string, string>({ name: 'reversing', entry, data: {} });
  const atWork = codeOf(thread.request('hold'));
  const waiting = codeOf(thread.request('waiting'));
  await within(5000, 'the thread has ended', thread.close());
  assert.is(await atWork, 'TP_ERR_MODEL_RUN');
  assert.is(await waiting, 'TP_ERR_MODEL_RUN');
  assert.is(await codeOf(thread.request('later')), 'TP_ERR_MODEL_RUN');
});

/** A thread with one request at work, and how long it expects such a request to take. */
async function withBusyThread(body: (thread: InferenceThread<string, string>, oneMs: number) => Promise<void>): Promise<void> {
  await withThread(async (thread) => {
    await thread.request('hold', { size: 1 });
    const atWork = thread.request('hold', { size: 1 });
    await body(thread, thread.load.expectedWaitMs);
    await atWork;
  });
}

test('a request that would be answered too late is refused at once, and those before it are answered', () =>
  withBusyThread(async (thread, oneMs) => {
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => thread.request('hold', { size: 1, withinMs: 3.5 * oneMs })));
    assert.equal(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.code)),
      [...Array(2).fill('dloh'), ...Array(4).fill('TP_ERR_MODEL_BUSY')],
    );
    assert.is(thread.load.refused, 4);
  }));

test('a request that may take any time is never refused, nor is work of which nothing is known', () =>
  withThread(async (thread) => {
    const unknown = Array.from({ length: 3 }, () => thread.request('hold', { size: 1, withinMs: 1 }));
    assert.equal(await Promise.all(unknown), Array(3).fill('dloh'));
    const patient = Array.from({ length: 3 }, () => thread.request('hold', { size: 1 }));
    assert.equal(await Promise.all(patient), Array(3).fill('dloh'));
    assert.is(thread.load.refused, 0);
  }));

test('an idle thread takes even what it expects to be late with, and so learns better', () =>
  withThread(async (thread) => {
    await thread.request('hold', { size: 1 });
    for (let i = 0; i < 40; i += 1) await thread.request('ok', { size: 1, withinMs: 1 });
    assert.is(thread.load.refused, 0);
    const atWork = thread.request('ok', { size: 1 });
    assert.ok(thread.load.expectedWaitMs < 50, `${thread.load.expectedWaitMs} ms`);
    await atWork;
  }));

test('what is called off while it waits makes room for others', () =>
  withBusyThread(async (thread, oneMs) => {
    const calledOff = new AbortController();
    const gone = Array.from({ length: 5 }, () => failureOf(thread.request('hold', { size: 1, signal: calledOff.signal })));
    assert.is(await codeOf(thread.request('ok', { size: 1, withinMs: 3.5 * oneMs })), 'TP_ERR_MODEL_BUSY');
    calledOff.abort(new Error('not wanted'));
    assert.is(await thread.request('ok', { size: 1, withinMs: 3.5 * oneMs }), 'ko');
    await Promise.all(gone);
  }));

test('the load tells how many wait, and how long the next would', () =>
  withBusyThread(async (thread, oneMs) => {
    assert.is(thread.load.waiting, 0);
    const asked = Promise.all([thread.request('hold', { size: 1 }), thread.request('hold', { size: 1 })]);
    assert.is(thread.load.waiting, 2);
    assert.ok(Math.abs(thread.load.expectedWaitMs - 3 * oneMs) < 0.5 * oneMs, `${thread.load.expectedWaitMs} ms`);
    await asked;
    assert.is(thread.load.waiting, 0);
  }));

test('a queue that is full turns requests away', () =>
  withThread(async (thread) => {
    const answers = Promise.allSettled([thread.request('hold'), ...Array.from({ length: 300 }, (_, i) => thread.request(`${i}`))]);
    const outcomes = (await answers).map(({ status }) => status);
    assert.is(outcomes.filter((status) => status === 'fulfilled').length, 257);
    assert.equal(outcomes.slice(257), Array(44).fill('rejected'));
  }));

test.run();
