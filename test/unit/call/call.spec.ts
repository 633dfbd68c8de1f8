import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { CallBench, FakeProvider, settled, turnTaking } from '../../support/call-bench.js';
import { lost } from '../../support/ladder.js';

const pcm = (ms: number): Uint8Array => new Uint8Array(ms * 16);
const fallback = { text: 'Sorry.', pcm: pcm(500), rateHz: 8000 };

/** A call whose greeting of 1 s is being heard. */
async function greeted(): Promise<CallBench> {
  const bench = new CallBench({ line: fallback });
  await bench.start();
  bench.provider.options?.on({ type: 'transcript', turn: 1, who: 'agent', text: 'one two three four', final: true });
  bench.provider.options?.on({ type: 'reply-audio', turn: 1, audio: pcm(1000), format: pcm16(8000) });
  bench.playout('started', 1);
  bench.taken();
  return bench;
}

test('a reply goes from the provider to the engine, and its end with it', async () => {
  const bench = new CallBench();
  await bench.start();
  assert.equal(bench.taken().provider, ['request 1 greeting']);
  bench.provider.options?.on({ type: 'reply-audio', turn: 1, audio: pcm(20), format: pcm16(8000) });
  bench.provider.options?.on({ type: 'reply-ended', turn: 1 });
  assert.equal(bench.taken().engine, ['audio 1 320', 'end 1']);
});

test("the caller's audio goes to the provider, with what the engine's voice detection says of it", async () => {
  const bench = new CallBench({ greeting: '' });
  await bench.start();
  bench.taken();
  bench.agentEnd.heard = pcm(20);
  bench.call.pump();
  bench.agentEnd.heard = pcm(10);
  bench.speech('started');
  assert.equal(bench.taken().provider, ['audio 320 silent', 'audio 160 speaking']);
});

test('a reply that is asked for before the provider stands is asked for when it does', async () => {
  const provider = new FakeProvider();
  let connected: () => void = () => {};
  provider.connecting = new Promise((resolve) => {
    connected = resolve;
  });
  const bench = new CallBench({ provider });
  await bench.start();
  assert.equal(bench.taken().provider, []);
  connected();
  await settled();
  assert.equal(bench.taken().provider, ['request 1 greeting']);
});

test('a provider that does not stand in time is not asked for a reply that is overdue', async () => {
  const provider = new FakeProvider();
  let connected: () => void = () => {};
  provider.connecting = new Promise((resolve) => {
    connected = resolve;
  });
  const bench = new CallBench({ provider, line: fallback });
  await bench.start();
  bench.clock.advance(4000);
  assert.ok(bench.taken().engine.includes('audio 2 8000'), 'the fallback line is heard instead');
  connected();
  await settled();
  assert.equal(bench.taken().provider, []);
});

test('a provider that cannot be had is replaced by the fallback line, once for each reply', async () => {
  const provider = new FakeProvider();
  provider.connecting = Promise.reject(new Error('no route'));
  const bench = new CallBench({ provider, line: fallback });
  await bench.start();
  assert.equal(
    bench.taken().engine.filter((what) => what.startsWith('audio')),
    ['audio 2 8000'],
  );
  bench.playout('ended', 2, 500);
  bench.clock.advance(8000);
  await settled();
  assert.equal(
    bench.taken().engine.filter((what) => what.startsWith('audio')),
    ['audio 4 8000'],
  );
  assert.equal(bench.call.view().notices, ['provider-unavailable']);
});

test('a provider that fails the moment it is asked leaves the fallback line with its timer', async () => {
  const provider = new FakeProvider();
  provider.whenAsked = (turn) => provider.options?.on({ type: 'failed', turn, code: 'TP_ERR_PROVIDER_CONNECT', message: 'no', retryable: true });
  const bench = new CallBench({ provider, line: fallback });
  await bench.start();
  assert.equal(
    bench.taken().engine.filter((what) => what.startsWith('audio')),
    ['audio 2 8000'],
  );
  assert.is(bench.clock.pending, 2, 'two timers are armed: that of the fallback line, and that of the next try');
  bench.playout('ended', 2, 500);
  bench.taken();
  bench.clock.advance(8000);
  await settled();
  assert.equal(
    bench.taken().provider.filter((asked) => asked.startsWith('request')),
    ['request 3 no-input', 'request 3 no-input'],
    'asked once more before it is given up',
  );
  assert.is(bench.clock.pending, 2, 'that of the second fallback line, and that of the next try');
});

