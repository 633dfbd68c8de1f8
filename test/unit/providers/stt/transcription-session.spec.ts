import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from '#emulators/fault.js';
import { groqKind, OpenAiTranscription, openAiKind, type TranscriptionKind } from '#emulators/openai-transcription.js';
import { systemClock } from '#talkpath/base/clock.js';
import type { SttSettings } from '#talkpath/config/providers.js';
import { createTranscriptionStt } from '#talkpath/providers/cascade/stt/transcription.js';
import { SttCaller } from '../../../support/conformance/stt-caller.js';
import { eventually } from '../../../support/deadline.js';
import { rejectionOf } from '../../../support/rejection.js';
import { testsWith } from './bench.js';

const testsOf = (kind: TranscriptionKind) =>
  testsWith({
    open: () => new OpenAiTranscription(kind),
    settingsOf: ({ url }): SttSettings<'openai'> => ({
      type: 'openai',
      url: `${url}${kind.path}`,
      api_key: 'openai-key',
      model: kind.models[0] as string,
    }),
    create: createTranscriptionStt,
  });

const { it, itTimed } = testsOf(openAiKind);

const asked = (service: OpenAiTranscription, count: number): Promise<boolean> =>
  eventually(2000, `${count} requests`, () => service.requests.length === count, 2);

it('speech is sent as soon as it ends, before anybody asks for words', async ({ service, stt }) => {
  const caller = await SttCaller.open(stt);
  caller.listen(1000);
  caller.speak(1000);
  caller.pause(220);
  await asked(service, 1);
  const [request] = service.requests;
  assert.is(request?.rateHz, 8000);
  assert.ok(Number(request?.ms) >= 1500 && Number(request?.ms) <= 1540, `${request?.ms} ms: the speech, 300 ms before it, the hang-over`);
  assert.equal(service.violations, []);
  caller.session.close();
});

it('audio goes at the rate at which it comes, and the language as the service writes it', async ({ service, stt }) => {
  const caller = await SttCaller.open(stt, { input: { encoding: 'pcm16', rateHz: 16_000 }, language: 'de-CH' });
  service.says.push('Guten Tag');
  caller.say(1000);
  assert.is(await caller.take(), 'Guten Tag');
  assert.is(service.requests[0]?.rateHz, 16_000);
  assert.equal(service.requests[0]?.fields, { model: 'whisper-1', response_format: 'json', language: 'de' });
  caller.session.close();
  const unknown = await SttCaller.open(stt);
  unknown.say(1000);
  await unknown.take();
  assert.not.ok('language' in (service.requests[1]?.fields ?? {}), 'without a language the service decides');
  unknown.session.close();
});

it('a caller who talks and talks is sent in parts, at either rate', async ({ service, stt }) => {
  for (const input of stt.inputs) {
    service.requests.length = 0;
    const caller = await SttCaller.open(stt, { input });
    caller.speak(9000);
    caller.speak(4000);
    await asked(service, 1);
    const [first] = service.requests;
    assert.ok(Number(first?.ms) >= 8000 && Number(first?.ms) <= 12_000, `${first?.ms} ms`);
    caller.pause();
    await caller.take();
    assert.is(service.requests.length, 2);
    assert.is(Number(first?.ms) + Number(service.requests[1]?.ms), 13_220);
    caller.session.close();
  }
});

it('neither a click nor a breath is sent', async ({ service, stt }) => {
  const caller = await SttCaller.open(stt);
  caller.speak(60);
  caller.pause();
  caller.speak(20);
  assert.is(await caller.take(), '');
  assert.is(service.requests.length, 0);
  caller.session.close();
});

it('neither organisation nor project of the environment are sent', async ({ service, settings }) => {
  const names = ['OPENAI_ORG_ID', 'OPENAI_PROJECT_ID'];
  for (const name of names) process.env[name] = 'not-yours';
  try {
    const caller = await SttCaller.open(createTranscriptionStt(settings, systemClock));
    caller.say(1000);
    await caller.take();
    assert.equal(service.violations, []);
    assert.is(service.requests.length, 1);
    caller.session.close();
  } finally {
    for (const name of names) delete process.env[name];
  }
});

it('a request that fails at once is made once more, and no more than once', async ({ service, stt }) => {
  service.says.push('heard', 'then', 'not');
  const caller = await SttCaller.open(stt);
  service.failures = 1;
  service.rewrite = () => ({ text: 'hello there' });
  caller.say(1000);
  assert.is(await caller.take(), 'hello there');
  assert.is(service.requests.length, 2);
  service.failures = 2;
  caller.say(1000);
  assert.is((await rejectionOf(caller.take())).code, 'TP_ERR_PROVIDER_CONNECT');
  assert.is(service.requests.length, 4);
  assert.is(caller.failure, undefined, 'the next may go well');
  caller.say(1000);
  assert.is(await caller.take(), 'hello there');
  caller.session.close();
});

