import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { TalkpathError } from '#talkpath/base/errors.js';
import { Budgets } from '#talkpath/providers/guard/budgets.js';
import { GuardedProvider } from '#talkpath/providers/guard/guarded-provider.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import type { ProviderEvent } from '#talkpath/providers/provider.js';
import { settled } from '../../../support/call-bench.js';
import { callContext } from '../../../support/call-context.js';
import { FakeSessionProvider } from '../../../support/fake-session-provider.js';
import { ManualClock } from '../../../support/manual-clock.js';

const limits = { connect_ms: 1000, first_audio_ms: 2000, idle_ms: 1500, max_calls: 2, failures_to_open: 3, open_s: 10 };

interface Bench {
  clock: ManualClock;
  provider: FakeSessionProvider;
  guard: GuardedProvider;
  events: ProviderEvent[];
  abort: AbortController;
  switches: { off: boolean };
  connect: (number?: string) => ReturnType<GuardedProvider['connect']>;
}

const test = suite<Bench>('guarded provider');

function bench(budgets?: ConstructorParameters<typeof Budgets>[0]): Bench {
  const clock = new ManualClock();
  const provider = new FakeSessionProvider();
  const switches = { off: false };
  const guard = new GuardedProvider(provider, { limits, clock, budgets: budgets && new Budgets(budgets, clock), isOff: () => switches.off });
  const events: ProviderEvent[] = [];
  const abort = new AbortController();
  const connect = (number?: string) =>
    guard.connect({
      signal: abort.signal,
      input: pcm16(8000),
      output: pcm16(8000),
      on: (event) => events.push(event),
      call: callContext({ caller: { number } }),
      history: [],
    });
  return { clock, provider, guard, events, abort, switches, connect };
}

const connectOptions = { input: pcm16(8000), output: pcm16(8000), on: () => {}, call: callContext({}), history: [] };

test.before.each((context) => void Object.assign(context, bench()));

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'connected',
    (error: unknown) => (error instanceof TalkpathError ? error.code : String(error)),
  );
const audio = (turn: number, ms = 20): ProviderEvent => ({ type: 'reply-audio', turn, audio: new Uint8Array(ms * 16), format: pcm16(8000) });
const failure: ProviderEvent = { type: 'failed', code: 'TP_ERR_PROVIDER_LOST', message: 'gone', retryable: true };

test('a session that does not come within its time is given up, and closed when it comes', async ({ provider, connect, clock }) => {
  let come: () => void = () => {};
  provider.connecting = () => new Promise((resolve) => (come = resolve));
  const code = codeOf(connect());
  clock.advance(1000);
  assert.is(await code, 'TP_ERR_PROVIDER_TIMEOUT');
  come();
  await settled();
  assert.is(provider.open.size, 0);
  assert.is(clock.pending, 0);
});

test('a call that ends while the session is opened lets go of it at once', async ({ provider, connect, guard, abort, clock }) => {
  provider.connecting = () => new Promise(() => {});
  const code = connect().catch(() => 'rejected');
  abort.abort();
  assert.is(await code, 'rejected');
  assert.is(guard.state.sessions, 0);
  assert.is(clock.pending, 0);
});

test('no more calls than its limit are given to it, and a place is free again when one ends', async ({ connect, guard }) => {
  const [first] = [await connect(), await connect()];
  assert.is(await codeOf(connect()), 'TP_ERR_PROVIDER_BUSY');
  assert.not(guard.admits);
  first?.close();
  first?.close();
  assert.is(guard.state.sessions, 1);
  assert.is(await codeOf(connect()), 'connected');
});

test('after failures in a row nothing is tried any more, and it says so at once', async ({ provider, connect, guard }) => {
  provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_CONNECT', 'no'));
  for (let i = 0; i < 3; i += 1) assert.is(await codeOf(connect()), 'TP_ERR_PROVIDER_CONNECT');
  await settled();
  assert.is(guard.state.circuit, 'open');
  assert.is(await codeOf(connect()), 'TP_ERR_PROVIDER_BUSY');
  assert.is(provider.connects, 3);
  assert.is(guard.state.lastFailure?.code, 'TP_ERR_PROVIDER_CONNECT');
});

