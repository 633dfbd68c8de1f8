import { randomUUID } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type OpenAiRealtimeBench, openAiRealtimeBench } from '../../support/conformance/openai-realtime-bench.js';
import { ServiceCall } from '../../support/service-call.js';
import { TalkpathProcess } from '../../support/talkpath-process.js';

/** Whole calls: a caller on an AudioSocket line, talkpath, and emulated services that hear and speak in real time. */

interface Bench {
  first: OpenAiRealtimeBench;
  second: OpenAiRealtimeBench;
  talkpath: TalkpathProcess;
}

const test = suite<Bench>('calls with a realtime service');

test.before(async (context) => {
  context.first = await openAiRealtimeBench();
  context.second = await openAiRealtimeBench();
  for (const { service } of [context.first, context.second]) service.pace = 1;
  const type = (bench: OpenAiRealtimeBench): string =>
    `type: openai-realtime, url: "${bench.service.base}", api_key: ${bench.service.key}, silence_ms: 300`;
  context.talkpath = await TalkpathProcess.start({
    settings: `
default_provider: first
fallback: [second]
providers:
  first: { ${type(context.first)} }
  second: { ${type(context.second)} }
contexts:
  default: { greeting: Good morning., prompt: You are a receptionist. }
health: { probe_every_s: 0 }
prices: { providers: { first: { output_audio_tokens: 64, input_audio_tokens: 32 } } }
`,
  });
});
test.after.each(({ first, second }) => {
  for (const bench of [first, second]) {
    bench.setFault(undefined);
    bench.service.answers.length = 0;
    bench.service.words.length = 0;
  }
});
test.after(async ({ first, second, talkpath }) => {
  await talkpath.stop();
  await first.close();
  await second.close();
});

test('a caller is greeted, heard and answered, in the telephone’s own format, and the record says what it cost', async ({ first, talkpath }) => {
  first.agentWillSay('Good morning.', 800);
  first.callerWillSay('When are you open?');
  first.agentWillSay('From nine to five.', 1000);
  const callId = randomUUID();
  const call = await ServiceCall.place(talkpath, callId);
  const greeting = await call.hearsReply();
  assert.ok(Math.abs(greeting.toMs - greeting.fromMs - 800) < 120, JSON.stringify(greeting));
  await call.says('When are you open?');
  await call.hearsReply(greeting.toMs + 500);
  call.hangUp();
  const record = await talkpath.endedCall(callId);
  assert.equal([record.plan.provider, record.plan.input, record.plan.output], ['first', 'mulaw 8000', 'mulaw 8000']);
  assert.equal(
    record.transcript.map(({ who, text }) => [who, text]),
    [
      ['agent', 'Good morning.'],
      ['caller', 'When are you open?'],
      ['agent', 'From nine to five.'],
    ],
  );
  assert.equal(
    record.providers.map(({ provider, level }) => [provider, level]),
    [['first', 0]],
  );
  assert.equal(record.providerFailures, []);
  assert.ok((record.usage.first?.output_audio_tokens ?? 0) > 0, JSON.stringify(record.usage));
  assert.ok((record.usage.first?.connected_seconds ?? 0) > 2);
  assert.ok((record.cost?.total ?? 0) > 0);
  assert.ok((record.turns.find(({ turn }) => turn === 2)?.replyLatencyMs ?? 0) > 300);
  assert.is(await talkpath.metric('talkpath_provider_sessions', { provider: 'first' }), 0);
  assert.ok((await talkpath.metric('talkpath_usage_total', { provider: 'first', unit: 'output_audio_tokens' })) > 0);
  assert.equal(first.violations(), []);
});

