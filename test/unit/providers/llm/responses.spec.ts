import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AnswerEvent } from '#talkpath/providers/cascade/llm/openai/answer.js';
import { ResponsesReader, responsesRequest } from '#talkpath/providers/cascade/llm/openai/responses.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { toolNamed } from '../../../support/call-context.js';

const settings = { type: 'openai' as const, url: 'https://api.openai.com/v1', api: 'responses' as const, model: 'm', max_output_tokens: 100 };
const question = { instructions: 'Be brief.', entries: [], tools: [], wordsOnly: false };

const read = (...events: unknown[]): AnswerEvent[] => {
  const reader = new ResponsesReader('test');
  return events.flatMap((event) => reader.read(event));
};
const done = (item: unknown): object => ({ type: 'response.output_item.done', output_index: 0, item });

test('a request is stored nowhere, and has nothing that was not set', () => {
  assert.equal(responsesRequest(settings, question), {
    model: 'm',
    instructions: 'Be brief.',
    input: [],
    stream: true,
    store: false,
    max_output_tokens: 100,
  });
});

test('tools are offered with the schemas that they have', () => {
  const tools = [toolNamed('look_up')];
  const open = responsesRequest(settings, { ...question, tools });
  assert.equal(open.tools, [{ type: 'function', ...tools[0], strict: false }]);
  assert.is(responsesRequest(settings, { ...question, tools, wordsOnly: true }).tool_choice, 'none');
});

test('tools that were used follow the words that came before them, each with its output', () => {
  const uses = [1, 2].map((n) => ({ id: `call_${n}`, name: 'look_up', arguments: '{}', answer: `found ${n}` }));
  assert.equal(responsesRequest(settings, { ...question, entries: [{ who: 'agent', text: 'A moment.', uses }] }).input, [
    { role: 'assistant', content: 'A moment.' },
    { type: 'function_call', call_id: 'call_1', name: 'look_up', arguments: '{}' },
    { type: 'function_call', call_id: 'call_2', name: 'look_up', arguments: '{}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'found 1' },
    { type: 'function_call_output', call_id: 'call_2', output: 'found 2' },
  ]);
});

test('words come as they are written, and two messages are two', () => {
  const added = { type: 'response.output_item.added', item: { type: 'message' } };
  assert.equal(
    read(added, { type: 'response.output_text.delta', delta: 'One.' }, added, { type: 'response.refusal.delta', delta: 'Two.' }).map((event) =>
      event.type === 'text' ? event.delta : event.type,
    ),
    ['One.', ' ', 'Two.'],
  );
});

test('a call is taken when it is complete, and told of while it is written', () => {
  assert.equal(
    read(
      { type: 'response.function_call_arguments.delta', delta: '{' },
      done({ type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'one', arguments: '{}' }),
      done({ type: 'reasoning' }),
    ),
    [{ type: 'calling' }, { type: 'call', id: 'call_1', name: 'one', arguments: '{}' }],
  );
});

test('why an answer ended is told, and what it cost', () => {
  const usage = { input_tokens: 100, input_tokens_details: { cached_tokens: 64 }, output_tokens: 20 };
  assert.equal(read({ type: 'response.completed', response: { usage } }), [
    { type: 'ended', why: 'complete' },
    { type: 'usage', usage: { input_text_tokens: 36, cached_text_tokens: 64, output_text_tokens: 20 } },
  ]);
  const incomplete = (reason: unknown): AnswerEvent[] => read({ type: 'response.incomplete', response: { incomplete_details: { reason } } });
  assert.equal(incomplete('max_output_tokens'), [{ type: 'ended', why: 'cut' }]);
  assert.equal(incomplete('content_filter'), [{ type: 'ended', why: 'withheld' }]);
  for (const response of [undefined, null, {}, { usage: null }, { usage: 'much' }])
    assert.equal(read({ type: 'response.completed', response }), [{ type: 'ended', why: 'complete' }]);
});

test('events that nobody needs are passed over', () => {
  for (const event of [
    {},
    { type: 'response.created' },
    { type: 'response.of.tomorrow', delta: 7 },
    { type: 'response.output_text.delta' },
    done(null),
  ])
    assert.equal(read(event), []);
});

test('a service that gives up says so in one of two events, and its words are not repeated', () => {
  const failed = thrownBy(() => read({ type: 'response.failed', response: { error: { code: 'rate_limit_exceeded', message: 'secret' } } }));
  assert.is(failed.code, 'TP_ERR_PROVIDER_BUSY');
  const error = thrownBy(() => read({ type: 'error', code: 'secret', message: 'secret' }));
  assert.is(error.code, 'TP_ERR_PROVIDER_LOST');
  const nested = thrownBy(() => read({ type: 'error', error: { code: 'server_error', message: 'secret' } }));
  assert.match(nested.message, 'server_error');
  for (const { message } of [failed, error]) assert.not.match(message, 'secret');
  for (const event of [
    { type: 'response.failed' },
    { type: 'response.failed', response: { error: null } },
    { type: 'response.failed', response: { error: 'secret' } },
    { type: 'error' },
  ])
    assert.is(thrownBy(() => read(event)).code, 'TP_ERR_PROVIDER_LOST');
});

test('fields of a wrong type are TP_ERR_PROVIDER_PROTOCOL, and name the field and not the value', () => {
  const broken: [string, unknown][] = [
    ['data', 'secret'],
    ['type', { type: 7 }],
    ['delta', { type: 'response.output_text.delta', delta: { secret: 1 } }],
    ['item', done('secret')],
    ['call_id', done({ type: 'function_call', call_id: 7, name: 'one', arguments: '' })],
    ['function name', done({ type: 'function_call', call_id: 'a', name: 7, arguments: '' })],
    ['arguments', done({ type: 'function_call', call_id: 'a', name: 'one', arguments: { secret: 1 } })],
    ['response', { type: 'response.completed', response: 'secret' }],
    ['incomplete_details', { type: 'response.incomplete', response: { incomplete_details: 'secret' } }],
  ];
  for (const [field, event] of broken) {
    const thrown = thrownBy(() => read(event));
    assert.is(thrown.code, 'TP_ERR_PROVIDER_PROTOCOL', field);
    assert.match(thrown.message, `whose ${field} is of type`);
    assert.not.match(thrown.message, 'secret');
  }
});

test('a call without a name, and more calls than sense, break the protocol', () => {
  assert.match(thrownBy(() => read(done({ type: 'function_call', call_id: 'a' }))).message, 'without a name');
  const many = Array.from({ length: 17 }, (_, i) => done({ type: 'function_call', call_id: `call_${i}`, name: 'one', arguments: '{}' }));
  assert.match(thrownBy(() => read(...many)).message, 'more than 16 tools');
});

function thrownBy(work: () => unknown): ProviderError {
  try {
    work();
  } catch (error) {
    assert.instance(error, ProviderError);
    return error as ProviderError;
  }
  throw new Error('nothing was thrown');
}

test.run();