test('sessions that are lost before they have said anything count as failures, those that were heard do not', async ({
  provider,
  connect,
  guard,
}) => {
  for (let i = 0; i < 3; i += 1) {
    await connect();
    provider.latest.on(audio(1));
    provider.latest.on(failure);
  }
  await settled();
  assert.is(guard.state.circuit, 'closed');
  // The last of those that were heard has failed in the end, which is the first in a row.
  for (let i = 0; i < 2; i += 1) {
    await connect();
    provider.latest.on(failure);
    await settled();
  }
  assert.is(guard.state.circuit, 'open');
});

test('who refuses us is left alone for a while, and a time that the service names is kept', async ({ provider, connect, guard, clock }) => {
  provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_BUSY', 'later', { retryAfterMs: 30_000 }));
  await codeOf(connect());
  provider.connecting = async () => {};
  clock.advance(29_999);
  assert.not(guard.admits);
  assert.is(await codeOf(connect()), 'TP_ERR_PROVIDER_BUSY');
  clock.advance(1);
  assert.ok(guard.admits);
  assert.is(await codeOf(connect()), 'connected');
  provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_REFUSED', 'no such key'));
  await codeOf(connect());
  assert.not(guard.admits);
  clock.advance(10_000);
  assert.ok(guard.admits);
});

test('a probe that succeeds ends the time of being left alone', async ({ provider, connect, guard }) => {
  provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_REFUSED', 'no such key'));
  await codeOf(connect());
  provider.probing = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_REFUSED', 'no such key'));
  await guard.probe(new AbortController().signal).catch(() => {});
  assert.not(guard.admits);
  provider.probing = async () => {};
  await guard.probe(new AbortController().signal);
  assert.ok(guard.admits);
});

test('a probe that succeeds does not end the time that a service has named', async ({ provider, connect, guard, clock }) => {
  provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_BUSY', 'later', { retryAfterMs: 120_000 }));
  await codeOf(connect());
  provider.probing = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_BUSY', 'later', { retryAfterMs: 1000 }));
  await guard.probe(new AbortController().signal).catch(() => {});
  provider.probing = async () => {};
  await guard.probe(new AbortController().signal);
  assert.not(guard.admits);
  clock.advance(119_999);
  assert.not(guard.admits);
  clock.advance(1);
  assert.ok(guard.admits);
});

test('a session that fails while it is opened is none: it costs nothing, and nothing of it goes on', async () => {
  const { guard, provider, connect, events, clock } = bench({ total_minutes: 1, per_hours: 24 });
  const connectOf = provider.connect.bind(provider);
  provider.connect = (options) => {
    options.on(failure);
    return connectOf(options);
  };
  assert.is(await codeOf(connect()), 'TP_ERR_PROVIDER_LOST');
  assert.equal(events, [failure]);
  assert.equal([guard.state.sessions, provider.open.size, clock.pending], [0, 0, 0]);
  provider.connect = connectOf;
  assert.is(await codeOf(connect()), 'connected', 'the minute is there');
});

test('what is switched off takes no call, and keeps those it has', async ({ provider, connect, switches, events }) => {
  await connect();
  switches.off = true;
  assert.is(await codeOf(connect()), 'TP_ERR_PROVIDER_OFF');
  provider.latest.on(audio(1));
  assert.is(events.length, 1);
  switches.off = false;
  assert.is(await codeOf(connect()), 'connected');
});

test('a reply that does not begin in time ends the session', async ({ provider, connect, events, clock, guard }) => {
  const session = await connect();
  session.requestReply(1, 'caller', false);
  clock.advance(1999);
  assert.equal(events, []);
  clock.advance(1);
  assert.equal(events, [{ type: 'failed', code: 'TP_ERR_PROVIDER_TIMEOUT', message: 'cloud began no reply within 2000 ms', retryable: true }]);
  assert.is(provider.open.size, 0);
  assert.is(guard.state.sessions, 0);
  assert.is(clock.pending, 0);
});

