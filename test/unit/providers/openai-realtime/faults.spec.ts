import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from '#emulators/fault.js';
import { eventually } from '../../../support/deadline.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { type Bench, checked } from './bench.js';

const check = checked(test);
const story = { parts: [{ say: 'A long story begins here.', ms: 5000 }] };

/** The reply of a later turn still comes: the session is whole. */
async function answersTurn(bench: Bench, turn: number): Promise<void> {
  bench.session.requestReply(turn, 'no-input', false);
  await bench.event('reply-ended', { turn });
  assert.is(bench.heardMs(turn), 400);
}

for (const [fault, code] of [
  [{ type: 'close-in-reply', afterMs: 500 }, 'TP_ERR_PROVIDER_LOST'],
  [{ type: 'garbage-json' }, 'TP_ERR_PROVIDER_PROTOCOL'],
  [{ type: 'garbage-base64' }, 'TP_ERR_PROVIDER_PROTOCOL'],
] as const satisfies readonly (readonly [Fault, string])[]) {
  check(`${fault.type} ends the session with ${code}, and nothing is told after it`, async (bench) => {
    bench.service.fault = fault;
    bench.service.answers.push(story);
    const session = await bench.open();
    session.requestReply(1, 'no-input', false);
    const failed = await bench.event('failed');
    assert.equal([failed.turn, failed.code, failed.retryable], [undefined, code, true]);
    assert.not.match(failed.message, /story|no base64/);
    await eventually(2000, 'the connection is closed', () => bench.service.openConnections === 0, 5);
    session.requestReply(2, 'no-input', false);
    session.cancelReply(2, { ms: 0, text: '' });
    session.sendAudio(new Uint8Array(160), true);
    assert.is(bench.events.at(-1), failed);
  });
}

check('a reply that stalls can be cut, and the next one comes', async (bench) => {
  bench.service.fault = { type: 'stall-in-reply', afterMs: 300 };
  bench.service.answers.push(story);
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio', { count: 3 });
  session.cancelReply(1, { ms: 5000, text: '' });
  assert.is((await bench.received('conversation.item.truncate')).audio_end_ms, 300);
  bench.service.fault = undefined;
  await answersTurn(bench, 2);
});

check('a reply that does not begin can be cut, and the next one comes', async (bench) => {
  bench.service.firstAudioMs = 600_000;
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.sent('response.created');
  session.cancelReply(1, { ms: 0, text: '' });
  bench.service.firstAudioMs = 5;
  await answersTurn(bench, 2);
});

