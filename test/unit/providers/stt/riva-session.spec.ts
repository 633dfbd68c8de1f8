import { inspect } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from '#emulators/fault.js';
import { Riva } from '#emulators/riva.js';
import { systemClock } from '#talkpath/base/clock.js';
import type { TalkpathError } from '#talkpath/base/errors.js';
import type { SttSettings } from '#talkpath/config/providers.js';
import { createRivaStt } from '#talkpath/providers/cascade/stt/riva.js';
import { optionalPackage } from '#talkpath/providers/network/optional-package.js';
import { SttCaller } from '../../../support/conformance/stt-caller.js';
import { eventually } from '../../../support/deadline.js';
import { rejectionOf } from '../../../support/rejection.js';
import { shows, testsWith } from './bench.js';

const { it, itTimed } = testsWith({
  open: () => new Riva(),
  settingsOf: ({ url }): SttSettings<'riva'> => ({ type: 'riva', url }),
  create: createRivaStt,
});

it('asks for what the call and the settings have', async ({ service, settings }) => {
  const stt = await createRivaStt({ ...settings, model: 'conformer-en-US-asr-streaming' }, systemClock);
  for (const [input, encoding] of [
    [{ encoding: 'pcm16', rateHz: 16_000 }, 'LINEAR_PCM'],
    [{ encoding: 'mulaw', rateHz: 8000 }, 'MULAW'],
    [{ encoding: 'alaw', rateHz: 8000 }, 'ALAW'],
  ] as const) {
    service.configs.length = 0;
    const caller = await SttCaller.open(stt, { input, language: 'de-CH' });
    await eventually(2000, 'a stream', () => service.configs.length === 1, 2);
    const [config] = service.configs;
    assert.is(config?.encoding, encoding);
    assert.is(config?.sample_rate_hertz, input.rateHz);
    assert.is(config?.language_code, 'de-CH');
    assert.is(config?.model, 'conformer-en-US-asr-streaming');
    assert.is(config?.audio_channel_count, 1);
    assert.is(config?.enable_automatic_punctuation, true);
    caller.session.close();
  }
  assert.equal(service.violations, []);
});

it('a language without a region gets its usual one, and without a language it is English', async ({ service, stt }) => {
  for (const [language, code] of [
    ['en', 'en-US'],
    ['de', 'de-DE'],
    ['pt', 'pt-BR'],
    [undefined, 'en-US'],
  ] as const) {
    service.configs.length = 0;
    const caller = await SttCaller.open(stt, { ...(language && { language }) });
    await eventually(2000, 'a stream', () => service.configs.length === 1, 2);
    assert.is(service.configs[0]?.language_code, code);
    caller.session.close();
  }
});

it('key and function are told with every request, where they are set', async ({ service, settings }) => {
  service.apiKey = 'nvapi-key';
  service.functionId = 'f-1';
  const stt = await createRivaStt({ ...settings, api_key: 'nvapi-key', function_id: 'f-1' }, systemClock);
  service.says.push('hello there');
  await stt.probe?.(new AbortController().signal);
  const caller = await SttCaller.open(stt);
  caller.say();
  assert.is(await caller.take(), 'hello there');
  assert.equal(service.violations, []);
  caller.session.close();
});

for (const set of [{ api_key: 'sk-4711\n' }, { function_id: 'sk-4711ü' }]) {
  it(`a ${Object.keys(set)[0]} that cannot be sent is not repeated`, async ({ service, settings }) => {
    const stt = await createRivaStt({ ...settings, ...set }, systemClock);
    const error = await rejectionOf(stt.probe?.(new AbortController().signal));
    assert.is(error.code, 'TP_ERR_PROVIDER_REQUEST');
    assert.not.match(inspect(error), /4711/);
    assert.is(service.openConnections, 0);
  });
}

it('a wrong key ends the session, and is not repeated', async ({ service, settings }) => {
  service.apiKey = 'nvapi-key';
  const stt = await createRivaStt({ ...settings, api_key: 'another-key' }, systemClock);
  const caller = await SttCaller.open(stt);
  await caller.heard('failed');
  assert.is(caller.failure?.code, 'TP_ERR_PROVIDER_REFUSED');
  assert.not.match(String(caller.failure?.message), /key/);
  await eventually(2000, 'the end of the connection', () => service.openConnections === 0, 2);
});

