import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DeepgramListen } from '#emulators/deepgram-listen.js';
import type { Fault } from '#emulators/fault.js';
import { systemClock } from '#talkpath/base/clock.js';
import type { TalkpathError } from '#talkpath/base/errors.js';
import type { SttSettings } from '#talkpath/config/providers.js';
import { createDeepgramStt } from '#talkpath/providers/cascade/stt/deepgram.js';
import { SttCaller } from '../../../support/conformance/stt-caller.js';
import { eventually, within } from '../../../support/deadline.js';
import { rejectionOf } from '../../../support/rejection.js';
import { testsWith } from './bench.js';

const { it, itTimed } = testsWith({
  open: () => new DeepgramListen(),
  settingsOf: ({ url }): SttSettings<'deepgram'> => ({ type: 'deepgram', url, api_key: 'deepgram-key', model: 'nova-3' }),
  create: createDeepgramStt,
});

/** All messages for what was sent so far have come. */
async function answered(service: DeepgramListen, caller: SttCaller, count: number): Promise<void> {
  await eventually(2000, `${count} results`, () => caller.events.filter(({ type }) => type === 'partial').length >= count, 2);
  assert.equal(service.violations, []);
}

it('asks for what the call has: format, language, interim results', async ({ service, stt }) => {
  (await SttCaller.open(stt, { input: { encoding: 'pcm16', rateHz: 16_000 }, language: 'de-CH' })).session.close();
  assert.equal(Object.fromEntries(service.queries[0] ?? []), {
    model: 'nova-3',
    encoding: 'linear16',
    sample_rate: '16000',
    channels: '1',
    interim_results: 'true',
    punctuate: 'true',
    smart_format: 'true',
    language: 'de-CH',
  });
  (await SttCaller.open(stt)).session.close();
  assert.is(service.queries[1]?.get('encoding'), 'mulaw');
  assert.not.ok(service.queries[1]?.has('language'), 'without a language the service decides');
});

it('whoever watches sees the words grow', async ({ service, stt }) => {
  service.says.push('I would like a table');
  const caller = await SttCaller.open(stt);
  caller.say(1200);
  await answered(service, caller, 3);
  const partials = caller.events.flatMap((event) => (event.type === 'partial' ? [event.text] : []));
  assert.is(partials.at(-1), 'I would like a table');
  assert.ok(
    partials.every((text, i) => text.startsWith(partials[i - 1] ?? '')),
    partials.join(' | '),
  );
  caller.session.close();
});

it('words that are final already are given without asking for them', async ({ service, stt }) => {
  service.says.push('hello there');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  await answered(service, caller, 2);
  assert.is(await caller.take(), 'hello there');
  caller.session.close();
  await eventually(2000, 'the end of the connection', () => service.openConnections === 0, 2);
  assert.equal(service.controls, ['CloseStream']);
});

it('words that are not final are asked for, once', async ({ service, stt }) => {
  service.endpoints = false;
  service.says.push('hello there');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  assert.is(await caller.take(), 'hello there');
  assert.equal(service.controls, ['Finalize']);
  assert.is(await caller.take(), '');
  assert.equal(service.controls, ['Finalize'], 'nothing was said since');
  caller.session.close();
});

it('the answer to Finalize is all that was said, though its times are not exact', async ({ service, stt }) => {
  service.endpoints = false;
  service.rewrite = (message) => ('duration' in message ? { ...message, duration: Number(message.duration) - 0.9 } : message);
  service.says.push('hello there', 'and more');
  const caller = await SttCaller.open(stt);
  const startedMs = systemClock.nowMs();
  for (const words of ['hello there', 'and more']) {
    caller.say(1000);
    assert.is(await caller.take(), words);
  }
  assert.ok(systemClock.nowMs() - startedMs < 900, 'sooner than an answer that does not come');
  caller.session.close();
});

it('a caller who still speaks is taken by the word, and the rest comes the next time', async ({ service, stt }) => {
  service.says.push('one two three four five six');
  const caller = await SttCaller.open(stt);
  caller.speak(600);
  assert.is(await caller.take(), 'one two three');
  caller.say(600);
  assert.is(await caller.take(), 'four five six');
  caller.session.close();
});

itTimed(
  'a service that does not answer in time is taken by its guess, and what comes late of it is not given again',
  async ({ service, stt }, clock) => {
    service.endpoints = false;
    service.finalizes = false;
    service.says.push('one two three four five', 'six');
    const caller = await SttCaller.open(stt);
    caller.speak(1000);
    await answered(service, caller, 2);
    caller.pause();
    const taken = caller.take();
    clock.advance(999);
    caller.listen(20);
    assert.is(await within(50, 'nothing', taken).catch(() => 'still waiting'), 'still waiting');
    clock.advance(1);
    assert.is(await taken, 'one two three four five');
    await eventually(2000, 'Finalize, in vain', () => service.controls.length === 1, 2);
    service.finalizes = true;
    service.endpoints = true;
    caller.say(300);
    assert.is(await caller.take(), 'six');
    caller.session.close();
  },
);

