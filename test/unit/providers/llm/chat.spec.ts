import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AnswerEvent } from '#talkpath/providers/cascade/llm/openai/answer.js';
import { ChatReader, chatRequest } from '#talkpath/providers/cascade/llm/openai/chat.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { toolNamed } from '../../../support/call-context.js';

const settings = { type: 'openai' as const, url: 'https://api.openai.com/v1', api: 'chat' as const, model: 'm', max_output_tokens: 100 };
const question = { instructions: 'Be brief.', entries: [], tools: [], wordsOnly: false };

/** The events of one answer, chunk by chunk. */
const read = (...chunks: unknown[]): AnswerEvent[] => {
  const reader = new ChatReader('test');
  return chunks.flatMap((chunk) => reader.read(chunk)).filter(({ type }) => type !== 'calling');
};
const delta = (fields: object, finish_reason: unknown = null): object => ({ choices: [{ index: 0, delta: fields, finish_reason }] });
const call = (fields: object): object => delta({ tool_calls: [fields] });
const ended = { type: 'ended', why: 'complete' } as const;

test('OpenAI is told the limit by its new name, and every other server by the old one', () => {
  for (const url of ['https://api.openai.com/v1', 'https://me.openai.azure.com/openai/v1']) {
    const request = chatRequest({ ...settings, url }, question);
    assert.is(request.max_completion_tokens, 100);
    assert.is(request.max_tokens, undefined);
  }
  for (const url of ['http://localhost:11434/v1', 'https://api.groq.com/openai/v1', 'https://notopenai.com/v1', 'https://openai.com.example/v1']) {
    const request = chatRequest({ ...settings, url }, question);
    assert.is(request.max_tokens, 100);
    assert.is(request.max_completion_tokens, undefined);
  }
});

test('a request has the instructions first, and nothing that was not set', () => {
  assert.equal(chatRequest(settings, question), {
    model: 'm',
    messages: [{ role: 'system', content: 'Be brief.' }],
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 100,
  });
});

test('tools are offered, and refused when words are wanted', () => {
  const tools = [toolNamed('look_up')];
  const open = chatRequest(settings, { ...question, tools });
  assert.equal(open.tools, [{ type: 'function', function: tools[0] }]);
  assert.is(open.tool_choice, undefined);
  assert.is(chatRequest(settings, { ...question, tools, wordsOnly: true }).tool_choice, 'none');
  assert.is(chatRequest(settings, { ...question, wordsOnly: true }).tool_choice, undefined);
});

test('tools that were used stand in the messages, each with its result', () => {
  const uses = [{ id: 'call_1', name: 'look_up', arguments: '{}', answer: 'found' }];
  const { messages } = chatRequest(settings, { ...question, entries: [{ who: 'agent', text: '', uses }] });
  assert.equal(messages.slice(1), [
    { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{}' } }] },
    { role: 'tool', tool_call_id: 'call_1', content: 'found' },
  ]);
});

test('words come as they are written, refusals too, and what is null or empty is nothing', () => {
  assert.equal(
    read(delta({ role: 'assistant', content: '' }), delta({ content: 'Hel' }), delta({ content: null, refusal: 'lo' }), delta({}, 'stop')),
    [{ type: 'text', delta: 'Hel' }, { type: 'text', delta: 'lo' }, ended],
  );
});

test('a call comes in pieces, and is complete at the end', () => {
  assert.equal(
    read(
      call({ index: 0, id: 'a', type: 'function', function: { name: 'one', arguments: '' } }),
      call({ index: 0, function: { arguments: '{"x"' } }),
      call({ index: 1, id: 'b', function: { name: 'two', arguments: '{}' } }),
      call({ index: 0, function: { arguments: ':1}' } }),
      delta({}, 'tool_calls'),
    ),
    [{ type: 'call', id: 'a', name: 'one', arguments: '{"x":1}' }, { type: 'call', id: 'b', name: 'two', arguments: '{}' }, ended],
  );
});

test('while a call is written, that much is told', () => {
  const reader = new ChatReader('test');
  assert.equal(reader.read(call({ index: 0, id: 'a', function: { name: 'one', arguments: '{' } })), [{ type: 'calling' }]);
});

test('calls that a server numbers alike, or not at all, are told apart by their identifiers', () => {
  for (const index of [{ index: 0 }, {}]) {
    const calls = read(
      call({ ...index, id: 'a', function: { name: 'one', arguments: '{}' } }),
      call({ ...index, id: 'b', function: { name: 'two', arguments: '{' } }),
      call({ ...index, function: { arguments: '}' } }),
      delta({}, 'stop'),
    );
    assert.equal(calls.slice(0, 2), [
      { type: 'call', id: 'a', name: 'one', arguments: '{}' },
      { type: 'call', id: 'b', name: 'two', arguments: '{}' },
    ]);
  }
});

test('why an answer ended is told', () => {
  const whyOf = (reason: string): unknown => (read(delta({}, reason)).at(-1) as { why?: unknown }).why;
  assert.is(whyOf('length'), 'cut');
  assert.is(whyOf('content_filter'), 'withheld');
  for (const reason of ['stop', 'tool_calls', 'function_call', 'eos']) assert.is(whyOf(reason), 'complete');
});

test('what comes after the end, or of another choice, counts for nothing', () => {
  assert.equal(read(delta({}, 'stop'), delta({ content: 'more' }, 'stop')), [ended]);
  assert.equal(read({ choices: [{ index: 1, delta: { content: 'other' }, finish_reason: 'stop' }] }), []);
});

test('usage tells cached and uncached tokens apart', () => {
  const usage = { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 64 } };
  assert.equal(read({ choices: [], usage }), [{ type: 'usage', usage: { input_text_tokens: 36, cached_text_tokens: 64, output_text_tokens: 20 } }]);
});

