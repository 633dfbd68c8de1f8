import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import type { ProviderEvent } from '#talkpath/providers/provider.js';
import { CallBench, FakeProvider, settled } from '../../support/call-bench.js';
import { fallback, heardBy, ladder, lost, pcm, says } from '../../support/ladder.js';

/** What becomes of a call whose provider fails while the caller is on the line. */

test('a provider that is lost before it has said anything is replaced, and the next is asked the same', async () => {
  const { bench, first, second } = await ladder();
  assert.equal(first.asked, ['request 1 greeting']);
  lost(first);
  await settled();
  assert.equal(second.asked, ['request 1 greeting']);
  assert.ok(first.asked.includes('close'));
  assert.equal(
    bench.call.view().providers.map(({ provider, level }) => [provider, level]),
    [
      ['first', 0],
      ['second', 1],
    ],
  );
});

test('a provider that is lost in the middle of a sentence is followed by one that knows what was said, in the same turn', async () => {
  const { bench, first, second } = await ladder();
  says(first, 1, 'one two three four', 1200);
  bench.playout('started', 1);
  lost(first);
  await settled();
  assert.equal(second.asked, ['request 1 resume']);
  assert.equal(heardBy(second), [{ who: 'agent', text: 'one two three four' }]);
  says(second, 1, 'five six', 500);
  second.options?.on({ type: 'reply-ended', turn: 1 });
  const engine = bench.taken().engine;
  assert.equal(
    engine.filter((what) => /^(audio|end|flush)/.test(what)),
    ['audio 1 19200', 'audio 1 8000', 'end 1'],
  );
  assert.equal(
    bench.call.view().transcript.map(({ text }) => text),
    ['one two three four five six'],
  );
});

test('what a lost provider still sends is dropped', async () => {
  const { bench, first } = await ladder();
  lost(first);
  await settled();
  bench.taken();
  says(first, 1, 'too late', 500);
  assert.equal(bench.taken().engine, []);
});

test("the caller's words that a lost provider had not understood are heard by the next", async () => {
  const { bench, first, second } = await ladder({ greeting: '' });
  bench.speech('started');
  bench.agentEnd.heard = pcm(600);
  bench.call.pump();
  bench.speech('ended');
  bench.agentEnd.heard = pcm(200);
  bench.call.pump();
  bench.clock.advance(400);
  assert.ok(first.asked.includes('request 1 caller'));
  lost(first);
  await settled();
  assert.equal(second.asked, ['audio 9600 speaking', 'audio 3200 silent', 'request 1 caller']);
});

test("the caller's words that were understood are handed over as words", async () => {
  const { bench, first, second } = await ladder({ greeting: '' });
  bench.speech('started');
  bench.agentEnd.heard = pcm(600);
  bench.call.pump();
  bench.speech('ended');
  bench.clock.advance(400);
  first.options?.on({ type: 'transcript', turn: 1, who: 'caller', text: 'When are you open?', final: true });
  lost(first);
  await settled();
  assert.equal(second.asked, ['request 1 resume']);
  assert.equal(heardBy(second), [{ who: 'caller', text: 'When are you open?' }]);
});

test('a caller who speaks while nobody is there is heard by who comes', async () => {
  const { bench, first, second } = await ladder({ greeting: '' });
  let connected: () => void = () => {};
  second.connecting = new Promise((resolve) => {
    connected = resolve;
  });
  lost(first);
  await settled();
  bench.speech('started');
  bench.agentEnd.heard = pcm(300);
  bench.call.pump();
  connected();
  await settled();
  assert.equal(second.asked, ['audio 4800 speaking']);
});

test('a reply that fails is asked of the next provider, and its failure is not the caller’s affair', async () => {
  const { bench, first, second } = await ladder();
  first.options?.on({ type: 'failed', turn: 1, code: 'TP_ERR_PROVIDER_BUSY', message: 'busy', retryable: true });
  await settled();
  assert.equal(second.asked, ['request 1 greeting']);
  assert.is(bench.call.view().turns[0]?.failure, undefined);
});