itTimed('the words of a guess that was given are left out of the final result, and later ones are kept', async ({ service, stt }, clock) => {
  service.endpoints = false;
  service.finalizes = false;
  service.says.push('one two three four five Six, seven?');
  const caller = await SttCaller.open(stt);
  caller.speak(1000);
  await answered(service, caller, 2);
  const taken = caller.take();
  clock.advance(1000);
  assert.is(await taken, 'one two three four five');
  await eventually(2000, 'Finalize, in vain', () => service.controls.length === 1, 2);
  service.finalizes = true;
  caller.say(400);
  assert.is(await caller.take(), 'Six, seven?');
  caller.session.close();
});

itTimed('a service that says nothing to a caller who speaks has failed the reply, and not forgotten the words', async ({ service, stt }, clock) => {
  service.says.push('hello there');
  service.lagMs = 60_000;
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  const error = rejectionOf(caller.take());
  clock.advance(1000);
  assert.is((await error).code, 'TP_ERR_PROVIDER_TIMEOUT');
  assert.is(caller.failure, undefined, 'the session may go on');
  caller.session.close();
});

itTimed('a service that hears no words in what the caller said is believed', async ({ service, stt }, clock) => {
  service.endpoints = false;
  service.finalizes = false;
  const caller = await SttCaller.open(stt);
  caller.say(2000);
  const taken = async (): Promise<string> => {
    const words = caller.take().catch((error: TalkpathError) => error.code);
    clock.advance(1000);
    return words;
  };
  await eventually(2000, 'no words, once its results are there', async () => (await taken()) === '', 2);
  caller.session.close();
});

it('two who take in a row get their own words, though the answers are slow', async ({ service, stt }) => {
  service.endpoints = false;
  service.lagMs = 100;
  service.says.push('first', 'second');
  const caller = await SttCaller.open(stt);
  caller.say(500);
  const first = caller.take();
  caller.say(500);
  const second = caller.take();
  assert.equal(await Promise.all([first, second]), ['first', 'second']);
  assert.equal(service.controls, ['Finalize', 'Finalize']);
  caller.session.close();
});

itTimed('a connection without audio is kept by a word every 5 s, and one with audio needs none', async ({ service, stt }, clock) => {
  const caller = await SttCaller.open(stt);
  for (let i = 0; i < 10; i += 1) {
    caller.listen(1000);
    clock.advance(1000);
  }
  clock.advance(3990);
  caller.listen(20);
  await eventually(2000, 'all audio', () => caller.count('usage') >= 10, 2);
  assert.equal(service.controls, []);
  clock.advance(5000);
  await eventually(2000, 'a word', () => service.controls.length === 1, 2);
  clock.advance(9999);
  await eventually(2000, 'another', () => service.controls.length === 2, 2);
  assert.equal(service.controls, ['KeepAlive', 'KeepAlive']);
  assert.equal(service.violations, []);
  caller.session.close();
});

for (const [fault, code] of [
  [{ type: 'status', status: 401 }, 'TP_ERR_PROVIDER_REFUSED'],
  [{ type: 'status', status: 400 }, 'TP_ERR_PROVIDER_REQUEST'],
  [{ type: 'status', status: 429, retryAfterS: 3 }, 'TP_ERR_PROVIDER_BUSY'],
  [{ type: 'refuse' }, 'TP_ERR_PROVIDER_CONNECT'],
] as const satisfies readonly (readonly [Fault, string])[]) {
  it(`no session is had of a service with the fault ${JSON.stringify(fault)}`, async ({ service, stt }) => {
    service.fault = fault;
    const error = await rejectionOf(SttCaller.open(stt));
    assert.is(error.code, code);
    assert.not.match(error.message, /deepgram-key/);
  });
}

it('no session is had with a wrong key', async ({ service }) => {
  const stt = createDeepgramStt({ type: 'deepgram', url: service.url, api_key: 'another-key', model: 'nova-3' }, systemClock);
  const error = await rejectionOf(SttCaller.open(stt));
  assert.is(error.code, 'TP_ERR_PROVIDER_REFUSED');
  assert.not.match(error.message, /another-key/);
});

itTimed('a service that does not answer is given up after the time to connect', async ({ service, stt }, clock) => {
  service.fault = { type: 'hang' };
  const error = rejectionOf(SttCaller.open(stt));
  await eventually(2000, 'a connection', () => service.openConnections === 1, 2);
  clock.advance(3000);
  assert.is((await error).code, 'TP_ERR_PROVIDER_TIMEOUT');
  assert.is(clock.pending, 0);
});

itTimed('a call that ends before the session stands leaves nothing', async ({ service, stt }, clock) => {
  service.fault = { type: 'hang' };
  const error = await SttCaller.openAborted(stt, () => eventually(2000, 'a connection', () => service.openConnections === 1, 2));
  assert.is((error as TalkpathError).code, 'TP_ERR_PROVIDER_CONNECT');
  await eventually(2000, 'its end', () => service.openConnections === 0, 2);
  assert.is(clock.pending, 0);
});