it('whoever watches sees the words grow', async ({ service, stt }) => {
  service.says.push('one two three four five');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  await shows(caller, 'one two three four five');
  assert.ok(caller.count('partial') >= 3);
  caller.session.close();
});

it('words that are final already are given at once, and the stream goes on', async ({ service, stt }) => {
  service.says.push('hello there', 'again');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  caller.listen(400);
  await caller.heard('partial', 6);
  assert.is(await caller.take(), 'hello there');
  caller.say(1000);
  caller.listen(400);
  await caller.heard('partial', 11);
  assert.is(await caller.take(), 'again');
  assert.is(service.configs.length, 1);
  caller.session.close();
});

it('words that are not final are had by the end of the stream, and another begins with the next audio', async ({ service, stt }) => {
  service.says.push('one two three four five six');
  const caller = await SttCaller.open(stt);
  caller.speak(600);
  assert.is(await caller.take(), 'one two three');
  assert.is(service.configs.length, 1);
  assert.is(service.openConnections, 1);
  service.says.push('seven');
  caller.say(600);
  assert.is(await caller.take(), 'seven');
  assert.is(service.configs.length, 2);
  assert.is(service.openConnections, 1, 'all streams go by one connection');
  assert.equal(service.violations, []);
  caller.session.close();
});

it('two who take in a row get their own words, though the answers are slow', async ({ service, stt }) => {
  service.lagMs = 100;
  service.says.push('first', 'second');
  const caller = await SttCaller.open(stt);
  caller.say(500);
  const first = caller.take();
  caller.say(500);
  const second = caller.take();
  assert.equal(await Promise.all([first, second]), ['first', 'second']);
  caller.session.close();
});

it('a service that makes nothing final is taken by its last guess', async ({ service, stt }) => {
  service.endpoints = false;
  service.atEnd = 'guess';
  service.says.push('one two three', 'four');
  const caller = await SttCaller.open(stt);
  caller.say(600);
  caller.listen(1000);
  assert.is(await caller.take(), 'one two three');
  caller.say(600);
  assert.is(await caller.take(), 'four');
  caller.session.close();
});

it('a service that does not count the audio is waited for until the stream ends', async ({ service, stt }) => {
  service.countsAudio = false;
  service.says.push('first', 'second');
  const caller = await SttCaller.open(stt);
  caller.say(500);
  caller.listen(600);
  assert.is(await caller.take(), 'first');
  caller.say(500);
  assert.is(await caller.take(), 'second');
  caller.session.close();
});

itTimed('a stream that does not end in time is taken so far, and nothing of it comes later', async ({ service, stt }, clock) => {
  service.atEnd = 'nothing';
  service.says.push('one two three', 'four');
  const caller = await SttCaller.open(stt);
  caller.speak(700);
  await shows(caller, 'one two three');
  const taken = caller.take();
  clock.advance(999);
  assert.is(clock.pending, 1);
  clock.advance(1);
  assert.is(await taken, 'one two three');
  service.atEnd = 'final';
  caller.say(600);
  assert.is(await caller.take(), 'four');
  assert.is(caller.failure, undefined);
  caller.session.close();
});

it('words that are final are not kept back until the stream ends', async ({ service, stt }) => {
  service.atEnd = 'unended';
  service.says.push('one two three');
  const caller = await SttCaller.open(stt);
  caller.speak(700);
  const startedMs = systemClock.nowMs();
  assert.is(await caller.take(), 'one two three');
  assert.ok(systemClock.nowMs() - startedMs < 900, 'sooner than a stream that does not end');
  caller.session.close();
});

