import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DeepgramListen } from '#emulators/deepgram-listen.js';
import type { Fault } from '#emulators/fault.js';
import { systemClock } from '#talkpath/base/clock.js';
import type { TalkpathError } from '#talkpath/base/errors.js';
import type { SttSettings } from '#talkpath/config/providers.js';
import { createDeepgramFluxStt } from '#talkpath/providers/cascade/stt/deepgram-flux.js';
import { SttCaller } from '../../../support/conformance/stt-caller.js';
import { eventually } from '../../../support/deadline.js';
import { rejectionOf } from '../../../support/rejection.js';
import { shows, testsWith } from './bench.js';

const { it, itTimed } = testsWith({
  open: () => new DeepgramListen(),
  settingsOf: ({ url }): SttSettings<'deepgram-flux'> => ({
    type: 'deepgram-flux',
    url,
    api_key: 'deepgram-key',
    model: 'flux-general-en',
    eot_threshold: 0.8,
    eot_timeout_ms: 4000,
  }),
  create: createDeepgramFluxStt,
});

it('asks for what the call and the settings have', async ({ service, stt, settings }) => {
  (await SttCaller.open(stt, { input: { encoding: 'pcm16', rateHz: 16_000 }, language: 'de-CH' })).session.close();
  const asked = {
    model: 'flux-general-en',
    encoding: 'linear16',
    sample_rate: '16000',
    eot_threshold: '0.8',
    eot_timeout_ms: '4000',
  };
  assert.equal(Object.fromEntries(service.queries[0] ?? []), asked, 'the English model takes no language');
  const many = createDeepgramFluxStt({ ...settings, model: 'flux-general-multi' }, systemClock);
  (await SttCaller.open(many, { language: 'de-CH' })).session.close();
  assert.is(service.queries[1]?.get('language_hint'), 'de');
  assert.equal(service.violations, []);
});

it('Flux tells that the turn is over, and its words are there at once', async ({ service, stt }) => {
  service.says.push('I would like a table');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  await caller.heard('turn-ended');
  assert.is(caller.count('turn-ended'), 1);
  assert.is(await caller.take(), 'I would like a table');
  assert.equal(service.controls, [], 'nothing had to be forced');
  caller.session.close();
});

it('whoever watches sees the words grow', async ({ service, stt }) => {
  service.endpoints = false;
  service.says.push('one two three four five');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  caller.listen(4000);
  await caller.heard('turn-ended');
  const partials = caller.events.flatMap((event) => (event.type === 'partial' ? [event.text] : []));
  assert.ok(partials.length >= 3, partials.join(' | '));
  assert.is(new Set(partials).size, partials.length, 'what has not changed is not told again');
  caller.session.close();
});

it('audio goes out in the steps that Flux works in, and none of it is lost', async ({ service, stt }) => {
  const caller = await SttCaller.open(stt);
  caller.listen(3000);
  await caller.heard('usage', 2);
  assert.equal(
    caller.events.flatMap((event) => (event.type === 'usage' ? [event.usage.stt_seconds] : [])),
    [1.04, 1.04],
  );
  assert.equal(service.violations, []);
  caller.session.close();
});

it('every byte goes out as it came, though whoever pushes uses its memory again', async ({ service, stt }) => {
  const caller = await SttCaller.open(stt, { input: { encoding: 'pcm16', rateHz: 8000 } });
  const frame = Buffer.alloc(320);
  for (let i = 0; i < 8; i += 1) caller.session.push(frame.fill(i), false);
  await eventually(2000, 'two steps', () => service.audio.length === 2, 2);
  assert.equal(
    service.audio.map((step) => [...step.filter((_, at) => at % 320 === 0)]),
    [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ],
  );
  caller.session.close();
});

it('a turn that Flux believes to go on is ended when talkpath asks', async ({ service, stt }) => {
  service.endpoints = false;
  service.says.push('hello there', 'and more');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  await shows(caller, 'hello there');
  assert.is(await caller.take(), 'hello there');
  assert.equal(service.controls, ['ForceEndTurn']);
  assert.is(caller.count('turn-ended'), 0, 'talkpath knows already');
  service.endpoints = true;
  caller.say(1000);
  await caller.heard('turn-ended');
  assert.is(await caller.take(), 'and more');
  caller.session.close();
});

it('audio that is not a whole step yet is sent before a turn is ended', async ({ service, stt }) => {
  service.endpoints = false;
  service.says.push('one two three');
  const caller = await SttCaller.open(stt);
  caller.speak(620);
  await shows(caller, 'one two');
  assert.is(await caller.take(), 'one two three');
  caller.session.close();
});