test('a call without any voice whose provider is lost is ended all the same', async () => {
  const provider = new FakeProvider();
  provider.connecting = Promise.reject(new Error('no route'));
  const bench = new CallBench({ provider });
  await bench.start();
  bench.clock.advance(20_000);
  assert.ok(bench.hangUps > 0);
});

test('a reply that is waited for in vain, and one that stops, say so on the record', async () => {
  const bench = new CallBench();
  await bench.start();
  bench.clock.advance(4000);
  assert.is(bench.call.view().turns[0]?.failure, 'reply-overdue');
  assert.equal(bench.call.view().notices, ['no-fallback-line']);
  const stalled = await greeted();
  stalled.clock.advance(2000);
  assert.is(stalled.call.view().turns[0]?.failure, 'playout-stalled');
});

test('a barge-in stops the reply, and the provider learns what was heard of it', async () => {
  const bench = await greeted();
  bench.provider.options?.on({ type: 'reply-ended', turn: 1 });
  bench.taken();
  bench.playout('progressed', 1, 400);
  bench.clock.advance(100);
  bench.speech('started', 60);
  bench.playout('paused', 1, 505);
  assert.equal(bench.taken().engine, ['pause']);
  bench.clock.advance(250);
  assert.equal(bench.taken(), { provider: ['cancel 1 after 505 "one two"'], engine: ['flush 1', 'disarm-barge-in'] });
  bench.playout('flushed', 1, 505);
  const [turn] = bench.call.view().turns;
  assert.is(turn?.cutAfterMs, 505);
  assert.is(turn?.bargeInStopMs, 60);
  assert.equal(
    bench.call.view().transcript.map(({ text, cut }) => [text, cut]),
    [['one two', true]],
  );
});

test('audio of a reply that was cancelled is dropped', async () => {
  const bench = await greeted();
  bench.speech('started');
  bench.clock.advance(250);
  bench.taken();
  bench.provider.options?.on({ type: 'reply-audio', turn: 1, audio: pcm(20), format: pcm16(8000) });
  bench.provider.options?.on({ type: 'reply-ended', turn: 1 });
  assert.equal(bench.taken().engine, []);
});

test('the latency of a reply runs from the end of the speech to the first sample on the line', async () => {
  const bench = await greeted();
  bench.playout('ended', 1, 1000);
  bench.speech('started');
  bench.clock.advance(1000);
  bench.speech('ended', 200);
  bench.clock.advance(400);
  bench.provider.options?.on({ type: 'timing', turn: 2, stage: 'stt', ms: 12.4 });
  bench.clock.advance(100);
  bench.provider.options?.on({ type: 'reply-audio', turn: 2, audio: pcm(200), format: pcm16(8000) });
  bench.playout('started', 2);
  const turn = bench.call.view().turns.find((one) => one.turn === 2);
  assert.equal(turn, { turn: 2, cause: 'caller', stagesMs: { stt: 12 }, replyLatencyMs: 700 });
});

test('a transfer that the agent asks for is done when its words were heard', async () => {
  const bench = await greeted();
  bench.provider.options?.on({ type: 'tool-call', turn: 1, id: 'a', name: 'transfer', arguments: { to: 'sales' } });
  assert.is(bench.hangUps, 0);
  bench.playout('ended', 1, 1000);
  assert.is(bench.hangUps, 1);
  assert.is(bench.call.view().disposition, 'transfer');
  assert.equal(
    bench.call.view().actions.map(({ name }) => name),
    ['transfer'],
  );
});

test('a provider without turns passes audio on, and no timer runs', async () => {
  const bench = new CallBench({ provider: new FakeProvider('none') });
  await bench.start();
  bench.speech('started');
  bench.speech('ended');
  bench.provider.options?.on({ type: 'reply-audio', turn: 1, audio: pcm(20), format: pcm16(8000) });
  assert.equal(bench.taken(), { provider: [], engine: ['audio 1 320'] });
  assert.is(bench.clock.pending, 0);
});

