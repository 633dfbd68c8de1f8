import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LlmKind, OpenAiLlmService } from '#emulators/openai-llm.js';
import { within } from '../../../support/deadline.js';

/** The emulated service refuses what the real one would: else that our client is right would prove nothing. */

let service: OpenAiLlmService;

test.after.each(() => service.close());

async function start(kind: LlmKind = 'openai'): Promise<void> {
  service = new OpenAiLlmService({ kind, key: 'right' });
  await service.listen();
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await within(
    2000,
    'an answer',
    fetch(`${service.url}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer right', 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
  return { status: response.status, text: await response.text() };
}

const user = { role: 'user', content: 'Hello' };
const chat = { model: 'test-model', messages: [user], stream: true };
const responses = { model: 'test-model', input: [user], stream: true, store: false };
const tool = { name: 'look_up', description: 'looks up', parameters: { type: 'object' } };
const calls = [{ id: 'a', type: 'function', function: { name: 'look_up', arguments: '{}' } }];
const asks = { role: 'assistant', content: null, tool_calls: calls };
const result = { role: 'tool', tool_call_id: 'a', content: 'found' };

async function refuses(path: string, body: unknown, param: string, kind: LlmKind = 'openai'): Promise<void> {
  await start(kind);
  const { status, text } = await post(path, body);
  assert.is(status, 400, text);
  assert.match((JSON.parse(text) as { error: { param: string } }).error.param, param);
  assert.is(service.violations.length, 1);
}

const chatFaults: readonly (readonly [what: string, change: object, param: string])[] = [
  ['messages', { messages: [] }, 'messages'],
  ['a role that there is', { messages: [{ role: 'robot', content: 'Hi' }] }, 'role'],
  ['words', { messages: [{ role: 'user', content: '' }] }, 'content'],
  ['a known field', { max_words: 5 }, 'max_words'],
  ['the new name of the limit', { max_tokens: 5 }, 'max_tokens'],
  ['a temperature', { temperature: 3 }, 'temperature'],
  ['a stream', { stream: false }, 'stream'],
  ['tools', { tools: [] }, 'tools'],
  ['tools of the form of this API', { tools: [{ type: 'function', ...tool }] }, 'tools'],
  ['tools to choose from', { tool_choice: 'none' }, 'tool_choice'],
  ['a call before its result', { messages: [user, result] }, 'messages[1]'],
  ['a result after its call', { messages: [user, asks, user] }, 'messages[2]'],
  ['a result of the last call', { messages: [user, asks] }, 'messages'],
  ['a result of that very call', { messages: [user, asks, { ...result, tool_call_id: 'b' }] }, 'messages[2]'],
  [
    'arguments that are JSON',
    { messages: [user, { ...asks, tool_calls: [{ ...calls[0], function: { name: 'x', arguments: '{' } }] }, result] },
    'arguments',
  ],
];
for (const [what, change, param] of chatFaults)
  test(`chat completions want ${what}`, () => refuses('/v1/chat/completions', { ...chat, ...change }, param));

test('a server of an open model wants caller and agent by turns, and the old name of the limit', async () => {
  await refuses('/v1/chat/completions', { ...chat, messages: [user, user] }, 'messages[1]', 'compatible');
  await service.close();
  await refuses('/v1/chat/completions', { ...chat, messages: [{ role: 'assistant', content: 'Hello' }] }, 'messages[0]', 'compatible');
  await service.close();
  await refuses('/v1/chat/completions', { ...chat, max_completion_tokens: 5 }, 'max_completion_tokens', 'compatible');
});

const call = { type: 'function_call', call_id: 'a', name: 'look_up', arguments: '{}' };
const responsesFaults: readonly (readonly [what: string, change: object, param: string])[] = [
  ['an input', { input: [] }, 'input'],
  ['not to store', { store: undefined }, 'store'],
  ['a limit that can be kept', { max_output_tokens: 5 }, 'max_output_tokens'],
  ['no field of the other API', { messages: [user] }, 'messages'],
  ['tools of the form of this API', { tools: [{ type: 'function', function: tool }] }, 'tools'],
  ['schemas that are strict, or said not to be', { tools: [{ type: 'function', ...tool }] }, 'tools'],
  ['a call before its output', { input: [user, { type: 'function_call_output', call_id: 'a', output: '' }] }, 'input[1]'],
  ['an output after its call', { input: [user, call] }, 'input'],
  ['no items of the service', { input: [user, { ...call, id: 'fc_1' }] }, 'input[1]'],
];
for (const [what, change, param] of responsesFaults)
  test(`the Responses API wants ${what}`, () => refuses('/v1/responses', { ...responses, ...change }, param));

test('a wrong key, model, path, content and body are refused, and remembered', async () => {
  await start();
  assert.is((await post('/v1/chat/completions', chat, { authorization: 'Bearer wrong' })).status, 401);
  assert.is((await post('/v1/chat/completions', { ...chat, model: 'other' })).status, 404);
  assert.is((await post('/v1/completions', chat)).status, 404);
  assert.is((await post('/v1/chat/completions?x=1', chat)).status, 404);
  assert.is((await post('/v1/chat/completions', chat, { 'content-type': 'text/plain' })).status, 415);
  assert.is((await post('/v1/chat/completions', '{')).status, 400);
  assert.is((await post('/v1/chat/completions', '[]')).status, 400);
  assert.is(service.violations.length, 7);
});

test('what is right is answered in the form of each API', async () => {
  await start();
  service.answers.push({ text: 'Hello there.', usage: { input: 5, cached: 0, output: 3 } }, { text: 'Hello there.' });
  const completion = await post('/v1/chat/completions', { ...chat, stream_options: { include_usage: true } });
  assert.match(completion.text, /^data: \{"id":"chatcmpl-1".*"role":"assistant"/);
  assert.match(completion.text, /"finish_reason":"stop".*\n\ndata: .*"choices":\[\],"usage":\{"prompt_tokens":5.*\n\ndata: \[DONE\]\n\n$/);
  const response = await post('/v1/responses', responses);
  assert.match(response.text, /^event: response\.created\ndata: /);
  assert.match(response.text, /event: response\.output_text\.delta\n/);
  assert.match(response.text, /event: response\.completed\ndata: [^\n]*\n\n$/);
  assert.equal(service.violations, []);
});

test('usage is told only to who asks for it', async () => {
  await start();
  service.answers.push({ text: 'Hello.', usage: { input: 5, cached: 0, output: 3 } });
  assert.not.match((await post('/v1/chat/completions', chat)).text, 'usage');
});

test.run();