test('a reply that falls silent ends the session; one whose audio was given ahead does not', async ({ provider, connect, events, clock }) => {
  const session = await connect();
  session.requestReply(1, 'caller', false);
  provider.latest.on(audio(1, 5000));
  clock.advance(6400);
  assert.is(events.length, 1);
  clock.advance(100);
  assert.is(events.at(-1)?.type, 'failed');
});

test('a reply that drips is given up, and pauses between sentences are not', async ({ provider, connect, events, clock }) => {
  const session = await connect();
  session.requestReply(1, 'caller', false);
  for (let sentence = 0; sentence < 20; sentence += 1) {
    provider.latest.on(audio(1, 2000));
    clock.advance(2400);
  }
  assert.not(events.some(({ type }) => type === 'failed'));
  provider.latest.on({ type: 'reply-ended', turn: 1 });
  session.requestReply(2, 'caller', false);
  for (let piece = 0; piece < 10 && provider.open.size > 0; piece += 1) {
    provider.latest.on(audio(2, 20));
    clock.advance(400);
  }
  assert.is(events.at(-1)?.type, 'failed');
});

test('while a tool is at work nothing is overdue, and behind it the reply has its time again', async ({ provider, connect, events, clock }) => {
  const session = await connect();
  session.requestReply(1, 'caller', false);
  provider.latest.on({ type: 'tool-call', turn: 1, id: 'a', name: 'book', arguments: {} });
  clock.advance(20_000);
  assert.is(events.length, 1);
  session.answerTool('a', { text: 'done', isSpokenOf: true });
  clock.advance(1999);
  assert.is(events.length, 1);
  clock.advance(1);
  assert.is(events.at(-1)?.type, 'failed');
});

test('behind the end of a session nothing is told but what it has used', async ({ provider, connect, events }) => {
  const session = await connect();
  const { on } = provider.latest;
  session.close();
  on(audio(1));
  on(failure);
  on({ type: 'usage', usage: { stt_seconds: 1 } });
  assert.equal(
    events.map(({ type }) => type),
    ['usage'],
  );
});

test('a call whose budget is spent is ended with the service, and the next one is not given to it', async () => {
  const { connect, provider, events, clock, guard } = bench({ caller_minutes: 1, per_hours: 24 });
  await connect('+1');
  clock.advance(49_000);
  assert.equal(events, []);
  clock.advance(12_000);
  assert.equal(
    events.map((event) => event.type === 'failed' && event.code),
    ['TP_ERR_BUDGET_SPENT'],
  );
  assert.is(provider.open.size, 0);
  assert.is(await codeOf(connect('+1')), 'TP_ERR_BUDGET_SPENT');
  assert.is(await codeOf(connect('+2')), 'connected');
  assert.is(guard.state.circuit, 'closed', 'it is no fault of the service');
});

test('the budget of all calls is one, and comes in anew evenly', async () => {
  const { connect, clock } = bench({ total_minutes: 2, per_hours: 1 });
  for (let i = 0; i < 7; i += 1) (await connect(String(i))).close();
  assert.is(await codeOf(connect('8')), 'TP_ERR_BUDGET_SPENT', 'less than a minute is left, and a call would lose its provider soon');
  clock.advance(10 * 60_000);
  assert.is(await codeOf(connect('8')), 'connected');
});

test('what a service or the guard refuses takes nothing from a budget', async () => {
  const { connect, provider } = bench({ total_minutes: 1, per_hours: 24 });
  provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_CONNECT', 'no'));
  for (let i = 0; i < 20; i += 1) await codeOf(connect('1'));
  provider.connecting = async () => {};
  assert.is(await codeOf(connect('1')), 'TP_ERR_PROVIDER_BUSY', 'its circuit is open');
  const { connect: fresh } = bench({ total_minutes: 1, per_hours: 24 });
  assert.is(await codeOf(fresh('1')), 'connected');
});

