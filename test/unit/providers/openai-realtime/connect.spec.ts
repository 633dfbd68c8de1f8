import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from '#emulators/fault.js';
import type { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { eventually } from '../../../support/deadline.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { type Bench, checked } from './bench.js';

const check = checked(test);

/** What connect() rejects with. */
async function refusalOf(opening: Promise<unknown>): Promise<ProviderError> {
  const outcome = await opening.then(
    () => undefined,
    (error: ProviderError) => error,
  );
  if (!outcome) throw new Error('it was connected');
  return outcome;
}

/** Lets the client's own waits pass until the attempt is over. */
async function timedOut(bench: Bench, clock: ManualClock, opening: Promise<unknown>): Promise<ProviderError> {
  let error: ProviderError | undefined;
  void refusalOf(opening).then((refusal) => {
    error = refusal;
  });
  await eventually(2000, 'the client has connected', () => bench.service.openConnections > 0, 5);
  return eventually(
    2000,
    'the attempt is over',
    () => {
      clock.advance(1000);
      return error;
    },
    5,
  );
}

for (const [fault, code, retryable] of [
  [{ type: 'refuse' }, 'TP_ERR_PROVIDER_CONNECT', true],
  [{ type: 'status', status: 401 }, 'TP_ERR_PROVIDER_REFUSED', false],
  [{ type: 'status', status: 404 }, 'TP_ERR_PROVIDER_REQUEST', false],
  [{ type: 'status', status: 429, retryAfterS: 7 }, 'TP_ERR_PROVIDER_BUSY', true],
  [{ type: 'status', status: 500 }, 'TP_ERR_PROVIDER_CONNECT', true],
] as const satisfies readonly (readonly [Fault, string, boolean])[]) {
  check(`a service that answers with ${JSON.stringify(fault)} is told as ${code}`, async (bench) => {
    bench.service.fault = fault;
    const error = await refusalOf(bench.open());
    assert.equal([error.code, error.isRetryable], [code, retryable]);
    if (fault.type === 'status' && fault.status === 429) assert.is(error.retryAfterMs, 7000);
  });
}

for (const [what, prepare] of [
  ['accepts no handshake', (bench: Bench) => (bench.service.fault = { type: 'hang' })],
  ['says nothing', (bench: Bench) => (bench.service.stage = 'mute')],
  ['never agrees to the session', (bench: Bench) => (bench.service.stage = 'created')],
] as const) {
  check(`a service that ${what} is given up after connect_ms`, async (bench) => {
    const clock = new ManualClock();
    bench.clock = clock;
    prepare(bench);
    const startedMs = clock.nowMs();
    const error = await timedOut(bench, clock, bench.open({ set: { limits: { connect_ms: 5000 } } }));
    assert.is(error.code, 'TP_ERR_PROVIDER_TIMEOUT');
    assert.ok(clock.nowMs() - startedMs >= 5000);
    assert.match(error.message, /5000 ms/);
  });
}

check('the handshake is a part of the time that connecting may take', async (bench) => {
  const clock = new ManualClock();
  bench.clock = clock;
  bench.service.stage = 'created';
  const opening = refusalOf(bench.open({ set: { limits: { connect_ms: 5000 } } }));
  clock.advance(4000);
  await bench.received('session.update');
  clock.advance(1000);
  assert.is((await opening).code, 'TP_ERR_PROVIDER_TIMEOUT');
});

check('a wrong key is refused, and not shown', async (bench) => {
  bench.violations = ['a handshake was turned away: invalid_api_key'];
  const error = await refusalOf(bench.open({ set: { api_key: 'sk-wrong-key' } }));
  assert.equal([error.code, error.isRetryable], ['TP_ERR_PROVIDER_REFUSED', false]);
  assert.not.match(error.message, /sk-/);
});

check('a model that is not there is a fault of the settings', async (bench) => {
  bench.violations = ['a handshake was turned away: invalid_model'];
  const error = await refusalOf(bench.open({ set: { model: 'gpt-nothing' } }));
  assert.equal([error.code, error.isRetryable], ['TP_ERR_PROVIDER_REQUEST', false]);
  assert.match(error.message, /invalid_model/);
});

for (const [type, errorCode, code] of [
  ['invalid_request_error', 'invalid_value', 'TP_ERR_PROVIDER_REQUEST'],
  ['server_error', null, 'TP_ERR_PROVIDER_LOST'],
  ['invalid_request_error', 'rate_limit_exceeded', 'TP_ERR_PROVIDER_BUSY'],
] as const) {
  check(`a session that is refused with ${errorCode ?? type} is told as ${code}`, async (bench) => {
    bench.service.updateFault = { type, code: errorCode };
    const error = await refusalOf(bench.open());
    assert.is(error.code, code);
    assert.not.match(error.message, /as it was told to/, "the service's own words stay out");
  });
}

check('rubbish before the session stands is told as such', async (bench) => {
  bench.service.stage = 'mute';
  const opening = refusalOf(bench.open());
  await eventually(2000, 'the client has connected', () => bench.service.sessions.length > 0, 5);
  bench.service.session.sendText('<html>');
  assert.is((await opening).code, 'TP_ERR_PROVIDER_PROTOCOL');
});

check('a service that uses another format than was asked for is not listened to', async (bench) => {
  bench.service.stage = 'created';
  const opening = refusalOf(bench.open());
  await bench.received('session.update');
  bench.service.session.send({ type: 'session.updated', session: { audio: { output: { format: { type: 'audio/pcm', rate: 24_000 } } } } });
  const error = await opening;
  assert.is(error.code, 'TP_ERR_PROVIDER_PROTOCOL');
  assert.match(error.message, /output format/);
});

check('a service that does not tell its formats is believed', async (bench) => {
  bench.service.stage = 'created';
  const opening = bench.open();
  await bench.received('session.update');
  bench.service.session.send({ type: 'session.updated', session: {} });
  await opening;
});

check('a connection that is lost before the session stands is told once', async (bench) => {
  bench.service.stage = 'created';
  const opening = refusalOf(bench.open());
  await bench.received('session.update');
  bench.service.dropAll();
  const { code } = await opening;
  assert.ok(['TP_ERR_PROVIDER_LOST', 'TP_ERR_PROVIDER_CONNECT'].includes(code));
  assert.equal(bench.events, []);
});

check('a call that is over before it begins connects to nothing', async (bench) => {
  bench.abort.abort();
  assert.is((await refusalOf(bench.open())).code, 'TP_ERR_PROVIDER_CONNECT');
  assert.is(bench.service.sessions.length, 0);
});

for (const stage of ['mute', 'created'] as const) {
  check(`a call that ends while the service is ${stage} leaves no connection and no timer`, async (bench) => {
    const clock = new ManualClock();
    bench.clock = clock;
    bench.service.stage = stage;
    const opening = refusalOf(bench.open());
    await eventually(2000, 'the client has connected', () => bench.service.sessions.length > 0, 5);
    if (stage === 'created') await bench.received('session.update');
    bench.abort.abort();
    assert.is((await opening).code, 'TP_ERR_PROVIDER_CONNECT');
    await eventually(2000, 'nothing is left', () => bench.service.openConnections === 0 && clock.pending === 0, 5);
    assert.equal(bench.events, []);
  });
}

test.run();
