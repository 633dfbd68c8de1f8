import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '#talkpath/base/clock.js';
import { createOpenAiModel } from '#talkpath/providers/cascade/llm/openai/model.js';
import type { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { eventually, within } from '../../../support/deadline.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { closeBenches, ModelBench, testKey } from '../../../support/model-bench.js';

test.after.each(closeBenches);

const probe = (bench: ModelBench, signal = new AbortController().signal): Promise<void> =>
  within(2000, 'an outcome', bench.model.probe?.(signal) ?? Promise.reject(new Error('there is no probe')));

async function refusal(bench: ModelBench): Promise<ProviderError> {
  return probe(bench).then(
    () => Promise.reject(new Error('it did not fail')),
    (error: ProviderError) => error,
  );
}

test('a service that lists its models is alive', async () => {
  const bench = await ModelBench.open();
  await probe(bench);
  assert.equal(bench.service.violations, []);
});

test('a service without a list is alive', async () => {
  await probe(await ModelBench.open({ hasModelList: false }));
});

test("a server of one's own is asked without a key", async () => {
  const bench = await ModelBench.open({ key: undefined, settings: { api_key: undefined } });
  await probe(bench);
  assert.equal(bench.service.violations, []);
});

test('a key that is not taken is refused, and not repeated', async () => {
  const error = await refusal(await ModelBench.open({ key: 'another' }));
  assert.is(error.code, 'TP_ERR_PROVIDER_REFUSED');
  assert.not.match(error.message, testKey);
});

for (const [status, code] of [
  [403, 'TP_ERR_PROVIDER_REFUSED'],
  [429, 'TP_ERR_PROVIDER_BUSY'],
  [500, 'TP_ERR_PROVIDER_CONNECT'],
  [503, 'TP_ERR_PROVIDER_BUSY'],
] as const) {
  test(`a service that answers ${status} is not there: ${code}`, async () => {
    const bench = await ModelBench.open();
    bench.service.fault = { type: 'status', status };
    assert.is((await refusal(bench)).code, code);
  });
}

test('a service that is not there is not alive', async () => {
  const bench = await ModelBench.open();
  await bench.service.close();
  assert.is((await refusal(bench)).code, 'TP_ERR_PROVIDER_CONNECT');
});

test('a service that does not answer is waited for as long as a connection may take', async () => {
  const clock = new ManualClock();
  const bench = await ModelBench.open({ clock, limits: { connect_ms: 700, first_audio_ms: 5000, idle_ms: 500 } });
  bench.service.fault = { type: 'hang' };
  const refused = refusal(bench);
  await eventually(1000, 'it is asked', () => bench.service.openConnections === 1, 5);
  clock.advance(699);
  assert.is(clock.pending, 1);
  clock.advance(1);
  assert.is((await refused).code, 'TP_ERR_PROVIDER_TIMEOUT');
  await eventually(1000, 'the connection is gone', () => bench.service.openConnections === 0, 5);
});

test('a question that is given up rejects, and leaves nothing', async () => {
  const clock = new ManualClock();
  const bench = await ModelBench.open({ clock });
  bench.service.fault = { type: 'hang' };
  const abort = new AbortController();
  const outcome = probe(bench, abort.signal).catch((error: unknown) => error);
  await eventually(1000, 'it is asked', () => bench.service.openConnections === 1, 5);
  abort.abort();
  assert.instance(await outcome, Error);
  assert.is(clock.pending, 0);
  await eventually(1000, 'the connection is gone', () => bench.service.openConnections === 0, 5);
});

test('what calls bring to be said first is known in advance, sentence by sentence', async () => {
  const settings = { type: 'openai', url: 'http://127.0.0.1:9/v1', api: 'chat', model: 'm', max_output_tokens: 100 } as const;
  const model = createOpenAiModel(settings, systemClock, { greetings: ['Hello. How can I help?', 'Hello. Who is calling?', ''] });
  assert.equal(model.knownSentences, ['Hello.', 'How can I help?', 'Who is calling?']);
  await model.close();
  assert.equal(createOpenAiModel(settings, systemClock).knownSentences, []);
});

test('a slash at the end of the address is one too many', async () => {
  const bench = await ModelBench.open();
  const model = createOpenAiModel(
    { type: 'openai', url: `${bench.service.url}/v1/`, api_key: testKey, api: 'chat', model: 'test-model', max_output_tokens: 100 },
    systemClock,
  );
  await model.probe?.(new AbortController().signal);
  await model.close();
  assert.equal(bench.service.violations, []);
});

test('calls of one model do not know of each other', async () => {
  const bench = await ModelBench.open({ call: { prompt: 'Be Robin.' } });
  await bench.reply({ text: 'I am Anna' });
  const other = await ModelBench.open();
  await other.reply({ text: 'I am Bob' });
  await bench.reply({ text: 'Who am I?' });
  assert.equal(bench.told, ['user: I am Anna', 'assistant: Yes.', 'user: Who am I?']);
});

test.run();
