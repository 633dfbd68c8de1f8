import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from '#emulators/fault.js';
import type { LlmAnswer } from '#emulators/openai-llm.js';
import type { LlmPart } from '#talkpath/providers/cascade/llm/llm.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { eventually, within } from '../../../support/deadline.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { closeBenches, ModelBench, modelApis, Reply, testKey } from '../../../support/model-bench.js';

test.after.each(closeBenches);

const secretWords = 'my number is 5550199';

interface Outcome {
  readonly error: ProviderError;
  readonly sentences: readonly string[];
}

/** How a reply fails. Nothing that was said, and no key, may be in what is thrown, whatever prints it. */
async function failureOf(bench: ModelBench, answer?: LlmAnswer): Promise<Outcome> {
  if (answer) bench.service.answers.push(answer);
  const reply = new Reply();
  const thrown = await within(3000, 'the failure', reply.take(bench.start({ text: secretWords }))).then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  assert.instance(thrown, ProviderError, String(thrown));
  let told = '';
  for (let error: unknown = thrown; error instanceof Error; error = error.cause) told += `${error.stack} ${JSON.stringify(error)}`;
  for (const secret of ['5550199', 'private', 'secr', testKey]) assert.not.match(told, secret);
  return { error: thrown as ProviderError, sentences: reply.sentences };
}

/** After a failure the same session is of use again. */
async function recovers(bench: ModelBench): Promise<void> {
  bench.service.fault = undefined;
  bench.service.answers.length = 0;
  bench.session.heard('');
  assert.equal((await bench.reply({ text: 'Hello?' })).sentences, ['Yes.']);
  assert.is(bench.told.at(-1), `user: ${secretWords} Hello?`);
}

const words = 'This is the first sentence. This is the second one. And this is the third.';