test('a reply that a service will not give is one call’s affair; a key that it does not know is everybody’s', async ({
  provider,
  connect,
  guard,
}) => {
  await connect();
  provider.latest.on({ type: 'failed', turn: 1, code: 'TP_ERR_PROVIDER_REQUEST', message: 'withheld', retryable: false });
  assert.ok(guard.admits);
  provider.latest.on({ type: 'failed', turn: 1, code: 'TP_ERR_PROVIDER_REFUSED', message: 'no such key', retryable: false });
  assert.not(guard.admits);
});

test('a time that a service names in the middle of a call is kept, too', async ({ provider, connect, guard, clock }) => {
  await connect();
  provider.latest.on({ type: 'failed', turn: 1, code: 'TP_ERR_PROVIDER_BUSY', message: 'later', retryable: true, retryAfterMs: 20_000 });
  clock.advance(19_999);
  assert.not(guard.admits);
  clock.advance(1);
  assert.ok(guard.admits);
});

test('a circuit that has been open for its time lets a call try', async ({ provider, connect, guard, clock }) => {
  provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_CONNECT', 'no'));
  for (let i = 0; i < 3; i += 1) await codeOf(connect());
  await settled();
  assert.not(guard.admits);
  clock.advance(9999);
  assert.not(guard.admits);
  clock.advance(1);
  assert.ok(guard.admits);
});

test('a trial whose caller hangs up proves nothing: the circuit stays open, and the next trial comes in its time', async ({
  provider,
  connect,
  guard,
  clock,
}) => {
  provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_CONNECT', 'no'));
  for (let i = 0; i < 3; i += 1) await codeOf(connect());
  await settled();
  clock.advance(10_000);
  provider.connecting = () => new Promise(() => {});
  const abort = new AbortController();
  const opening = codeOf(guard.connect({ ...connectOptions, signal: abort.signal }));
  assert.is(guard.state.circuit, 'half-open');
  assert.is(await codeOf(connect()), 'TP_ERR_PROVIDER_BUSY', 'one at a time');
  abort.abort(new Error('hung up'));
  await opening;
  await settled();
  assert.is(guard.state.circuit, 'open');
  assert.not(guard.admits);
  clock.advance(10_000);
  provider.connecting = async () => {};
  assert.is(await codeOf(connect()), 'connected');
});

test('a wall clock that is set back keeps no circuit open', async ({ provider, connect, guard, clock }) => {
  provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_CONNECT', 'no'));
  for (let i = 0; i < 3; i += 1) await codeOf(connect());
  await settled();
  clock.advance(10_000);
  provider.connecting = async () => {};
  const wallClock = Date.now;
  Date.now = () => wallClock() - 3_600_000;
  try {
    assert.ok(guard.admits);
    assert.is(await codeOf(connect()), 'connected');
  } finally {
    Date.now = wallClock;
  }
});

test('audio that comes while a tool is at work does not make the reply overdue again', async ({ provider, connect, events, clock }) => {
  const session = await connect();
  session.requestReply(1, 'caller', false);
  provider.latest.on({ type: 'tool-call', turn: 1, id: 'a', name: 'book', arguments: {} });
  provider.latest.on(audio(1, 1000));
  clock.advance(20_000);
  assert.not(events.some(({ type }) => type === 'failed'));
});

test('callers who hang up while the session is opened say nothing of the service', async () => {
  const { guard, provider, connect } = bench();
  for (let n = 0; n < 2; n += 1) {
    provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_LOST', 'gone'));
    await codeOf(connect());
    provider.connecting = () => new Promise(() => {});
    const abort = new AbortController();
    const opening = guard.connect({ ...connectOptions, signal: abort.signal });
    abort.abort(new Error('hung up'));
    await codeOf(opening);
  }
  provider.connecting = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_LOST', 'gone'));
  await codeOf(connect());
  assert.is(guard.state.circuit, 'open');
});

test('a call that is over already gets no session', async ({ connect, guard, abort, provider }) => {
  abort.abort();
  assert.is(
    await connect().then(
      () => 'connected',
      () => 'rejected',
    ),
    'rejected',
  );
  assert.is(guard.state.sessions, 0);
  assert.is(provider.connects, 0);
});

test.run();