test('an odd bill is read as far as it can be', () => {
  const none = { input_text_tokens: 0, cached_text_tokens: 0, output_text_tokens: 0 };
  for (const usage of [
    {},
    { prompt_tokens: 'many', completion_tokens: -3, prompt_tokens_details: null },
    { prompt_tokens_details: { cached_tokens: 5 } },
  ])
    assert.equal(read({ choices: [], usage }), [{ type: 'usage', usage: none }]);
  for (const usage of [null, undefined, 7, 'text']) assert.equal(read({ choices: [], usage }), []);
});

test('events without what is wanted are passed over', () => {
  for (const chunk of [{}, { choices: null }, { choices: [] }, { choices: [{}] }, { choices: [null] }, { choices: [{ delta: null }] }])
    assert.equal(read(chunk), []);
});

test('fields of a wrong type are TP_ERR_PROVIDER_PROTOCOL, and name the field and not the value', () => {
  const broken: [string, unknown][] = [
    ['data', 'secret'],
    ['data', ['secret']],
    ['choices', { choices: 'secret' }],
    ['choice', { choices: ['secret'] }],
    ['delta', { choices: [{ delta: 'secret' }] }],
    ['content', delta({ content: 7 })],
    ['content', delta({ content: [{ text: 'secret' }] })],
    ['refusal', delta({ refusal: {} })],
    ['tool_calls', delta({ tool_calls: 'secret' })],
    ['tool call', delta({ tool_calls: ['secret'] })],
    ['function', call({ index: 0, function: 'secret' })],
    ['id', call({ index: 0, id: 7 })],
    ['function name', call({ index: 0, function: { name: {} } })],
    ['arguments', call({ index: 0, function: { name: 'one', arguments: { secret: 1 } } })],
    ['finish_reason', delta({}, 7)],
  ];
  for (const [field, chunk] of broken) {
    const thrown = thrownBy(() => read(chunk));
    assert.is(thrown.code, 'TP_ERR_PROVIDER_PROTOCOL', field);
    assert.match(thrown.message, `whose ${field} is of type`);
    assert.not.match(thrown.message, 'secret');
  }
});

test('a service that gives up says so in the place of choices, and its words are not repeated', () => {
  const codeOf = (error: unknown): string => {
    const thrown = thrownBy(() => read({ error }));
    assert.not.match(thrown.message, 'secret');
    return thrown.code;
  };
  assert.is(codeOf({ code: 'rate_limit_exceeded', message: 'secret' }), 'TP_ERR_PROVIDER_BUSY');
  assert.is(codeOf({ code: null, type: 'insufficient_quota', message: 'secret' }), 'TP_ERR_PROVIDER_BUSY');
  for (const error of [{ code: 'secret' }, { code: 7 }, { code: 'constructor' }, 'secret', ['secret']])
    assert.is(codeOf(error), 'TP_ERR_PROVIDER_LOST');
  assert.equal(read({ error: null }), []);
});

test('a call without a name, and more calls than sense, break the protocol', () => {
  assert.match(thrownBy(() => read(call({ index: 0, id: 'a', function: { arguments: '{}' } }), delta({}, 'stop'))).message, 'without a name');
  const many = Array.from({ length: 17 }, (_, index) => ({ index, id: `call_${index}`, function: { name: 'one' } }));
  assert.match(thrownBy(() => read(delta({ tool_calls: many }))).message, 'more than 16 tools');
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
