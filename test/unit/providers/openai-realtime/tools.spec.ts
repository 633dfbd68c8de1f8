import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mostToolRounds } from '#talkpath/base/tool-bounds.js';
import { type Bench, checked } from './bench.js';

const check = checked(test);
const order = '{"order":"A12"}';

const outputs = (bench: Bench): string[] =>
  bench.service.session.conversation.items.filter(({ type }) => type === 'function_call_output').map(({ text }) => text);

check('a tool is called, and what comes of it is spoken of in the same turn', async (bench) => {
  bench.service.answers.push(
    {
      parts: [
        { say: 'One moment.', ms: 200 },
        { call: 'lookup', arguments: order },
      ],
    },
    { parts: [{ say: 'It is on its way.', ms: 300 }] },
  );
  const session = await bench.open();
  session.requestReply(3, 'caller', false);
  const call = await bench.event('tool-call');
  assert.equal({ ...call, id: '' }, { type: 'tool-call', turn: 3, id: '', name: 'lookup', arguments: { order: 'A12' } });
  await bench.sent('response.done');
  assert.equal(bench.eventsOf('reply-ended'), []);
  session.answerTool(call.id, { text: '{"state":"sent"}', isSpokenOf: true });
  await bench.event('reply-ended', { turn: 3 });
  assert.is(bench.said(3), 'One moment. It is on its way.');
  assert.is(bench.heardMs(3), 500);
  assert.equal(outputs(bench), ['{"state":"sent"}']);
  assert.is(bench.eventsOf('timing').length, 1);
  const sent = bench.service.received.map(({ type }) => type);
  assert.equal(sent.slice(-3), ['response.create', 'conversation.item.create', 'response.create']);
});

check('a tool that the model was not told of is answered at once, and nobody is told of it', async (bench) => {
  bench.service.answers.push(
    {
      parts: [
        { say: 'One moment.', ms: 200 },
        { call: 'transfer', arguments: '{"to":"kitchen"}' },
      ],
    },
    { parts: [{ say: 'I cannot do that.', ms: 300 }] },
  );
  const session = await bench.open();
  session.requestReply(1, 'caller', false);
  await bench.event('reply-ended', { turn: 1 });
  assert.equal(bench.eventsOf('tool-call'), []);
  assert.equal(outputs(bench), ['{"error":"Nothing was done: there is no tool of that name."}']);
  assert.is(bench.said(1), 'One moment. I cannot do that.');
});

for (const [what, part] of [
  ['calls of tools', { call: 'lookup', arguments: order }],
  ['messages', { say: 'Well.', ms: 20 }],
] as const) {
  check(`a response with endless ${what} ends the session`, async (bench) => {
    bench.service.answers.push({ parts: Array.from({ length: 300 }, () => part) });
    const session = await bench.open();
    session.requestReply(1, 'caller', false);
    const { turn, code, message } = await bench.event('failed');
    assert.equal([turn, code], [undefined, 'TP_ERR_PROVIDER_PROTOCOL']);
    assert.match(message, /does not come to an end/);
    assert.ok(bench.eventsOf('tool-call').length <= 64);
    assert.is(bench.events.at(-1)?.type, 'failed');
  });
}

check('as many tools as a response can need are called', async (bench) => {
  bench.service.answers.push({ parts: Array.from({ length: 64 }, () => ({ call: 'lookup', arguments: order })) });
  const session = await bench.open();
  session.requestReply(1, 'caller', false);
  await bench.event('tool-call', { count: 64 });
  await bench.sent('response.done');
  await bench.caughtUp();
  assert.equal(bench.eventsOf('failed'), []);
});

check('a tool that nothing is said about ends the reply', async (bench) => {
  bench.service.answers.push({
    parts: [
      { say: 'Goodbye!', ms: 200 },
      { call: 'hang_up', arguments: '{}' },
    ],
  });
  const session = await bench.open();
  session.requestReply(1, 'caller', false);
  const { id } = await bench.event('tool-call');
  session.answerTool(id, { text: 'done', isSpokenOf: false });
  await bench.event('reply-ended');
  await bench.received('conversation.item.create');
  assert.equal(outputs(bench), ['done']);
  assert.is(bench.service.receivedOf('response.create').length, 1);
});

check('an answer that comes at once waits until the call is part of the conversation', async (bench) => {
  bench.service.answers.push({
    parts: [
      { call: 'lookup', arguments: order },
      { say: 'I am looking.', ms: 200 },
    ],
  });
  const session = await bench.open();
  session.requestReply(1, 'caller', false);
  const { id } = await bench.event('tool-call');
  session.answerTool(id, { text: 'found', isSpokenOf: true });
  await bench.event('reply-ended');
  assert.equal(outputs(bench), ['found']);
  assert.is(bench.said(1), 'I am looking. Hello, how can I help?');
});

check('a reply goes on when all of its tools have answered, if one of them is to be spoken of', async (bench) => {
  bench.service.answers.push({
    parts: [
      { call: 'lookup', arguments: order },
      { call: 'note', arguments: '' },
    ],
  });
  const session = await bench.open();
  session.requestReply(1, 'caller', false);
  const second = await bench.event('tool-call', { count: 2 });
  const [first] = bench.eventsOf('tool-call');
  assert.equal(second.arguments, {});
  await bench.sent('response.done');
  session.answerTool(first?.id ?? '', { text: 'found', isSpokenOf: true });
  await bench.received('conversation.item.create');
  assert.is(bench.service.receivedOf('response.create').length, 1);
  session.answerTool(second.id, { text: 'noted', isSpokenOf: false });
  await bench.event('reply-ended');
  assert.equal(outputs(bench), ['found', 'noted']);
  assert.is(bench.service.receivedOf('response.create').length, 2);
});