test('when nobody can give the reply the fallback line is heard, and the next reply is tried anew', async () => {
  const { bench, first, second } = await ladder();
  const fails = (provider: FakeProvider) => (turn: number) =>
    provider.options?.on({ type: 'failed', turn, code: 'TP_ERR_PROVIDER_CONNECT', message: 'no', retryable: true });
  first.whenAsked = fails(first);
  second.whenAsked = fails(second);
  lost(first);
  for (let i = 0; i < 6; i += 1) await settled();
  assert.ok(bench.taken().engine.includes('audio 2 8000'), 'the fallback line');
  assert.is(bench.call.view().turns[0]?.failure, 'TP_ERR_PROVIDER_CONNECT');
  first.whenAsked = () => {};
  bench.playout('ended', 2, 500);
  bench.clock.advance(8000);
  await settled();
  assert.ok(first.asked.includes('request 3 no-input'));
});

test('a caller who waits for the next provider hears a word in between, before a second of silence is over', async () => {
  const { bench, first, second } = await ladder();
  second.connecting = new Promise(() => {});
  says(first, 1, 'one two', 500);
  bench.playout('started', 1);
  bench.clock.advance(300);
  bench.playout('progressed', 1, 300);
  lost(first);
  await settled();
  bench.taken();
  bench.clock.advance(200 + 599);
  assert.equal(bench.taken().engine, []);
  bench.clock.advance(1);
  assert.equal(bench.taken().engine, ['audio 1 6400']);
  assert.is(bench.call.view().bridgeLines, 1);
  assert.equal(
    bench.call.view().transcript.map(({ text }) => text),
    ['one two One moment.'],
  );
});

test('a reply that is late is bridged once, and one that comes in time is not', async () => {
  const { bench, first } = await ladder();
  bench.clock.advance(1199);
  assert.is(bench.call.view().bridgeLines, 0);
  bench.clock.advance(1);
  assert.is(bench.call.view().bridgeLines, 1);
  bench.playout('started', 1);
  bench.clock.advance(1500);
  assert.is(bench.call.view().bridgeLines, 1);
  first.options?.on({ type: 'reply-ended', turn: 1 });
  const quick = await ladder();
  says(quick.first, 1, 'Hello.', 3000);
  quick.first.options?.on({ type: 'reply-ended', turn: 1 });
  quick.bench.clock.advance(1900);
  assert.is(quick.bench.call.view().bridgeLines, 0);
});

test('audio that cannot be heard does not hold the bridge off', async () => {
  for (const [bytes, everyMs] of [
    [0, 100],
    [1, 10],
  ] as const) {
    const { bench, first } = await ladder();
    for (let ms = 0; ms < 1200; ms += everyMs) {
      first.options?.on({ type: 'reply-audio', turn: 1, audio: new Uint8Array(bytes), format: pcm16(8000) });
      bench.clock.advance(everyMs);
    }
    assert.is(bench.call.view().bridgeLines, 1, `${bytes} bytes`);
  }
});

test('a reply that comes in small pieces is heard, and not bridged', async () => {
  const { bench, first } = await ladder();
  for (let ms = 0; ms < 3000; ms += 5) {
    first.options?.on({ type: 'reply-audio', turn: 1, audio: pcm(5), format: pcm16(8000) });
    bench.clock.advance(5);
  }
  assert.is(bench.call.view().bridgeLines, 0);
});

test('a caller who speaks over the agent hears no bridge', async () => {
  const { bench, first } = await ladder();
  says(first, 1, 'one two', 500);
  bench.playout('started', 1);
  bench.speech('started');
  bench.playout('paused', 1, 100);
  bench.clock.advance(249);
  bench.clock.advance(3000);
  assert.is(bench.call.view().bridgeLines, 0);
});