test('a provider that is killed in mid-utterance is followed by the next within a second, and no word is said twice', async ({
  first,
  second,
  talkpath,
}) => {
  const words = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen';
  first.agentWillSay(words, 6000);
  first.setFault({ type: 'close-in-reply', afterMs: 2500 });
  second.agentWillSay('and the rest of it.', 1500);
  const callId = randomUUID();
  const call = await ServiceCall.place(talkpath, callId);
  const whole = await call.hearsReply(0, 2000);
  call.hangUp();
  const record = await talkpath.endedCall(callId);
  // The sounds of both, and at most a second of silence between them.
  const gaps = call.sounds.slice(1).map((sound, i) => sound.fromMs - (call.sounds[i]?.toMs ?? 0));
  assert.ok(
    gaps.every((ms) => ms <= 1000),
    `${gaps} ms`,
  );
  assert.ok(whole.toMs - (call.sounds[0]?.fromMs ?? 0) > 3800, JSON.stringify(call.sounds));
  assert.equal(
    record.providers.map(({ provider, level }) => [provider, level]),
    [
      ['first', 0],
      ['second', 1],
    ],
  );
  assert.equal(
    record.providerFailures.map(({ provider, code, wasTalking }) => [provider, code, wasTalking]),
    [['first', 'TP_ERR_PROVIDER_LOST', true]],
  );
  const told = /"text":"(one [a-z ]*)"/.exec(JSON.stringify(second.service.received))?.[1] ?? '';
  assert.ok(words.startsWith(told) && told.split(' ').length >= 4 && told.split(' ').length <= 8, told);
  const [said] = record.transcript;
  assert.ok(said?.text.startsWith(told) && said.text.endsWith('and the rest of it.'), said?.text);
  assert.equal(second.violations(), []);
});

test('a provider that cannot be had as the call begins is passed over', async ({ first, second, talkpath }) => {
  first.setFault({ type: 'status', status: 500 });
  second.agentWillSay('Good morning.', 800);
  const callId = randomUUID();
  const call = await ServiceCall.place(talkpath, callId);
  const greeting = await call.hearsSound();
  assert.ok(greeting.fromMs < 1500, `${greeting.fromMs} ms`);
  call.hangUp();
  const record = await talkpath.endedCall(callId);
  assert.equal(
    record.providerFailures.map(({ provider, code, wasTalking }) => [provider, code, wasTalking]),
    [['first', 'TP_ERR_PROVIDER_CONNECT', false]],
  );
  assert.is(record.plan.provider, 'second');
});

test('an operator switches a provider off, and has calls begin further down', async ({ first, second, talkpath }) => {
  const placed = async (): Promise<string> => {
    first.agentWillSay('Good morning.', 400);
    second.agentWillSay('Good morning.', 400);
    const callId = randomUUID();
    const call = await ServiceCall.place(talkpath, callId);
    await call.hearsSound();
    call.hangUp();
    return (await talkpath.endedCall(callId)).plan.provider;
  };
  const put = (path: string, body: object): Promise<unknown> => talkpath.request('PUT', path, body);
  await put('/v1/providers/first', { off: true });
  assert.is(await placed(), 'second');
  assert.is(await talkpath.metric('talkpath_provider_up', { provider: 'first' }), 0);
  assert.is(await talkpath.metric('talkpath_ladder_level'), 1);
  await put('/v1/providers/first', { off: false });
  assert.is(await placed(), 'first');
  assert.equal(await put('/v1/ladder', { from: 'second' }), { chain: ['first', 'second'], from: 'second', level: 1 });
  assert.is(await placed(), 'second');
  assert.equal(await put('/v1/ladder', { from: null }), { chain: ['first', 'second'], from: null, level: 0 });
  await put('/v1/providers/second', { off: true });
  await put('/v1/providers/first', { off: true });
  assert.match(String(await talkpath.request('GET', '/readyz').catch(String)), /503/);
  await put('/v1/providers/first', { off: false });
  await put('/v1/ladder', { from: 'second' });
  assert.match(String(await talkpath.request('GET', '/readyz').catch(String)), /503/, 'what is held back is not had');
  await put('/v1/ladder', { from: null });
  await put('/v1/providers/second', { off: false });
  assert.equal(await talkpath.request('GET', '/readyz'), { status: 'ready' });
  await put('/v1/providers/first', { off: false });
  for (const [path, body, expected] of [
    ['/v1/providers/nobody', { off: true }, /404.*TP_ERR_PROVIDER_UNKNOWN/],
    ['/v1/providers/first', { off: 'yes' }, /400.*Expected true or false for off/],
    ['/v1/ladder', { from: 'nobody' }, /400.*Expected null or one of first, second for from/],
    ['/v1/ladder', { from: 'echo' }, /400.*Expected null or one of first, second for from/],
    ['/v1/ladder', {}, /400/],
  ] as const) {
    assert.match(String(await put(path, body).catch(String)), expected);
  }
});

test.run();