itTimed('no stream is left: neither one that is taken late, nor one at hand, nor one that still ends', async ({ service, stt }, clock) => {
  service.atEnd = 'nothing';
  service.says.push('one', 'two');
  const caller = await SttCaller.open(stt);
  caller.say(700);
  await shows(caller, 'one');
  const taken = caller.take();
  await eventually(2000, 'a stream', () => service.openStreams === 1, 2);
  clock.advance(1000);
  assert.is(await taken, 'one');
  await eventually(2000, 'the end of the stream that was taken late', () => service.openStreams === 0, 2);
  caller.say(700);
  await shows(caller, 'two');
  const second = caller.take();
  caller.listen(20);
  await eventually(2000, 'two streams, one of which still ends', () => service.openStreams === 2, 2);
  caller.session.close();
  assert.is(await second, '');
  await eventually(2000, 'the end of both', () => service.openStreams === 0, 2);
  await eventually(2000, 'the end of the connection', () => service.openConnections === 0, 2);
});

it('where Riva hears the caller fall silent, the hang-over of our detector is not waited for', async ({ service, stt }) => {
  service.rewrite = (response) => {
    const { results } = response as { results: { is_final: boolean; audio_processed: number }[] };
    // As one that is set to end an utterance after 50 ms.
    return { results: results.map((result) => ({ ...result, audio_processed: result.audio_processed - (result.is_final ? 0.75 : 0) })) };
  };
  service.says.push('hello there');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  caller.listen(400);
  await caller.heard('partial', 6);
  assert.is(await caller.take(), 'hello there');
  service.says.push('again');
  caller.say(1000);
  await caller.heard('partial', 8);
  assert.is(service.configs.length, 1, 'the stream goes on');
  caller.session.close();
});

itTimed('a service that says nothing to a caller who speaks has failed the reply', async ({ service, stt }, clock) => {
  service.fault = { type: 'stall-in-reply', afterMs: 0 };
  service.says.push('hello there');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  const error = rejectionOf(caller.take());
  await eventually(2000, 'the service has heard it', () => service.says.length === 0, 2);
  clock.advance(1000);
  assert.is((await error).code, 'TP_ERR_PROVIDER_TIMEOUT');
  assert.is(caller.failure, undefined, 'the session may go on');
  caller.session.close();
});

it('a connection that is lost while a take waits ends the session', async ({ service, stt }) => {
  service.fault = { type: 'close-in-reply', afterMs: 500 };
  service.says.push('secret words');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  const error = await rejectionOf(caller.take());
  assert.is(error.code, 'TP_ERR_PROVIDER_LOST');
  assert.is(caller.failure, error);
  assert.is(caller.count('failed'), 1);
  assert.not.match(error.message, /secret/);
});

it('a service that ends a stream before its time has lost the session', async ({ service, stt }) => {
  service.quits = true;
  service.says.push('hello there');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  caller.listen(400);
  await caller.heard('failed');
  assert.is(caller.failure?.code, 'TP_ERR_PROVIDER_LOST');
});

it('bytes that are no response end the session, and are not repeated', async ({ service, stt }) => {
  service.rewrite = () => Buffer.from('\x0asecret words');
  service.says.push('secret words');
  const caller = await SttCaller.open(stt);
  caller.say(1000);
  await caller.heard('failed');
  assert.is(caller.failure?.code, 'TP_ERR_PROVIDER_PROTOCOL');
  assert.not.match(String(caller.failure?.message), /secret/);
});

it('responses and results that are empty say nothing', async ({ service, stt }) => {
  const empty: object[] = [{ results: [] }, { results: [{ alternatives: [], is_final: false }] }, {}];
  service.rewrite = (response) => empty.shift() ?? response;
  service.says.push('one two three four five six seven');
  const caller = await SttCaller.open(stt);
  caller.say(1500);
  assert.is(await caller.take(), 'one two three four five six seven');
  assert.is(empty.length, 0);
  caller.session.close();
});

it('a guess that comes in parts is one guess', async ({ service, stt }) => {
  service.atEnd = 'guess';
  service.endpoints = false;
  service.rewrite = () => ({
    results: [
      { alternatives: [{ transcript: 'one two ' }], is_final: false, stability: 0.9 },
      { alternatives: [{ transcript: ' three' }], is_final: false, stability: 0.1 },
    ],
  });
  service.says.push('something');
  const caller = await SttCaller.open(stt);
  caller.say(600);
  assert.is(await caller.take(), 'one two three');
  caller.session.close();
});

