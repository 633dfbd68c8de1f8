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

test('a queue that is full turns requests away', () =>
  withThread(async (thread) => {
    const answers = Promise.allSettled([thread.request('hold'), ...Array.from({ length: 300 }, (_, i) => thread.request(`${i}`))]);
    const outcomes = (await answers).map(({ status }) => status);
    assert.is(outcomes.filter((status) => status === 'fulfilled').length, 257);
    assert.equal(outcomes.slice(257), Array(44).fill('rejected'));
  }));

test.run();