for (const api of modelApis) {
  const refusals: readonly [Fault, string, boolean][] = [
    [{ type: 'refuse' }, 'TP_ERR_PROVIDER_CONNECT', true],
    [{ type: 'status', status: 401 }, 'TP_ERR_PROVIDER_REFUSED', false],
    [{ type: 'status', status: 403 }, 'TP_ERR_PROVIDER_REFUSED', false],
    [{ type: 'status', status: 404 }, 'TP_ERR_PROVIDER_REQUEST', false],
    [{ type: 'status', status: 429, retryAfterS: 7 }, 'TP_ERR_PROVIDER_BUSY', true],
    [{ type: 'status', status: 500 }, 'TP_ERR_PROVIDER_CONNECT', true],
    [{ type: 'status', status: 503 }, 'TP_ERR_PROVIDER_BUSY', true],
    [{ type: 'status', status: 307 }, 'TP_ERR_PROVIDER_CONNECT', true],
  ];
  for (const [fault, code, isRetryable] of refusals) {
    const name = fault.type === 'status' ? `HTTP ${fault.status}` : fault.type;
    test(`${api}, ${name}: the reply fails with ${code} before a word, once and for all`, async () => {
      const bench = await ModelBench.open({ api });
      bench.service.fault = fault;
      const { error, sentences } = await failureOf(bench);
      assert.is(error.code, code);
      assert.is(error.isRetryable, isRetryable);
      assert.is(error.retryAfterMs, fault.type === 'status' && fault.retryAfterS ? 7000 : undefined);
      assert.equal(sentences, []);
      assert.match(error.message, /^language model at 127\.0\.0\.1:\d+ /);
      await recovers(bench);
    });
  }

  test(`${api}: a service that nobody runs is TP_ERR_PROVIDER_CONNECT, with the system's code`, async () => {
    const bench = await ModelBench.open({ api });
    await bench.service.close();
    const { error } = await failureOf(bench);
    assert.is(error.code, 'TP_ERR_PROVIDER_CONNECT');
    assert.match(error.message, 'ECONNREFUSED');
  });

  test(`${api}: a service that does not answer is waited for as long as the limit says`, async () => {
    const clock = new ManualClock();
    const bench = await ModelBench.open({ api, clock, limits: { connect_ms: 100, first_audio_ms: 2000, idle_ms: 500 } });
    bench.service.fault = { type: 'hang' };
    const failed = failureOf(bench);
    await eventually(1000, 'the request is under way', () => bench.service.openConnections === 1, 5);
    clock.advance(1999);
    assert.is(clock.pending, 1);
    clock.advance(1);
    const { error } = await failed;
    assert.is(error.code, 'TP_ERR_PROVIDER_TIMEOUT');
    assert.match(error.message, 'did not answer in time');
    assert.is(clock.pending, 0);
    await eventually(1000, 'the connection is gone', () => bench.service.openConnections === 0, 5);
  });

  test(`${api}: a service that only says that it works is waited for no longer`, async () => {
    const clock = new ManualClock();
    const bench = await ModelBench.open({ api, clock, limits: { connect_ms: 100, first_audio_ms: 2000, idle_ms: 500 } });
    bench.service.fault = { type: 'stall-in-reply', afterMs: 0 };
    const failed = failureOf(bench, { text: words });
    await eventually(1000, 'the service works', () => bench.service.requests.length === 1, 5);
    clock.advance(2000);
    assert.is((await failed).error.code, 'TP_ERR_PROVIDER_TIMEOUT');
  });

  test(`${api}: a call that is long in the writing is waited for piece by piece`, async () => {
    const waits: number[] = [];
    const clock = new (class extends ManualClock {
      override after(delayMs: number, action: () => void): () => void {
        waits.push(delayMs);
        return super.after(delayMs, action);
      }
    })();
    const bench = await ModelBench.open({ api, clock, limits: { connect_ms: 100, first_audio_ms: 2000, idle_ms: 500 } });
    bench.service.fault = { type: 'stall-in-reply', afterMs: 8 };
    const failed = failureOf(bench, { calls: [{ name: 'weather', arguments: `{"city":"${'x'.repeat(200)}"}` }] });
    await eventually(1000, 'the call is being written', () => waits.length > 1, 5);
    assert.equal([waits[0], waits[1]], [2000, 500]);
    clock.advance(500);
    assert.match((await failed).error.message, 'stopped in the middle of an answer');
  });

  test(`${api}: an answer that stalls is given up after the limit, and what came is said`, async () => {
    const clock = new ManualClock();
    const bench = await ModelBench.open({ api, clock, limits: { connect_ms: 100, first_audio_ms: 2000, idle_ms: 500 } });
    bench.service.fault = { type: 'stall-in-reply', afterMs: 8 };
    bench.service.answers.push({ text: words });
    const parts = bench.start({ text: 'Hello' });
    assert.equal((await within(2000, 'the first', parts.next())).value, { type: 'text', text: 'This is the first sentence.' });
    assert.is(clock.pending, 0, 'while a sentence is spoken, nothing is waited for');
    clock.advance(60_000);
    const next = parts.next();
    const failed = within(2000, 'the failure', next).catch((error: ProviderError) => error);
    await eventually(1000, 'the rest is waited for', () => clock.pending === 1, 1);
    // Pieces that had come may still be read, each of which is waited for anew.
    for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(500);
    const error = (await failed) as ProviderError;
    assert.is(error.code, 'TP_ERR_PROVIDER_TIMEOUT');
    assert.match(error.message, 'stopped in the middle of an answer');
    await eventually(1000, 'the service lost its client', () => bench.service.brokenOff === 1, 5);
  });

  test(`${api}: a connection that is lost in the middle fails the reply after what came`, async () => {
    const bench = await ModelBench.open({ api });
    bench.service.fault = { type: 'close-in-reply', afterMs: 8 };
    const { error, sentences } = await failureOf(bench, { text: words });
    assert.is(error.code, 'TP_ERR_PROVIDER_LOST');
    assert.equal(sentences, ['This is the first sentence.']);
    await recovers(bench);
  });

  test(`${api}: an answer without an end is one that was lost`, async () => {
    const bench = await ModelBench.open({ api });
    const { error, sentences } = await failureOf(bench, { text: words, isTruncated: true });
    assert.is(error.code, 'TP_ERR_PROVIDER_LOST');
    assert.equal(sentences.length, 2);
    await recovers(bench);
  });

  test(`${api}: an event that is no JSON fails the reply`, async () => {
    const bench = await ModelBench.open({ api });
    bench.service.fault = { type: 'garbage-json' };
    const { error, sentences } = await failureOf(bench, { text: words });
    assert.is(error.code, 'TP_ERR_PROVIDER_PROTOCOL');
    assert.equal(sentences, ['This is the first sentence.']);
    await recovers(bench);
  });

  test(`${api}: nothing is ever printed, whatever the SDK is told by the environment`, async () => {
    const printed: unknown[] = [];
    const outs = [process.stdout, process.stderr];
    const writes = outs.map((out) => out.write);
    for (const out of outs) out.write = (text: unknown) => printed.push(text) > 0;
    process.env.OPENAI_LOG = 'debug';
    try {
      for (const raw of ['data: {"secr\n\n', 'event: thread.x\ndata: {"secr\n\n', 'event: error\ndata: {"secr\n\n']) {
        await failureOf(await ModelBench.open({ api }), { raw: [raw] });
      }
      const bench = await ModelBench.open({ api });
      bench.service.fault = { type: 'status', status: 500 };
      await failureOf(bench);
    } finally {
      Reflect.deleteProperty(process.env, 'OPENAI_LOG');
      outs.forEach((out, i) => Object.assign(out, { write: writes[i] }));
    }
    assert.equal(printed, []);
  });

  test(`${api}: an answer without end is stopped`, async () => {
    const bench = await ModelBench.open({ api, tokenMs: 4 });
    bench.service.fault = { type: 'flood' };
    const { error } = await failureOf(bench, { text: '' });
    assert.is(error.code, 'TP_ERR_PROVIDER_PROTOCOL');
    assert.match(error.message, 'does not come to an end');
  });

  test(`${api}: an answer that drips is said as it comes`, async () => {
    const bench = await ModelBench.open({ api });
    bench.service.fault = { type: 'drip' };
    const reply = await bench.reply({ text: 'Hello' }, [{ text: words }]);
    assert.is(reply.sentences.join(' '), words);
    assert.equal(bench.service.violations, []);
  });

  for (const [failure, code] of [
    ['server_error', 'TP_ERR_PROVIDER_LOST'],
    ['rate_limit_exceeded', 'TP_ERR_PROVIDER_BUSY'],
    ['invalid_prompt', 'TP_ERR_PROVIDER_REQUEST'],
    ['my number is 5550199', 'TP_ERR_PROVIDER_LOST'],
  ] as const) {
    test(`${api}: a service that gives up for ${failure.replace(/ .*/, ' something unheard of')} is ${code}`, async () => {
      const bench = await ModelBench.open({ api });
      const { error, sentences } = await failureOf(bench, { text: words, failure });
      assert.is(error.code, code);
      assert.is(sentences.length, 2);
    });
  }

  test(`${api}: an answer that is as long as it may be is said as far as it goes`, async () => {
    const bench = await ModelBench.open({ api });
    const reply = await bench.reply({ text: 'Hello' }, [{ text: 'First this. Then', finish: 'length', usage: { input: 9, cached: 0, output: 4 } }]);
    assert.equal(reply.sentences, ['First this.', 'Then']);
    assert.is(reply.usage.length, 1);
  });

  test(`${api}: an answer that the service's filter ends is said as far as it goes`, async () => {
    const bench = await ModelBench.open({ api });
    const reply = await bench.reply({ text: 'Hello' }, [{ text: 'First this.', finish: 'content_filter' }]);
    assert.equal(reply.sentences, ['First this.']);
  });

  for (const [what, answer, code] of [
    ['as long as it may be', { finish: 'length' }, 'TP_ERR_PROVIDER_REQUEST'],
    ['withheld', { finish: 'content_filter' }, 'TP_ERR_PROVIDER_REQUEST'],
    ['empty', {}, 'TP_ERR_PROVIDER_PROTOCOL'],
    ['all thought', { text: '<think>secret plans' }, 'TP_ERR_PROVIDER_PROTOCOL'],
    ['without a word to say', { text: '** . !' }, 'TP_ERR_PROVIDER_PROTOCOL'],
  ] as const) {
    test(`${api}: an answer that is ${what}, and nothing else, fails the reply: the caller waits for one`, async () => {
      const bench = await ModelBench.open({ api });
      assert.is((await failureOf(bench, answer)).error.code, code);
      await recovers(bench);
    });
  }

  test(`${api}: an answer that is no stream of events is of the wrong protocol`, async () => {
    const bench = await ModelBench.open({ api });
    const { error } = await failureOf(bench, { raw: ['<html>my number is 5550199</html>'] });
    assert.is(error.code, 'TP_ERR_PROVIDER_PROTOCOL');
  });

  test(`${api}: a bill that does not come costs no reply`, async () => {
    const clock = new ManualClock();
    const bench = await ModelBench.open({ api, clock });
    const end =
      api === 'chat'
        ? { choices: [{ index: 0, delta: { content: 'Yes.' }, finish_reason: 'stop' }] }
        : { type: 'response.output_text.delta', delta: 'Yes.' };
    const raw = api === 'chat' ? [end, 'data: {"usa\n\n'] : [end, { type: 'response.completed' }, 'event: x\ndata: {"usa\n\n'];
    const reply = await bench.reply({ text: 'Hello' }, [{ raw }]);
    assert.equal(reply.sentences, ['Yes.']);
    assert.equal(reply.usage, []);
    assert.is(clock.pending, 0);
  });

  test(`${api}: a reply that ends in any way leaves no timer`, async () => {
    const clock = new ManualClock();
    const bench = await ModelBench.open({ api, clock });
    await bench.reply({ text: 'Hello' });
    assert.is(clock.pending, 0);
    const abort = new AbortController();
    bench.service.fault = { type: 'hang' };
    const next = bench.start({ text: 'Hello' }, { signal: abort.signal }).next();
    await eventually(1000, 'it is waited for', () => clock.pending === 1, 1);
    abort.abort();
    assert.is((await within(1000, 'the end', next)).done, true);
    assert.is(clock.pending, 0);
  });

  test(`${api}: a model that is closed in the middle of a reply fails it`, async () => {
    const bench = await ModelBench.open({ api });
    bench.service.fault = { type: 'stall-in-reply', afterMs: 8 };
    bench.service.answers.push({ text: words });
    const parts = bench.start({ text: 'Hello' });
    await within(2000, 'the first sentence', parts.next());
    await bench.model.close();
    const outcome = await within(2000, 'the end', drained(parts));
    assert.is((outcome as ProviderError).code, 'TP_ERR_PROVIDER_LOST');
    await eventually(1000, 'no connection is left', () => bench.service.openConnections === 0, 5);
  });
}

async function drained(parts: AsyncIterator<LlmPart>): Promise<unknown> {
  try {
    await new Reply().take(parts);
    return undefined;
  } catch (error) {
    return error;
  }
}

test.run();