itTimed('a service that takes nothing any more has lost the session before the memory has', async ({ service, stt }, clock) => {
  const caller = await SttCaller.open(stt);
  service.stopReading();
  for (let i = 0; i < 60 && !caller.failure; i += 1) {
    caller.listen(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.is(caller.failure?.code, 'TP_ERR_PROVIDER_LOST');
  assert.is(clock.pending, 1, 'the goodbye is waited for');
  clock.advance(1000);
  service.readOn();
  await eventually(2000, 'the end of the connection', () => service.openConnections === 0, 2);
});

for (const [fault, code] of [
  [{ type: 'status', status: 403 }, 'TP_ERR_PROVIDER_REFUSED'],
  [{ type: 'status', status: 404 }, 'TP_ERR_PROVIDER_REQUEST'],
  [{ type: 'status', status: 429 }, 'TP_ERR_PROVIDER_BUSY'],
  [{ type: 'status', status: 503 }, 'TP_ERR_PROVIDER_LOST'],
] as const satisfies readonly (readonly [Fault, string])[]) {
  it(`a stream that ends with the status for ${fault.status} ends the session`, async ({ service, stt }) => {
    service.fault = fault;
    const caller = await SttCaller.open(stt);
    await caller.heard('failed');
    assert.is(caller.failure?.code, code);
    assert.is((await rejectionOf(caller.take())).code, code);
    assert.is(caller.count('failed'), 1);
  });
}

it('no session is had of a service that refuses connections', async ({ service, stt }) => {
  service.fault = { type: 'refuse' };
  assert.is((await rejectionOf(SttCaller.open(stt))).code, 'TP_ERR_PROVIDER_CONNECT');
});

itTimed('a service that does not answer is given up after the time to connect', async ({ service, stt }, clock) => {
  service.fault = { type: 'hang' };
  const error = rejectionOf(SttCaller.open(stt));
  await eventually(2000, 'a connection', () => service.openConnections === 1, 2);
  clock.advance(3000);
  assert.is((await error).code, 'TP_ERR_PROVIDER_TIMEOUT');
  await eventually(2000, 'its end', () => service.openConnections === 0, 2);
  assert.is(clock.pending, 0);
});

itTimed('a call that ends before the session stands leaves nothing', async ({ service, stt }, clock) => {
  service.fault = { type: 'hang' };
  const error = await SttCaller.openAborted(stt, () => eventually(2000, 'a connection', () => service.openConnections === 1, 2));
  assert.is((error as TalkpathError).code, 'TP_ERR_PROVIDER_CONNECT');
  await eventually(2000, 'its end', () => service.openConnections === 0, 2);
  assert.is(clock.pending, 0);
});

it('an older service that tells nothing of its models is there all the same', async ({ service, stt }) => {
  service.tellsConfig = false;
  await stt.probe?.(new AbortController().signal);
});

it('a probe asks for the model: one that is not there is an error of the settings', async ({ settings }) => {
  const stt = await createRivaStt({ ...settings, model: 'another' }, systemClock);
  assert.is((await rejectionOf(stt.probe?.(new AbortController().signal))).code, 'TP_ERR_PROVIDER_REQUEST');
});

test('without the packages for gRPC the error names the one that is missing', async () => {
  const name = '@grpc/not-installed';
  const load = (): Promise<never> => optionalPackage(name, () => import(name) as Promise<never>);
  const error = await rejectionOf(createRivaStt({ type: 'riva', url: 'http://127.0.0.1:1' }, systemClock, undefined, load));
  assert.is(error.code, 'TP_ERR_PACKAGE_MISSING');
  assert.match(error.message, name);
});

test('a package that is there and broken is not said to be missing', async () => {
  const error = await rejectionOf(optionalPackage('x', () => Promise.reject(new Error('broken'))));
  assert.is(error.message, 'broken');
});

test.run();