test('a tool that takes its time is bridged by a word, again and again, and its result is told', async () => {
  const { bench, first } = await ladder();
  let answer: (text: string) => void = () => {};
  bench.toolAnswer = new Promise((resolve) => {
    answer = (text) => resolve({ text, isSpokenOf: true });
  });
  says(first, 1, 'Let me see.', 300);
  bench.playout('started', 1);
  first.options?.on({ type: 'tool-call', turn: 1, id: 'a', name: 'book', arguments: { day: 'Monday' } });
  assert.equal(bench.toolsUsed, ['book {"day":"Monday"}']);
  for (let lines = 0, ms = 0; ms < 5000; ms += 100) {
    bench.clock.advance(100);
    if (bench.call.view().bridgeLines > lines) bench.playout('progressed', 1, 300 + 400 * lines + 50);
    lines = bench.call.view().bridgeLines;
  }
  assert.ok(bench.call.view().bridgeLines >= 2, `${bench.call.view().bridgeLines} lines`);
  assert.is(bench.call.view().turns[0]?.failure, undefined);
  answer('booked');
  await settled();
  assert.ok(first.asked.includes('tool a booked'));
});

test('a call that went down the ladder comes back up while nobody speaks, and takes what was said with it', async () => {
  const { bench, first, second } = await ladder();
  lost(first);
  await settled();
  says(second, 1, 'Hello.', 300);
  second.options?.on({ type: 'reply-ended', turn: 1 });
  bench.playout('started', 1);
  bench.playout('ended', 1, 300);
  first.asked.length = 0;
  bench.clock.advance(7000);
  bench.speech('started');
  bench.clock.advance(9000);
  await settled();
  assert.equal(first.asked, [], 'not while the caller speaks');
  bench.speech('ended');
  bench.clock.advance(400);
  second.options?.on({ type: 'reply-ended', turn: 2 });
  bench.playout('ended', 2);
  bench.clock.advance(1000);
  await settled();
  assert.is(bench.call.view().providers.at(-1)?.provider, 'first');
  assert.equal(heardBy(first), [{ who: 'agent', text: 'Hello.' }]);
  assert.ok(second.asked.includes('close'));
});

test('a better level that has missed a turn while it was connected does not take the call, and is asked anew', async () => {
  const { bench, first, second } = await ladder();
  lost(first);
  await settled();
  second.options?.on({ type: 'reply-ended', turn: 1 });
  bench.playout('ended', 1);
  bench.clock.advance(8000);
  second.options?.on({ type: 'reply-ended', turn: 2 });
  bench.playout('ended', 2);
  let connected: () => void = () => {};
  first.connecting = new Promise((resolve) => {
    connected = resolve;
  });
  bench.clock.advance(7200);
  await settled();
  assert.is(first.connects, 2);
  bench.speech('started');
  bench.speech('ended');
  bench.clock.advance(400);
  second.options?.on({ type: 'transcript', turn: 3, who: 'caller', text: 'Book Monday.', final: true });
  second.options?.on({ type: 'tool-call', turn: 3, id: 'a', name: 'book', arguments: { day: 'Monday' } });
  await settled();
  says(second, 3, 'Booked.', 300);
  second.options?.on({ type: 'reply-ended', turn: 3 });
  bench.playout('started', 3);
  bench.playout('ended', 3, 300);
  connected();
  await settled();
  assert.not.ok(second.asked.includes('close'));
  bench.clock.advance(1000);
  await settled();
  assert.ok(second.asked.includes('close'));
  const said = [
    { who: 'caller', text: 'Book Monday.' },
    { who: 'agent', text: 'Booked.' },
  ];
  assert.equal([heardBy(first), first.options?.call.done.length], [said, 1]);
});

test('two tools under one name have one answer, that of the latter, and the former is called off', async () => {
  const { bench, first } = await ladder();
  bench.toolAnswer = new Promise(() => {});
  first.options?.on({ type: 'tool-call', turn: 1, id: 'a', name: 'weather', arguments: {} });
  const { toolSignal } = bench;
  bench.toolAnswer = Promise.resolve({ text: 'sun', isSpokenOf: true });
  first.options?.on({ type: 'tool-call', turn: 1, id: 'a', name: 'weather', arguments: {} });
  await settled();
  assert.ok(toolSignal?.aborted);
  assert.equal(
    first.asked.filter((what) => what.startsWith('tool')),
    ['tool a sun'],
  );
});