it('a caller who begins anew before the words of the last turn were taken is not cut', async ({ service, stt }) => {
  service.says.push('first', 'second');
  const caller = await SttCaller.open(stt);
  caller.say(500);
  await caller.heard('turn-ended');
  caller.speak(300);
  await shows(caller, 'second');
  assert.is(await caller.take(), 'first');
  caller.pause();
  await caller.heard('turn-ended', 2);
  assert.is(await caller.take(), 'second');
  assert.equal(service.controls, []);
  caller.session.close();
});

itTimed('a turn whose end does not come in time is taken so far, and only the rest is given later', async ({ service, stt }, clock) => {
  service.endpoints = false;
  service.says.push('one two three four five');
  const caller = await SttCaller.open(stt);
  caller.speak(640);
  await shows(caller, 'one two');
  service.lagMs = 300;
  const taken = caller.take();
  clock.advance(1000);
  assert.is(await taken, 'one two');
  service.endpoints = true;
  caller.say(400);
  await caller.heard('turn-ended', 2);
  assert.is(await caller.take(), 'three four five');
  caller.session.close();
});

it('a turn that was taken to its last word is not told to be over', async ({ service, stt }) => {
  service.endpoints = false;
  service.forcesEndTurn = false;
  service.says.push('hello there', 'again');
  const first = await SttCaller.open(stt);
  first.say(1000);
  await shows(first, 'hello there');
  const error = await rejectionOf(first.take());
  assert.is(error.code, 'TP_ERR_PROVIDER_PROTOCOL');
  assert.not.match(error.message, /secret/);
  // The service is known now not to understand it: later calls do without.
  const second = await SttCaller.open(stt);
  second.say(1000);
  await shows(second, 'again');
  assert.is(await second.take(), 'again');
  service.endpoints = true;
  second.listen(1000);
  service.says.push('one more');
  second.say(1000);
  await second.heard('turn-ended');
  assert.is(await second.take(), 'one more');
  assert.is(second.count('turn-ended'), 1);
  assert.equal(
    service.controls.filter((type) => type === 'ForceEndTurn'),
    ['ForceEndTurn'],
  );
  second.session.close();
});

it('events of an early end are understood, though they are not asked for', async ({ service, stt }) => {
  const early = (event: string, transcript: string) => ({
    type: 'TurnInfo',
    event,
    turn_index: 0,
    transcript,
    words: transcript.split(' ').map((word) => ({ word, confidence: 1 })),
  });
  const script = [
    early('StartOfTurn', 'hello'),
    early('EagerEndOfTurn', 'hello there'),
    early('TurnResumed', 'hello there my'),
    early('EndOfTurn', 'hello there my friend'),
    { type: 'ConfigureSuccess', request_id: 'r' },
    { type: 'Novelty' },
  ];
  service.rewrite = (message) => ((message as { type: string }).type === 'Connected' ? message : (script.shift() ?? { type: 'Novelty' }));
  const caller = await SttCaller.open(stt);
  caller.listen(3000);
  await caller.heard('turn-ended');
  assert.is(await caller.take(), 'hello there my friend');
  caller.session.close();
});

itTimed('a service that accepts and does not say that it is there is given up', async ({ service, stt }, clock) => {
  service.rewrite = () => ({ type: 'Novelty' });
  const error = rejectionOf(SttCaller.open(stt));
  await eventually(2000, 'a connection', () => service.queries.length === 1, 2);
  clock.advance(3000);
  assert.is((await error).code, 'TP_ERR_PROVIDER_TIMEOUT');
  await eventually(2000, 'its end', () => service.openConnections === 0, 2);
});

itTimed('a service that falls silent while audio flows has lost the session', async ({ service, stt }, clock) => {
  service.fault = { type: 'stall-in-reply', afterMs: 300 };
  const caller = await SttCaller.open(stt);
  caller.say(500);
  for (let i = 0; i < 50; i += 1) {
    caller.listen(100);
    clock.advance(100);
  }
  assert.is(caller.failure, undefined);
  caller.listen(500);
  clock.advance(500);
  caller.listen(500);
  assert.is(caller.failure?.code, 'TP_ERR_PROVIDER_TIMEOUT');
  assert.is((await rejectionOf(caller.take())).code, 'TP_ERR_PROVIDER_TIMEOUT');
  await eventually(2000, 'the end of the connection', () => service.openConnections === 0, 2);
});

itTimed('a caller whose audio stops for a while is no silence of the service', async ({ service, stt }, clock) => {
  service.says.push('hello there');
  const caller = await SttCaller.open(stt);
  caller.listen(1000);
  clock.advance(20_000);
  caller.say(1000);
  await caller.heard('turn-ended');
  assert.is(caller.failure, undefined);
  caller.session.close();
});