test('where a provider without turns cannot be had, or is lost, the next one greets the caller', async () => {
  const refusing = new FakeProvider('none', 'stream');
  refusing.connecting = Promise.reject(new Error('busy'));
  const streaming = new FakeProvider('none', 'stream');
  for (const stream of [refusing, streaming]) {
    const person = new FakeProvider('ours', 'person');
    const bench = new CallBench({ provider: stream, others: [person] });
    await bench.start();
    if (stream === streaming) lost(stream);
    await settled();
    assert.equal(person.asked, ['request 1 greeting']);
    // The stream can be had again: nobody who is spoken with is put back to it.
    stream.connecting = Promise.resolve();
    for (const turn of [1, 2]) {
      person.options?.on({ type: 'reply-ended', turn });
      bench.playout('started', turn);
      bench.playout('ended', turn, 500);
      bench.clock.advance(turnTaking.noInputMs);
      await settled();
    }
    assert.is(stream.connects, 2);
    assert.not.ok(person.asked.includes('close'), `${person.asked}`);
  }
});

test('a held-back provider without turns keeps nobody from being greeted', async () => {
  const stream = new FakeProvider('none', 'stream');
  stream.isHeldBack = true;
  const person = new FakeProvider('ours', 'person');
  await new CallBench({ provider: stream, others: [person] }).start();
  assert.equal(person.asked, ['request 1 greeting']);
});

test('a call that ends lets go of provider, engine and timers, and nothing comes after', async () => {
  const bench = await greeted();
  bench.call.end();
  assert.equal(bench.taken().provider, ['close']);
  assert.ok(bench.agentEnd.released);
  assert.ok(bench.provider.options?.signal.aborted);
  assert.is(bench.clock.pending, 0);
  bench.provider.options?.on({ type: 'reply-audio', turn: 1, audio: pcm(20), format: pcm16(8000) });
  assert.equal(bench.taken().engine, []);
});

test('a provider that stands only after the call has ended is closed at once', async () => {
  const provider = new FakeProvider();
  let connected: () => void = () => {};
  provider.connecting = new Promise((resolve) => {
    connected = resolve;
  });
  const bench = new CallBench({ provider });
  await bench.start();
  bench.call.end();
  connected();
  await settled();
  assert.equal(bench.taken().provider, ['close']);
});

test('a stall of this thread does not end a reply that is being heard', async () => {
  const bench = await greeted();
  bench.taken();
  bench.agentEnd.events.push({ type: 'playout-progressed', atMs: bench.clock.nowMs() + 1900, turn: 1, playedMs: 2000 });
  bench.clock.advance(2050);
  assert.equal(bench.taken(), { provider: [], engine: [] });
});

test('a cough that ended during a stall is still a cough', async () => {
  const bench = await greeted();
  bench.speech('started', 60);
  bench.playout('paused', 1, 300);
  bench.taken();
  bench.agentEnd.events.push({ type: 'speech-ended', atMs: bench.clock.nowMs() + 100, agoMs: 20, streamMs: 0 });
  bench.clock.advance(600);
  assert.equal(bench.taken().engine, ['resume']);
});

test('a cough is not recorded as a barge-in', async () => {
  const bench = await greeted();
  bench.speech('started', 60);
  bench.playout('paused', 1, 300);
  bench.speech('ended', 20);
  bench.playout('progressed', 1, 400);
  bench.playout('ended', 1, 1000);
  assert.is(bench.call.view().turns[0]?.bargeInStopMs, undefined);
});

test('a provider that throws is lost, and the call goes on with the fallback line', async () => {
  const bench = await greeted();
  bench.playout('ended', 1, 1000);
  bench.taken();
  bench.provider.whenAsked = () => {
    throw new Error('broken');
  };
  bench.speech('started');
  bench.speech('ended');
  bench.clock.advance(400);
  await settled();
  assert.ok(bench.call.view().notices.includes('provider-lost'));
  assert.ok(bench.taken().engine.some((done) => done.startsWith('flush 2')));
  bench.call.end();
  assert.ok(bench.agentEnd.released);
});

test.run();