for (const order of [
  ['transfer', 'hang_up'],
  ['hang_up', 'transfer'],
])
  test(`a caller who is put through is not hung up on: ${order.join(', then ')}`, async () => {
    const { bench, first } = await ladder();
    for (const [i, name] of order.entries())
      first.options?.on({ type: 'tool-call', turn: 1, id: `${i}`, name, arguments: name === 'transfer' ? { to: 'kitchen' } : {} });
    await settled();
    says(first, 1, 'Goodbye.', 500);
    first.options?.on({ type: 'reply-ended', turn: 1 });
    bench.playout('started', 1);
    bench.playout('ended', 1, 500);
    assert.equal([bench.call.view().disposition, bench.hangUps, bench.transferTo], ['transfer', 1, 'kitchen']);
  });

test('a level that is known not to take calls is not tried on the way up', async () => {
  const { bench, first, second } = await ladder();
  first.admits = false;
  lost(first);
  await settled();
  second.options?.on({ type: 'reply-ended', turn: 1 });
  bench.playout('ended', 1);
  first.options = undefined;
  bench.clock.advance(7900);
  second.options?.on({ type: 'reply-ended', turn: 2 });
  bench.clock.advance(15_000);
  await settled();
  assert.is(first.options, undefined);
});

test('a provider of its own turns ends the caller’s turn, and silence is only its back-stop', async () => {
  const own = new FakeProvider('own', 'own');
  const bench = new CallBench({ provider: own, greeting: '' });
  await bench.start();
  bench.speech('started');
  bench.speech('ended');
  bench.clock.advance(2900);
  assert.equal(own.asked, []);
  own.options?.on({ type: 'turn-ended' });
  assert.equal(own.asked, ['request 1 caller']);
  own.options?.on({ type: 'reply-ended', turn: 1 });
  bench.playout('ended', 1);
  bench.speech('started');
  bench.speech('ended');
  bench.clock.advance(3000);
  assert.equal(own.asked, ['request 1 caller', 'request 2 caller']);
});

test('what each provider has used stands on the record, the time with it too, after the call as well', async () => {
  const { bench, first } = await ladder();
  first.options?.on({ type: 'usage', usage: { output_audio_tokens: 20 } });
  first.options?.on({ type: 'usage', usage: { output_audio_tokens: 5, input_text_tokens: 3 } });
  bench.clock.advance(2500);
  bench.call.end();
  assert.equal(bench.call.view().usage, { first: { output_audio_tokens: 25, input_text_tokens: 3, connected_seconds: 2.5 } });
});

test('what a provider tells of its use when it is already gone counts too', async () => {
  const { bench, first } = await ladder();
  const { options } = first;
  const on = (event: ProviderEvent): void => options?.on(event);
  lost(first);
  await settled();
  on({ type: 'usage', usage: { output_audio_tokens: 7 } });
  bench.call.end();
  on({ type: 'usage', usage: { output_audio_tokens: 1 } });
  assert.is(bench.call.view().usage.first?.output_audio_tokens, 8);
});

test('what a tool answers goes to the provider that asked, and to no other that calls its tools by the same names', async () => {
  const { bench, first, second } = await ladder();
  const answers: ((text: string) => void)[] = [];
  const waiting = (): Promise<{ text: string; isSpokenOf: boolean }> =>
    new Promise((resolve) => answers.push((text) => resolve({ text, isSpokenOf: true })));
  bench.toolAnswer = waiting();
  first.options?.on({ type: 'tool-call', turn: 1, id: 'tool-1', name: 'look_up', arguments: {} });
  lost(first);
  await settled();
  bench.toolAnswer = waiting();
  second.options?.on({ type: 'tool-call', turn: 1, id: 'tool-1', name: 'book', arguments: {} });
  answers[0]?.('of the first');
  await settled();
  assert.not(second.asked.some((what) => what.startsWith('tool')));
  answers[1]?.('of the second');
  await settled();
  assert.ok(second.asked.includes('tool tool-1 of the second'));
});

test('a tool that the model has made up leaves no name on the record', async () => {
  const { bench, first } = await ladder();
  first.options?.on({ type: 'tool-call', turn: 1, id: 'a', name: 'my card is 4111', arguments: {} });
  await settled();
  assert.equal(
    bench.call.view().actions.map(({ name }) => name),
    ['unknown'],
  );
});

