import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cutBefore } from '#talkpath/providers/call-facts.js';
import { eventually } from '../../../support/deadline.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { type Bench, checked } from './bench.js';

const check = checked(test);
const unheard = { ms: 0, text: '' };

/** The agent's messages in the conversation, with the audio that is left of each. */
const agentItems = (bench: Bench): string[] =>
  bench.service.session.conversation.items.filter(({ role }) => role === 'assistant').map(({ audioMs }) => `${audioMs} ms`);

const eventsOfTurn = (bench: Bench, turn: number): number => bench.events.filter((event) => 'turn' in event && event.turn === turn).length;

check('a reply that is cut stops, and only what was heard of it stays in the conversation', async (bench) => {
  bench.service.answers.push({ parts: [{ say: 'A long story begins.', ms: 10_000 }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio', { count: 5 });
  session.cancelReply(1, { ms: 240, text: 'A' });
  const known = eventsOfTurn(bench, 1);
  session.requestReply(2, 'no-input', false);
  await bench.event('reply-ended', { turn: 2 });
  assert.is(eventsOfTurn(bench, 1), known, 'nothing more is told of the turn');
  assert.equal(agentItems(bench), ['240 ms', '400 ms']);
  assert.is(bench.service.receivedOf('response.cancel').length, 1);
  const order = bench.service.received.map(({ type }) => type);
  assert.ok(order.indexOf('response.cancel') < order.indexOf('conversation.item.truncate'));
});

check('that less was heard of the words before it took over is told to the model', async (bench) => {
  bench.service.answers.push({ parts: [{ say: 'And so on.', ms: 5000 }] });
  const session = await bench.open({ history: [{ who: 'agent', text: 'one two three four' }] });
  session.requestReply(1, 'resume', false);
  await bench.event('reply-audio');
  session.cancelReply(1, { ...unheard, before: 'one two' });
  const item = { type: 'message', role: 'system', content: [{ type: 'input_text', text: cutBefore('one two') }] };
  await eventually(2000, 'the note', () => bench.service.receivedOf('conversation.item.create').length === 2, 5);
  assert.equal(bench.service.receivedOf('conversation.item.create').at(-1)?.item, item);
});

check('more than has come of a reply cannot have been heard of it', async (bench) => {
  bench.service.pace = 1;
  bench.service.answers.push({ parts: [{ say: 'A long story begins.', ms: 10_000 }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio', { count: 2 });
  const had = bench.heardMs(1);
  session.cancelReply(1, { ms: 60_000, text: '' });
  assert.is((await bench.received('conversation.item.truncate')).audio_end_ms, had);
});

check('a reply that was cut before anything of it was heard leaves nothing in the conversation', async (bench) => {
  bench.service.answers.push({ parts: [{ say: 'A long story begins.', ms: 10_000 }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio', { count: 2 });
  session.cancelReply(1, unheard);
  await bench.received('conversation.item.delete');
  await bench.sent('response.done');
  assert.equal(agentItems(bench), []);
  assert.is(bench.service.receivedOf('conversation.item.truncate').length, 0);
});

check('a reply that is cut before its response has begun is cancelled as soon as it begins', async (bench) => {
  bench.service.createMs = 60;
  bench.service.firstAudioMs = 0;
  bench.service.answers.push({ parts: [{ say: 'A long story begins.', ms: 10_000 }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.received('response.create');
  session.cancelReply(1, unheard);
  session.requestReply(2, 'no-input', false);
  await bench.event('reply-ended', { turn: 2 });
  assert.is(eventsOfTurn(bench, 1), 0);
  assert.is(bench.service.receivedOf('response.cancel').length, 1);
  assert.equal(agentItems(bench), ['400 ms'], 'what came of it nevertheless is deleted');
});

check('a reply that has wholly come is cut without anything to cancel', async (bench) => {
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-ended', { turn: 1 });
  session.cancelReply(1, { ms: 150, text: 'Hello,' });
  await bench.received('conversation.item.truncate');
  assert.equal(agentItems(bench), ['150 ms']);
  assert.is(bench.service.receivedOf('response.cancel').length, 0);
});

check('a reply that was heard to its end stays as it is', async (bench) => {
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-ended', { turn: 1 });
  session.cancelReply(1, { ms: 400, text: 'Hello, how can I help?' });
  session.requestReply(2, 'no-input', false);
  await bench.event('reply-ended', { turn: 2 });
  assert.equal(agentItems(bench), ['400 ms', '400 ms']);
  assert.is(bench.service.received.filter(({ type }) => type.startsWith('conversation.item')).length, 0);
});

check('what was heard is laid along the items of a reply: whole ones stay, one is cut, the rest is deleted', async (bench) => {
  bench.service.answers.push({
    parts: [
      { say: 'One moment.', ms: 300 },
      { say: 'I look it up.', ms: 500 },
      { say: 'Here it is.', ms: 400 },
    ],
  });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-ended', { turn: 1 });
  session.cancelReply(1, { ms: 420, text: 'One moment. I' });
  await bench.received('conversation.item.delete');
  assert.equal(agentItems(bench), ['300 ms', '120 ms']);
});

check('a reply that takes the place of another waits until the service has ended that', async (bench) => {
  bench.service.answers.push({ parts: [{ say: 'A long story begins.', ms: 10_000 }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio');
  session.requestReply(2, 'no-input', false);
  const known = eventsOfTurn(bench, 1);
  await bench.event('reply-ended', { turn: 2 });
  assert.is(eventsOfTurn(bench, 1), known);
});

check('of several replies that are asked for in a row only the last is made', async (bench) => {
  bench.service.answers.push({ parts: [{ say: 'A long story begins.', ms: 10_000 }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio');
  for (const turn of [2, 3, 4]) {
    session.cancelReply(turn - 1, unheard);
    session.requestReply(turn, 'no-input', false);
  }
  await bench.event('reply-ended', { turn: 4 });
  assert.is(bench.service.receivedOf('response.create').length, 2);
});

check('a turn that is not the one at hand cannot be cancelled', async (bench) => {
  const session = await bench.open();
  session.cancelReply(1, unheard);
  session.requestReply(2, 'no-input', false);
  session.cancelReply(1, unheard);
  session.cancelReply(3, unheard);
  await bench.event('reply-ended', { turn: 2 });
  assert.is(bench.service.receivedOf('response.cancel').length, 0);
});

check('a service that goes on with what was cancelled is not heard, and a reply that waits for it is given up with the session', async (bench) => {
  const clock = new ManualClock();
  bench.clock = clock;
  bench.service.fault = { type: 'ignore-cancel' };
  bench.service.answers.push({ parts: [{ say: 'A long story begins.', ms: 60_000 }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio');
  session.cancelReply(1, { ms: 40, text: '' });
  const known = bench.events.length;
  await bench.received('conversation.item.truncate');
  const delta = 'response.output_audio.delta';
  const sent = bench.service.sent.filter(({ type }) => type === delta).length;
  await bench.sent(delta, sent + 5);
  session.requestReply(2, 'no-input', false);
  clock.advance(1499);
  assert.is(bench.events.length, known);
  clock.advance(1);
  assert.equal(bench.events.slice(known), [
    { type: 'failed', code: 'TP_ERR_PROVIDER_TIMEOUT', message: 'openai did not end a response that was cancelled', retryable: true },
  ]);
});

check('a response that has not begun may take as long to begin as any, cancelled or not', async (bench) => {
  const clock = new ManualClock();
  bench.clock = clock;
  bench.service.createMs = 50;
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.received('response.create');
  session.cancelReply(1, unheard);
  session.requestReply(2, 'no-input', false);
  clock.advance(2999);
  await bench.event('reply-ended', { turn: 2 });
  assert.equal(bench.eventsOf('failed'), []);
});

check('a response that never begins is given up with the session when another waits for it', async (bench) => {
  const clock = new ManualClock();
  bench.clock = clock;
  bench.service.createMs = 600_000;
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  session.cancelReply(1, unheard);
  session.requestReply(2, 'no-input', false);
  clock.advance(3000);
  const failed = await bench.event('failed');
  assert.equal([failed.turn, failed.code], [undefined, 'TP_ERR_PROVIDER_TIMEOUT']);
});

check('a service that ends what was cancelled late is waited for', async (bench) => {
  bench.service.fault = { type: 'ignore-cancel' };
  bench.service.answers.push({ parts: [{ say: 'A story.', ms: 1500 }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio');
  session.cancelReply(1, { ms: 40, text: '' });
  session.requestReply(2, 'no-input', false);
  await bench.event('reply-ended', { turn: 2 });
  assert.is(bench.heardMs(2), 400);
});

check('a response that nobody asked for is cancelled, and the reply is made after it', async (bench) => {
  bench.service.answers.push({ parts: [{ say: 'Nobody wants to hear this.', ms: 10_000 }] });
  const session = await bench.open();
  bench.service.session.intrude();
  await bench.sent('response.created');
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-ended', { turn: 1 });
  assert.is(bench.said(1), 'Hello, how can I help?');
});

check('a reply that the service refuses for a response that we do not know of is asked for again', async (bench) => {
  const session = await bench.open();
  bench.service.createFault = { type: 'invalid_request_error', code: 'conversation_already_has_active_response' };
  session.requestReply(1, 'no-input', false);
  await bench.received('response.create');
  bench.service.createFault = undefined;
  // There is none: the service says so, and the way is free.
  await bench.event('reply-ended', { turn: 1 });
  assert.is(bench.service.receivedOf('response.create').length, 2);
});

check('a reply that is refused so twice fails', async (bench) => {
  const session = await bench.open();
  bench.service.createFault = { type: 'invalid_request_error', code: 'conversation_already_has_active_response' };
  session.requestReply(1, 'no-input', false);
  const { turn, code } = await bench.event('failed');
  assert.equal([turn, code], [1, 'TP_ERR_PROVIDER_REQUEST']);
  assert.is(bench.service.receivedOf('response.create').length, 2);
});

test.run();