itTimed('a request that fails late is not made again', async ({ service, stt }, clock) => {
  const caller = await SttCaller.open(stt);
  service.failures = 1;
  service.lagMs = 50;
  caller.say(1000);
  const error = rejectionOf(caller.take());
  await asked(service, 1);
  clock.advance(1000);
  assert.is((await error).code, 'TP_ERR_PROVIDER_CONNECT');
  assert.is(service.requests.length, 1);
  caller.session.close();
});

for (const status of [400, 401, 429, 503]) {
  it(`a request that is answered with status ${status} is not made again, as that would be of no use`, async ({ service, stt }) => {
    const caller = await SttCaller.open(stt);
    service.failures = 1;
    service.failureStatus = status;
    caller.say(1000);
    await rejectionOf(caller.take());
    assert.is(service.requests.length, 1);
    caller.session.close();
  });
}

it('of a connection that fails it is told how', async ({ service, stt }) => {
  service.fault = { type: 'refuse' };
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  assert.match((await rejectionOf(caller.take())).message, /^openai cannot be reached: [A-Z_]{4,}$/);
  caller.session.close();
});

for (const [fault, code, isLost] of [
  [{ type: 'status', status: 401 }, 'TP_ERR_PROVIDER_REFUSED', true],
  [{ type: 'status', status: 404 }, 'TP_ERR_PROVIDER_REQUEST', true],
  [{ type: 'status', status: 429, retryAfterS: 3 }, 'TP_ERR_PROVIDER_BUSY', false],
  [{ type: 'refuse' }, 'TP_ERR_PROVIDER_CONNECT', false],
  [{ type: 'close-in-reply', afterMs: 0 }, 'TP_ERR_PROVIDER_CONNECT', false],
  [{ type: 'garbage-json' }, 'TP_ERR_PROVIDER_PROTOCOL', false],
] as const satisfies readonly (readonly [Fault, string, boolean])[]) {
  it(`the fault ${JSON.stringify(fault)} is told to who takes words, and to the call when it lasts`, async ({ service, stt }) => {
    service.fault = fault;
    service.says.push('secret words', 'secret words');
    const caller = await SttCaller.open(stt);
    caller.say(1000);
    const error = await rejectionOf(caller.take());
    assert.is(error.code, code, error.message);
    assert.not.match(error.message, /secret|openai-key/);
    assert.is(caller.failure, isLost ? error : undefined);
    service.fault = undefined;
    service.says.splice(0, 2, 'well again');
    caller.say(1000);
    assert.is(await caller.take(), 'well again');
    caller.session.close();
  });
}

it('a wrong key is refused, and neither key nor what the service says of it is repeated', async ({ settings }) => {
  const stt = createTranscriptionStt({ ...settings, api_key: 'another-key' }, systemClock);
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  const error = await rejectionOf(caller.take());
  assert.is(error.code, 'TP_ERR_PROVIDER_REFUSED');
  assert.not.match(error.message, /key/);
  caller.session.close();
});

for (const type of ['hang', 'stall-in-reply', 'drip'] as const) {
  itTimed(`a service with the fault ${type} is given up in time, and asked no more`, async ({ service, stt }, clock) => {
    service.fault = type === 'stall-in-reply' ? { type, afterMs: 0 } : { type };
    const caller = await SttCaller.open(stt);
    caller.say(1000);
    const error = rejectionOf(caller.take());
    if (type === 'hang') await eventually(2000, 'a connection', () => service.openConnections === 1, 2);
    else await asked(service, 1);
    clock.advance(2999);
    assert.is(clock.pending, 1);
    clock.advance(1);
    assert.is((await error).code, 'TP_ERR_PROVIDER_TIMEOUT');
    await eventually(2000, 'the end of the request', () => service.underWay === 0, 2);
    assert.is(clock.pending, 0);
    caller.session.close();
  });
}

it('a session that is closed calls its requests off', async ({ service, stt }) => {
  service.lagMs = 60_000;
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  const taken = caller.take();
  await asked(service, 1);
  caller.session.close();
  assert.is(await taken, '');
  await eventually(2000, 'the end of the request', () => service.underWay === 0, 2);
  assert.is(caller.events.length, 0);
});