test('a barge-in calls off what has not been done yet', async () => {
  const { bench, first } = await ladder();
  bench.toolAnswer = new Promise(() => {});
  says(first, 1, 'Let me see what I can do.', 3000);
  bench.playout('started', 1);
  first.options?.on({ type: 'tool-call', turn: 1, id: 'a', name: 'book', arguments: {} });
  bench.speech('started');
  assert.is(bench.toolSignal?.aborted, false);
  bench.clock.advance(250);
  assert.is(bench.toolSignal?.aborted, true);
});

test('a line that bridged the wait is no farewell, and one that is under way is', async () => {
  const { bench, first } = await ladder();
  bench.clock.advance(1200);
  assert.is(bench.call.view().bridgeLines, 1);
  assert.is(bench.call.carryOut({ type: 'hang-up' }).isSpokenOf, true);
  first.options?.on({ type: 'transcript', turn: 1, who: 'agent', text: 'Goodbye.', final: true });
  assert.is(bench.call.carryOut({ type: 'hang-up' }).isSpokenOf, false);
});

test('a caller who speaks over an answer is heard whole by who takes over', async () => {
  const { bench, first, second } = await ladder();
  says(first, 1, 'A long story.', 5000);
  bench.playout('started', 1);
  bench.speech('started');
  for (let frame = 0; frame < 10; frame += 1) {
    bench.agentEnd.heard = pcm(20);
    bench.call.pump();
    says(first, 1, '', 20);
  }
  bench.clock.advance(250);
  lost(first);
  await settled();
  assert.is(second.asked.filter((what) => what === 'audio 320 speaking').length, 10);
});

test('a reply that waits for a tool is not given up, bridged or not, and one that is over it has its time again', async () => {
  const first = new FakeProvider('ours', 'first');
  const bench = new CallBench({ provider: first, line: fallback });
  await bench.start();
  let answer: () => void = () => {};
  bench.toolAnswer = new Promise((resolve) => {
    answer = () => resolve({ text: 'booked', isSpokenOf: true });
  });
  says(first, 1, 'Let me book that.', 300);
  bench.playout('started', 1);
  first.options?.on({ type: 'tool-call', turn: 1, id: 'a', name: 'book', arguments: {} });
  bench.clock.advance(30_000);
  assert.is(bench.call.view().turns[0]?.failure, undefined);
  answer();
  await settled();
  bench.clock.advance(3999);
  assert.is(bench.call.view().turns[0]?.failure, undefined);
  bench.clock.advance(1);
  assert.is(bench.call.view().turns[0]?.failure, 'playout-stalled');
});

test('a level that an operator holds back is passed over without a word', async () => {
  const first = new FakeProvider('ours', 'first');
  const second = new FakeProvider('ours', 'second');
  first.isHeldBack = true;
  const bench = new CallBench({ provider: first, others: [second] });
  await bench.start();
  assert.equal(second.asked, ['request 1 greeting']);
  assert.equal(bench.call.view().providerFailures, []);
});

test('the latency of a reply is that of the reply, and not of the line that bridged the wait for it', async () => {
  const { bench, first } = await ladder({ greeting: '' });
  bench.speech('started');
  bench.clock.advance(500);
  bench.speech('ended');
  bench.clock.advance(400 + 1200);
  bench.playout('started', 1);
  assert.is(bench.call.view().turns[0]?.replyLatencyMs, undefined);
  bench.clock.advance(600);
  says(first, 1, 'Yes.', 300);
  bench.clock.advance(100);
  bench.playout('progressed', 1, 450);
  assert.is(bench.call.view().turns[0]?.replyLatencyMs, 400 + 1200 + 600 + 100 - 50);
});

test('a call that ends while the next provider is sought leaves nothing open', async () => {
  const { bench, first, second } = await ladder();
  let connected: () => void = () => {};
  second.connecting = new Promise((resolve) => {
    connected = resolve;
  });
  lost(first);
  await settled();
  bench.call.end();
  connected();
  await settled();
  assert.equal(second.asked, ['close']);
  assert.is(bench.clock.pending, 0);
});

test.run();