for (const [what, written] of [
  ['no JSON', '{"order":'],
  ['no object', '["A12"]'],
] as const) {
  check(`arguments that are ${what} are told to the model, and to nobody else`, async (bench) => {
    bench.service.answers.push({ parts: [{ call: 'lookup', arguments: written }] });
    const session = await bench.open();
    session.requestReply(1, 'caller', false);
    await bench.event('reply-ended');
    assert.equal(bench.eventsOf('tool-call'), []);
    assert.match(outputs(bench)[0] ?? '', /no JSON object/);
    assert.is(bench.said(1), 'Hello, how can I help?');
  });
}

check('what came of a tool is told to the model even if the reply is over, and no response is asked for', async (bench) => {
  bench.service.answers.push({
    parts: [
      { say: 'One moment.', ms: 200 },
      { call: 'lookup', arguments: order },
    ],
  });
  const session = await bench.open();
  session.requestReply(1, 'caller', false);
  const { id } = await bench.event('tool-call');
  await bench.sent('response.done');
  session.cancelReply(1, { ms: 200, text: 'One moment.' });
  session.answerTool(id, { text: 'found', isSpokenOf: true });
  await bench.received('conversation.item.create');
  session.requestReply(2, 'caller', false);
  await bench.event('reply-ended', { turn: 2 });
  assert.equal(outputs(bench), ['found']);
  assert.is(bench.service.receivedOf('response.create').length, 2);
  assert.equal(bench.eventsOf('reply-ended').length, 1);
});

check('what came of a tool while the next reply comes is told to the model, and does not disturb that', async (bench) => {
  bench.service.answers.push({ parts: [{ call: 'lookup', arguments: order }] }, { parts: [{ say: 'Go on, please, I listen.', ms: 1500 }] });
  const session = await bench.open();
  session.requestReply(1, 'caller', false);
  const { id } = await bench.event('tool-call');
  await bench.sent('response.done');
  session.cancelReply(1, { ms: 0, text: '' });
  session.requestReply(2, 'caller', false);
  await bench.event('reply-audio', { turn: 2 });
  session.answerTool(id, { text: 'found', isSpokenOf: true });
  await bench.event('reply-ended', { turn: 2 });
  assert.equal(outputs(bench), ['found']);
  assert.is(bench.heardMs(2), 1500);
  assert.is(bench.service.receivedOf('response.create').length, 2);
});

check('a tool that is called after the reply was cut is not told of, and the model forgets that it called it', async (bench) => {
  bench.service.fault = { type: 'ignore-cancel' };
  bench.service.answers.push({
    parts: [
      { say: 'One moment.', ms: 800 },
      { call: 'lookup', arguments: order },
    ],
  });
  const session = await bench.open();
  session.requestReply(1, 'caller', false);
  await bench.event('reply-audio');
  session.cancelReply(1, { ms: 60, text: '' });
  session.requestReply(2, 'caller', false);
  await bench.event('reply-ended', { turn: 2 });
  assert.equal(bench.eventsOf('tool-call'), []);
  assert.equal(
    bench.service.session.conversation.items.filter(({ type }) => type === 'function_call'),
    [],
  );
});

check('an answer to no call, or a second one, changes nothing', async (bench) => {
  bench.service.answers.push({ parts: [{ call: 'lookup', arguments: order }] });
  const session = await bench.open();
  session.answerTool('nothing', { text: 'x', isSpokenOf: true });
  session.requestReply(1, 'caller', false);
  const { id } = await bench.event('tool-call');
  for (let i = 0; i < 2; i += 1) session.answerTool(id, { text: 'found', isSpokenOf: true });
  await bench.event('reply-ended');
  assert.equal(outputs(bench), ['found']);
});

check('a model that asks for tools without end is given up', async (bench) => {
  for (let round = 0; round < 9; round += 1) bench.service.answers.push({ parts: [{ call: 'lookup', arguments: order }] });
  const session = await bench.open();
  bench.onEvent = (event) => {
    if (event.type === 'tool-call') session.answerTool(event.id, { text: 'try again', isSpokenOf: true });
  };
  session.requestReply(1, 'no-input', false);
  const { turn, code, retryable } = await bench.event('failed');
  assert.equal([turn, code, retryable], [1, 'TP_ERR_PROVIDER_PROTOCOL', true]);
  const requests = bench.service.receivedOf('response.create').map(({ response }) => response as { readonly tool_choice?: string });
  assert.equal(
    requests.map(({ tool_choice }) => tool_choice),
    [...Array(mostToolRounds - 1).fill(undefined), 'none'],
  );
  assert.equal(bench.eventsOf('reply-ended'), []);
});

check('calls that nobody can understand have an end as well', async (bench) => {
  for (let round = 0; round < 9; round += 1) bench.service.answers.push({ parts: [{ call: 'lookup', arguments: '[' }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('failed', { turn: 1 });
  assert.is(bench.service.receivedOf('response.create').length, mostToolRounds);
});

check('a tool that nothing is said about ends a reply without a sound', async (bench) => {
  bench.service.answers.push({ parts: [{ call: 'hang_up', arguments: '{}' }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', true);
  const { id } = await bench.event('tool-call');
  session.answerTool(id, { text: 'done', isSpokenOf: false });
  await bench.event('reply-ended', { turn: 1 });
  assert.equal(bench.eventsOf('failed'), []);
});

test.run();