check('a reply that failed and yet came to its end is cut to what was passed on of it', async (bench) => {
  bench.service.fault = { type: 'ignore-cancel' };
  bench.service.answers.push({ parts: [{ say: 'A story.', ms: 1500 }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio');
  bench.service.session.sendError({ type: 'server_error', code: null });
  await bench.event('failed');
  await bench.sent('response.done');
  await bench.caughtUp();
  session.cancelReply(1, { ms: 60_000, text: '' });
  const heardMs = bench.heardMs(1);
  assert.ok(heardMs < 1500);
  assert.is((await bench.received('conversation.item.truncate')).audio_end_ms, heardMs);
});

check('audio that comes drop by drop is passed on as it comes', async (bench) => {
  bench.service.fault = { type: 'drip' };
  bench.service.pace = 1;
  bench.service.answers.push({ parts: [{ say: 'A story.', ms: 200 }] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio');
  assert.is(bench.heardMs(1), 100);
  assert.equal(bench.eventsOf('reply-ended'), []);
  await bench.event('reply-ended');
  assert.is(bench.heardMs(1), 200);
});

check('a flood of audio is passed on as it comes, and can be cut', async (bench) => {
  bench.service.fault = { type: 'flood' };
  bench.service.answers.push(story);
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-ended');
  assert.is(bench.heardMs(1), 60_000);
  session.cancelReply(1, { ms: 1234.5, text: '' });
  assert.is((await bench.received('conversation.item.truncate')).audio_end_ms, 1234);
});

check('a service that crashes while nobody speaks is told once', async (bench) => {
  const session = await bench.open();
  bench.service.dropAll();
  const failed = await bench.event('failed');
  assert.is(failed.turn, undefined);
  assert.is(failed.retryable, true);
  session.close();
  assert.is(bench.events.length, 1);
});

check('an hour is all that a session has: its end is told as a loss that another session mends', async (bench) => {
  const clock = new ManualClock();
  bench.clock = clock;
  await bench.open();
  clock.advance(3_600_000);
  bench.service.session.expire();
  const failed = await bench.event('failed');
  const message = 'openai ended the session: session_expired';
  assert.equal(failed, { type: 'failed', code: 'TP_ERR_PROVIDER_LOST', message, retryable: true, expired: true });
  await eventually(2000, 'the connection is closed', () => bench.service.openConnections === 0, 5);
  assert.is(bench.events.length, 1);
});

check('a session that is said to have expired before its time is lost like any other', async (bench) => {
  await bench.open();
  bench.service.session.expire();
  assert.is((await bench.event('failed')).expired, undefined);
});

for (const [type, code, expected, retryable] of [
  ['invalid_request_error', 'invalid_api_key', 'TP_ERR_PROVIDER_REFUSED', false],
  ['rate_limit_error', null, 'TP_ERR_PROVIDER_BUSY', true],
  ['requests', 'rate_limit_exceeded', 'TP_ERR_PROVIDER_BUSY', true],
  ['insufficient_quota', 'insufficient_quota', 'TP_ERR_PROVIDER_BUSY', true],
] as const) {
  check(`the error ${code ?? type} ends the session, whatever is at hand`, async (bench) => {
    bench.service.answers.push(story);
    const session = await bench.open();
    session.requestReply(1, 'no-input', false);
    await bench.event('reply-audio');
    bench.service.session.sendError({ type, code });
    const failed = await bench.event('failed');
    assert.equal([failed.turn, failed.code, failed.retryable], [undefined, expected, retryable]);
  });
}

for (const error of [
  { type: 'invalid_request_error', code: 'response_cancel_not_active' },
  { type: 'invalid_request_error', code: 'input_audio_buffer_commit_empty' },
  { type: 'invalid_request_error', code: 'invalid_value', event_id: 'cut-99' },
  { type: 'invalid_request_error', code: null, event_id: 'cancel-99' },
  { type: 'invalid_request_error', code: null, event_id: 'commit-99' },
  { type: 'invalid_request_error', code: 'item_delete_invalid_item_id' },
]) {
  check(`the error ${error.code} about ${error.event_id ?? 'something'} is harmless`, async (bench) => {
    bench.service.answers.push({ parts: [{ say: 'A story.', ms: 1000 }] });
    const session = await bench.open();
    session.requestReply(1, 'no-input', false);
    await bench.event('reply-audio');
    bench.service.session.sendError(error);
    await bench.caughtUp();
    await bench.event('reply-ended');
    assert.equal(bench.eventsOf('failed'), []);
    assert.is(bench.heardMs(1), 1000);
  });
}

check('any other error fails the reply at hand and nothing else', async (bench) => {
  bench.service.answers.push(story);
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-audio');
  bench.service.session.sendError({ type: 'server_error', code: null });
  const failed = await bench.event('failed');
  assert.equal([failed.turn, failed.code, failed.message], [1, 'TP_ERR_PROVIDER_LOST', 'openai refused a request: server_error']);
  await answersTurn(bench, 2);
  assert.is(bench.eventsOf('failed').length, 1);
});

check("an error while no reply is at hand is nobody's", async (bench) => {
  const session = await bench.open();
  bench.service.session.sendError({ type: 'server_error', code: null });
  await bench.caughtUp();
  await answersTurn(bench, 1);
  bench.service.session.sendError({ type: 'server_error', code: null });
  await bench.caughtUp();
  session.cancelReply(1, { ms: 400, text: '' });
  await answersTurn(bench, 2);
  assert.equal(bench.eventsOf('failed'), []);
});

for (const eventIdIsTold of [true, false]) {
  check(`a reply that the service refuses to make fails${eventIdIsTold ? '' : ', even if it is not said which'}`, async (bench) => {
    bench.service.createFault = { type: 'server_error', code: null };
    if (!eventIdIsTold) bench.service.createMs = 600_000;
    const session = await bench.open();
    if (!eventIdIsTold) bench.service.createFault = undefined;
    session.requestReply(1, 'no-input', false);
    await bench.received('response.create');
    if (!eventIdIsTold) bench.service.session.sendError({ type: 'server_error', code: null });
    const failed = await bench.event('failed');
    assert.equal([failed.turn, failed.code], [1, 'TP_ERR_PROVIDER_LOST']);
    if (!eventIdIsTold) return;
    bench.service.createFault = undefined;
    await answersTurn(bench, 2);
  });
}

for (const [ends, code, retryable] of [
  [{ status: 'failed', details: { type: 'failed', error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } } }, 'TP_ERR_PROVIDER_BUSY', true],
  [{ status: 'failed', details: { type: 'failed', error: { type: 'server_error' } } }, 'TP_ERR_PROVIDER_LOST', true],
  [{ status: 'failed', details: { type: 'failed', error: { type: 'invalid_request_error' } } }, 'TP_ERR_PROVIDER_REQUEST', false],
  [{ status: 'failed', details: {} }, 'TP_ERR_PROVIDER_LOST', true],
  [{ status: 'incomplete', details: { type: 'incomplete', reason: 'max_output_tokens' } }, 'TP_ERR_PROVIDER_LOST', true],
  [{ status: 'cancelled', details: { type: 'cancelled', reason: 'turn_detected' } }, 'TP_ERR_PROVIDER_LOST', true],
] as const) {
  check(`a response that ends as ${JSON.stringify(ends)} fails its turn with ${code}`, async (bench) => {
    bench.service.answers.push({ parts: [{ say: 'I wanted to', ms: 200 }], ends });
    const session = await bench.open();
    session.requestReply(1, 'no-input', false);
    const failed = await bench.event('failed');
    assert.equal([failed.turn, failed.code, failed.retryable], [1, code, retryable]);
    assert.equal(bench.eventsOf('reply-ended'), []);
    await answersTurn(bench, 2);
  });
}

check('events that we do not know are passed over', async (bench) => {
  const session = await bench.open();
  bench.service.session.send({ type: 'rate_limits.updated', rate_limits: [] });
  bench.service.session.send({ type: 'something.new', item: 7 });
  session.requestReply(1, 'no-input', false);
  await bench.event('reply-ended');
});

for (const [state, reach] of [
  ['while nothing happens', async () => {}],
  ['while the caller speaks', async (bench: Bench) => bench.hear(300, true)],
  ['before a reply has begun', async (bench: Bench) => bench.session.requestReply(1, 'caller', false)],
  [
    'in the middle of a reply',
    async (bench: Bench) => {
      bench.session.requestReply(1, 'caller', false);
      await bench.event('reply-audio', { count: 2 });
    },
  ],
  [
    'while a tool is waited for',
    async (bench: Bench) => {
      bench.service.answers[0] = { parts: [{ call: 'lookup', arguments: '{}' }] };
      bench.session.requestReply(1, 'caller', false);
      await bench.event('tool-call');
    },
  ],
  [
    'while a reply waits for the end of another',
    async (bench: Bench) => {
      bench.service.fault = { type: 'ignore-cancel' };
      bench.session.requestReply(1, 'caller', false);
      await bench.event('reply-audio');
      bench.session.cancelReply(1, { ms: 0, text: '' });
      bench.session.requestReply(2, 'caller', false);
    },
  ],
] as const) {
  for (const how of ['close()', 'the end of the call'] as const) {
    check(`${how} ${state} leaves nothing: no event, no connection, no timer`, async (bench) => {
      const clock = new ManualClock();
      bench.clock = clock;
      bench.service.answers.push(story);
      const session = await bench.open();
      await reach(bench);
      const known = bench.events.length;
      if (how === 'close()') session.close();
      else bench.abort.abort();
      session.requestReply(9, 'caller', false);
      session.cancelReply(1, { ms: 0, text: '' });
      for (const { id } of bench.eventsOf('tool-call')) session.answerTool(id, { text: 'late', isSpokenOf: true });
      session.sendAudio(new Uint8Array(160), true);
      session.close();
      await eventually(2000, 'nothing is left', () => bench.service.openConnections === 0 && clock.pending === 0, 5);
      assert.is(bench.events.length, known);
      assert.equal(bench.service.receivedOf('conversation.item.create'), []);
    });
  }
}

for (const type of ['transcript', 'timing', 'reply-audio', 'tool-call', 'reply-ended', 'failed', 'usage'] as const) {
  check(`a session may be closed by what comes of a ${type} event`, async (bench) => {
    const clock = new ManualClock();
    bench.clock = clock;
    bench.service.answers.push(
      {
        parts: [
          { say: 'One, two.', ms: 300 },
          { call: 'lookup', arguments: '{}' },
        ],
      },
      { parts: [{ say: 'Three', ms: 100 }] },
      { parts: [], ends: { status: 'failed', details: {} } },
    );
    const session = await bench.open();
    let atClose = -1;
    bench.onEvent = (event) => {
      if (event.type === type && atClose < 0) {
        atClose = bench.events.length;
        session.close();
      } else if (event.type === 'tool-call') session.answerTool(event.id, { text: 'found', isSpokenOf: true });
      else if (event.type === 'reply-ended') session.requestReply(event.turn + 1, 'no-input', false);
    };
    session.requestReply(1, 'no-input', false);
    await bench.event(type);
    await eventually(2000, 'nothing is left', () => bench.service.openConnections === 0 && clock.pending === 0, 5);
    assert.is(bench.events.length, atClose);
  });
}

test.run();