for (const [what, answer] of [
  ['a list', '["secret words"]'],
  ['text alone', '"secret words"'],
  ['nothing', ''],
  ['an answer without a text', { words: 'secret words' }],
  ['a text that is a number', { text: 7 }],
  ['a text that is a list', { text: ['secret words'] }],
] as const satisfies readonly (readonly [string, object | string])[]) {
  it(`a service that answers ${what} has not put anything into words, and its words are not repeated`, async ({ service, stt }) => {
    service.rewrite = () => answer;
    const caller = await SttCaller.open(stt);
    caller.say(1000);
    const error = await rejectionOf(caller.take());
    assert.is(error.code, 'TP_ERR_PROVIDER_PROTOCOL');
    assert.not.match(error.message, /secret/);
    caller.session.close();
  });
}

for (const [what, usage, unit, amount] of [
  ['in tokens', { type: 'tokens', input_tokens: 14, output_tokens: 3, total_tokens: 17 }, 'stt_tokens', 17],
  ['in seconds', { type: 'duration', seconds: 2 }, 'stt_seconds', 2],
  ['not at all', undefined, 'stt_seconds', 1.22],
  ['in another way', { type: 'calories', total_tokens: 17 }, 'stt_seconds', 1.22],
  ['in text', { type: 'tokens', total_tokens: 'seventeen' }, 'stt_seconds', 1.22],
  ['in debts', { type: 'duration', seconds: -2 }, 'stt_seconds', 1.22],
  ['beyond all measure', { type: 'duration', seconds: 1e300 }, 'stt_seconds', 1.22],
  ['as nothing', null, 'stt_seconds', 1.22],
] as const) {
  it(`usage that is told ${what} is accounted for`, async ({ service, stt }) => {
    service.rewrite = () => ({ text: 'hello', usage });
    const caller = await SttCaller.open(stt);
    caller.say(1000);
    assert.is(await caller.take(), 'hello');
    assert.equal(
      caller.events.map((event) => event.type === 'usage' && event.usage),
      [{ [unit]: amount }],
    );
    caller.session.close();
  });
}

it('a probe asks for the model: one that is not there is an error of the settings', async ({ settings }) => {
  const error = await rejectionOf(createTranscriptionStt({ ...settings, model: 'whisper-9' }, systemClock).probe?.(new AbortController().signal));
  assert.is(error.code, 'TP_ERR_PROVIDER_REQUEST');
});

it('what the caller says is not taken to another host', async ({ service, stt }) => {
  const other = new OpenAiTranscription();
  await other.listen();
  try {
    service.fault = { type: 'redirect', to: other.url };
    const caller = await SttCaller.open(stt);
    caller.say(1000);
    assert.is((await rejectionOf(caller.take())).code, 'TP_ERR_PROVIDER_CONNECT');
    assert.is((await rejectionOf(stt.probe?.(new AbortController().signal))).code, 'TP_ERR_PROVIDER_CONNECT');
    caller.session.close();
    assert.equal([other.requests, other.violations], [[], []]);
  } finally {
    await other.close();
  }
});

for (const [status, code] of [
  [401, 'TP_ERR_PROVIDER_REFUSED'],
  [404, 'TP_ERR_PROVIDER_REQUEST'],
  [200, 'TP_ERR_PROVIDER_PROTOCOL'],
] as const) {
  it(`an answer of status ${status} that does not end is broken off`, async ({ service, stt }) => {
    service.fault = { type: 'endless', status };
    const caller = await SttCaller.open(stt);
    caller.say(1000);
    assert.is((await rejectionOf(caller.take())).code, code);
    caller.session.close();
    await eventually(2000, 'the end of the connection', () => service.openConnections === 0, 2);
  });
}

it('a probe reads no list that does not end', async ({ service, stt }) => {
  service.fault = { type: 'endless', status: 200 };
  await stt.probe?.(new AbortController().signal);
  service.fault = { type: 'endless', status: 401 };
  assert.is((await rejectionOf(stt.probe?.(new AbortController().signal))).code, 'TP_ERR_PROVIDER_REFUSED');
  await eventually(2000, 'the end of the connections', () => service.openConnections === 0, 2);
});

it('a server that lists no models is there all the same', async ({ service, stt }) => {
  service.listsModels = false;
  await stt.probe?.(new AbortController().signal);
});

itTimed('a probe does not wait longer than a connection', async ({ service, stt }, clock) => {
  service.fault = { type: 'hang' };
  const error = rejectionOf(stt.probe?.(new AbortController().signal));
  await eventually(2000, 'a connection', () => service.openConnections === 1, 2);
  clock.advance(3000);
  assert.is((await error).code, 'TP_ERR_PROVIDER_TIMEOUT');
});

testsOf(groqKind).it('a service that asks for nothing but its own models is asked for them: Groq', async ({ service, stt }) => {
  service.says.push('hello there');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  assert.is(await caller.take(), 'hello there');
  assert.is(service.requests[0]?.fields.model, 'whisper-large-v3');
  caller.session.close();
});

test.run();