const results = (changes: object, ofBest: object = {}) => ({
  type: 'Results',
  start: 0,
  duration: 1,
  is_final: true,
  channel: { alternatives: [{ transcript: 'secret words', confidence: 1, words: [], ...ofBest }] },
  ...changes,
});

for (const [what, message] of [
  ['no JSON', '{"type": "Results", "secret words"'],
  ['a list', '["secret words"]'],
  ['a message without a type', { secret: 'secret words' }],
  ['a type that is a number', { type: 7 }],
  ['a start that is text', results({ start: 'secret words' })],
  ['no duration', results({ duration: undefined })],
  ['a channel that is none', results({ channel: 'secret words' })],
  ['alternatives that are no list', results({ channel: { alternatives: {} } })],
  ['an alternative that is none', results({ channel: { alternatives: ['secret words'] } })],
  ['a transcript that is a list', results({}, { transcript: ['secret words'] })],
  ['words that are none', results({}, { words: 'secret words' })],
  ['a word without times', results({}, { words: [{ word: 'secret' }] })],
  ['a word that is a number', results({}, { words: [{ word: 5, start: 0, end: 1 }] })],
  ['finality that is text', results({ is_final: 'secret words' })],
  ['a time beyond numbers', '{"type":"Results","start":1e999,"duration":1,"channel":{"alternatives":[]}}'],
] as const satisfies readonly (readonly [string, object | string])[]) {
  it(`a service that sends ${what} has lost the session, and its words are not repeated`, async ({ service, stt }) => {
    service.rewrite = () => message;
    const caller = await SttCaller.open(stt);
    caller.say(600);
    await caller.heard('failed');
    assert.is(caller.failure?.code, 'TP_ERR_PROVIDER_PROTOCOL');
    assert.not.match(String(caller.failure?.message), /secret/);
    assert.is((await rejectionOf(caller.take())).code, 'TP_ERR_PROVIDER_PROTOCOL');
    await eventually(2000, 'the end of the connection', () => service.openConnections === 0, 2);
    assert.is(caller.count('failed'), 1);
  });
}

it('messages of other types and results without alternatives say nothing', async ({ service, stt }) => {
  const more: (object | string)[] = [
    { type: 'UtteranceEnd', channel: [0], last_word_end: 1 },
    { type: 'Novelty' },
    results({ channel: { alternatives: [] } }),
  ];
  service.rewrite = (message) => more.shift() ?? message;
  service.says.push('hello there');
  const caller = await SttCaller.open(stt);
  caller.listen(2000);
  caller.say();
  assert.is(await caller.take(), 'hello there');
  assert.is(more.length, 0);
  caller.session.close();
});

for (const [fault, code] of [
  [{ type: 'garbage-json' }, 'TP_ERR_PROVIDER_PROTOCOL'],
  [{ type: 'close-in-reply', afterMs: 500 }, 'TP_ERR_PROVIDER_LOST'],
] as const satisfies readonly (readonly [Fault, string])[]) {
  it(`the fault ${fault.type} ends the session while a take waits`, async ({ service, stt }) => {
    service.fault = fault;
    service.says.push('secret words');
    const caller = await SttCaller.open(stt);
    caller.say(1000);
    const error = await rejectionOf(caller.take());
    assert.is(error.code, code);
    assert.is(caller.failure, error);
    assert.not.match(error.message, /secret/);
    assert.is(caller.count('failed'), 1);
  });
}

itTimed('a service that stalls in the middle is taken by what it had said', async ({ service, stt }, clock) => {
  service.fault = { type: 'stall-in-reply', afterMs: 700 };
  service.says.push('one two three four five');
  const caller = await SttCaller.open(stt);
  caller.speak(500);
  await answered(service, caller, 1);
  caller.say(500);
  const taken = caller.take();
  clock.advance(1000);
  assert.is(await taken, 'one two');
  caller.session.close();
});

it("a service's own error ends the session, in words of ours", async ({ service, stt }) => {
  service.rewrite = () => ({ type: 'Error', description: 'secret words', variant: 'x' });
  const caller = await SttCaller.open(stt);
  caller.say();
  await caller.heard('failed');
  assert.is(caller.failure?.code, 'TP_ERR_PROVIDER_LOST');
  assert.not.match(String(caller.failure?.message), /secret/);
});

it('a service that does not answer the goodbye is left all the same', async ({ service, stt }) => {
  service.closesStream = false;
  const caller = await SttCaller.open(stt);
  caller.say();
  caller.session.close();
  await eventually(2000, 'the end of the connection', () => service.openConnections === 0, 2);
});

it('audio of no length is not sent, as it would end the stream', async ({ service, stt }) => {
  const caller = await SttCaller.open(stt);
  caller.session.push(new Uint8Array(0), false);
  caller.say(300);
  await caller.take();
  assert.equal(service.violations, []);
  caller.session.close();
});

test.run();