itTimed('a burst of audio is no silence of the service', async ({ service, stt }) => {
  service.says.push('hello there');
  const caller = await SttCaller.open(stt);
  caller.listen(20_000);
  caller.say(1000);
  await caller.heard('turn-ended');
  assert.is(caller.failure, undefined);
  caller.session.close();
});

it('a service that does not answer the goodbye is left all the same', async ({ service, stt }) => {
  service.closesStream = false;
  const caller = await SttCaller.open(stt);
  caller.session.close();
  await eventually(2000, 'the end of the connection', () => service.openConnections === 0, 2);
});

for (const [fault, code] of [
  [{ type: 'status', status: 403 }, 'TP_ERR_PROVIDER_REFUSED'],
  [{ type: 'status', status: 400 }, 'TP_ERR_PROVIDER_REQUEST'],
  [{ type: 'status', status: 503, retryAfterS: 3 }, 'TP_ERR_PROVIDER_BUSY'],
  [{ type: 'refuse' }, 'TP_ERR_PROVIDER_CONNECT'],
] as const satisfies readonly (readonly [Fault, string])[]) {
  it(`no session is had of a service with the fault ${JSON.stringify(fault)}`, async ({ service, stt }) => {
    service.fault = fault;
    const error = await rejectionOf(SttCaller.open(stt));
    assert.is(error.code, code);
    assert.not.match(error.message, /deepgram-key/);
  });
}

itTimed('a call that ends before the session stands leaves nothing', async ({ service, stt }, clock) => {
  service.rewrite = () => ({ type: 'Novelty' });
  const error = await SttCaller.openAborted(stt, () => eventually(2000, 'a connection', () => service.queries.length === 1, 2));
  assert.is((error as TalkpathError).code, 'TP_ERR_PROVIDER_CONNECT');
  await eventually(2000, 'its end', () => service.openConnections === 0, 2);
  await eventually(2000, 'no timer', () => clock.pending === 0, 2);
});

const turn = (changes: object) => ({ type: 'TurnInfo', event: 'Update', turn_index: 0, transcript: 'secret words', words: [], ...changes });

for (const [what, message] of [
  ['no JSON', '{"type": "TurnInfo", "secret words"'],
  ['a list', '["secret words"]'],
  ['a message without a type', { secret: 'secret words' }],
  ['a turn without a number', turn({ turn_index: 'secret words' })],
  ['a transcript that is none', turn({ transcript: { text: 'secret words' } })],
  ['words that are no list', turn({ words: 'secret words' })],
  ['words that are none', turn({ words: ['secret words'] })],
  ['a word that is a number', turn({ words: [{ word: 7 }] })],
  ['an event that is a number', turn({ event: 7 })],
] as const satisfies readonly (readonly [string, object | string])[]) {
  it(`a service that sends ${what} has lost the session, and its words are not repeated`, async ({ service, stt }) => {
    const caller = await SttCaller.open(stt);
    service.rewrite = () => message;
    caller.say(600);
    await caller.heard('failed');
    assert.is(caller.failure?.code, 'TP_ERR_PROVIDER_PROTOCOL');
    assert.not.match(String(caller.failure?.message), /secret/);
    assert.is((await rejectionOf(caller.take())).code, 'TP_ERR_PROVIDER_PROTOCOL');
    await eventually(2000, 'the end of the connection', () => service.openConnections === 0, 2);
    assert.is(caller.count('failed'), 1);
  });
}

it("of a service's own error the code alone is told", async ({ service, stt }) => {
  for (const [code, shown] of [
    ['INTERNAL_SERVER_ERROR', /INTERNAL_SERVER_ERROR/],
    ['secret words', /without a code/],
  ] as const) {
    const caller = await SttCaller.open(stt);
    service.rewrite = () => ({ type: 'Error', sequence_id: 1, code, description: 'secret words' });
    caller.listen(500);
    await caller.heard('failed');
    assert.is(caller.failure?.code, 'TP_ERR_PROVIDER_LOST');
    assert.match(String(caller.failure?.message), shown);
    assert.not.match(String(caller.failure?.message), /secret/);
    service.rewrite = (message) => message;
  }
});

it('a connection that is lost in the middle of a turn ends the session', async ({ service, stt }) => {
  service.fault = { type: 'close-in-reply', afterMs: 500 };
  service.says.push('one two three');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  await caller.heard('failed');
  assert.is(caller.failure?.code, 'TP_ERR_PROVIDER_LOST');
  assert.is((await rejectionOf(caller.take())).code, 'TP_ERR_PROVIDER_LOST');
  assert.is(caller.count('failed'), 1);
});

test.run();
