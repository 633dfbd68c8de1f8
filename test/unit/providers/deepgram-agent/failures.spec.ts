import { getEventListeners } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ErrorCode } from '#talkpath/base/errors.js';
import { eventually } from '../../../support/deadline.js';
import { AgentCall, nothingHeard } from './agent-call.js';

const withCall = AgentCall.with;
const story = { says: [{ text: 'A long story.', ms: 2000 }] };

async function ask(call: AgentCall, turn = 1): Promise<void> {
  call.speak();
  await call.until('turn-ended', turn);
  call.session.requestReply(turn, 'caller', false);
}

/** The session is lost with this code; nothing follows, and nothing stays. */
async function isLost(call: AgentCall, code: ErrorCode, retryable: boolean): Promise<string> {
  const failed = await call.until('failed');
  assert.equal([failed.turn, failed.code, failed.retryable], [undefined, code, retryable], failed.message);
  const before = call.events.length;
  call.session.requestReply(9, 'caller', false);
  call.session.requestReply(10, 'greeting', false);
  call.session.cancelReply(9, nothingHeard);
  call.session.answerTool('call-1', { text: '', isSpokenOf: true });
  call.send(1000, true);
  call.clock.advance(1000);
  assert.is(call.clock.pending, 0);
  assert.is(call.events.length, before);
  await eventually(3000, 'the end of every connection', () => call.service.openConnections === 0, 5);
  return failed.message;
}

test('a connection that is lost in the middle of a reply is told once, after what had come', async () => {
  await withCall({}, async (call) => {
    call.service.fault = { type: 'close-in-reply', afterMs: 400 };
    call.service.answers = [story];
    await ask(call);
    await isLost(call, 'TP_ERR_PROVIDER_LOST', true);
    assert.is(call.audioBytes(1), 3200);
    assert.equal(call.of('reply-ended'), []);
  });
});

test('a reply that stops in the middle is not ended, and can be cancelled', async () => {
  await withCall({}, async (call) => {
    call.service.fault = { type: 'stall-in-reply', afterMs: 400 };
    call.service.answers = [story];
    await ask(call);
    await call.when('what comes', () => call.audioBytes(1) === 3200);
    await call.service.conversation.flushed();
    assert.equal(call.of('reply-ended'), []);
    call.session.cancelReply(1, nothingHeard);
    call.service.fault = undefined;
    await ask(call, 2);
    await call.untilEnded(2);
    assert.equal(call.told(2), ['caller: Hello.', 'agent: Yes.', 'audio of 2', 'reply-ended']);
  });
});

test('a minute of audio at once is given as it comes, and held no longer than a minute when nobody asks for it', async () => {
  await withCall({}, async (call) => {
    call.service.fault = { type: 'flood' };
    await ask(call);
    await call.untilEnded(1);
    assert.is(call.audioBytes(1), 480_000);
    call.service.answers = [{ says: [story, story].flatMap(({ says }) => says) }];
    call.speak();
    await call.until('turn-ended', 2);
    await call.settled();
    call.session.requestReply(2, 'caller', false);
    assert.is(call.audioBytes(2), 480_000);
    assert.is(call.of('reply-ended').length, 2);
  });
});

test('audio that drips is given piece by piece', async () => {
  await withCall({}, async (call) => {
    call.service.fault = { type: 'drip' };
    await ask(call);
    await call.until('reply-audio');
    await call.service.conversation.flushed();
    assert.ok(call.audioBytes(1) < 1600);
    assert.equal(call.of('reply-ended'), []);
  });
});

test('a message that is no JSON ends the session, and is not repeated', async () => {
  await withCall({}, async (call) => {
    call.service.fault = { type: 'garbage-json' };
    await ask(call);
    const message = await isLost(call, 'TP_ERR_PROVIDER_PROTOCOL', true);
    assert.match(message, /not JSON/);
  });
});

test('a message with a field of the wrong kind ends the session, and what was said is not in the error', async () => {
  const wrong: object[] = [
    { type: 'ConversationText', role: 'user', content: { text: 'my PIN is 4711' } },
    { type: 'ConversationText', role: 'somebody', content: 'my PIN is 4711' },
    { type: 'FunctionCallRequest', functions: 'my PIN is 4711' },
    { type: 'FunctionCallRequest', functions: [{ id: 'a', name: 'b', arguments: { pin: 4711 }, client_side: true }] },
    { type: 'FunctionCallCancelled', functions: [7] },
    { type: 'Error', description: 'my PIN is 4711' },
    { said: 'my PIN is 4711' },
  ];
  for (const message of wrong) {
    await withCall({}, async (call) => {
      call.service.conversation.tell(message);
      assert.not.match(await isLost(call, 'TP_ERR_PROVIDER_PROTOCOL', true), /4711/);
    });
  }
});

test('what the service need not have sent changes nothing', async () => {
  await withCall({}, async (call) => {
    const { conversation } = call.service;
    const messages: object[] = [
      { type: 'Welcome', request_id: 'again' },
      { type: 'SettingsApplied' },
      { type: 'History', role: 'user', content: 'Hello.' },
      { type: 'PromptUpdated' },
      { type: 'Warning', code: 'SLOW_THINK_REQUEST', description: '' },
      { type: 'Warning', code: 'INJECT_AGENT_MESSAGE_DURING_USER_SPEECH', description: '' },
      { type: 'InjectionRefused', message: '' },
      { type: 'AgentAudioDone' },
      { type: 'AgentThinking', content: '' },
      { type: 'EndOfTurn', trigger: 'model' },
      { type: 'LatencyReport', tts_latency: 'slow' },
      { type: 'FunctionCallResponse', id: 'x', name: 'y', content: 'z' },
      { type: 'FunctionCallCancelled', functions: [{ id: 'never called', name: 'y' }] },
      { type: 'SomethingNew', content: 'Hello.' },
    ];
    for (const message of messages) conversation.tell(message);
    conversation.tellAudio(new Uint8Array(0));
    await call.settled();
    assert.equal(call.events, []);
    await ask(call);
    await call.untilEnded(1);
    assert.equal(call.told(1), ['caller: Hello.', 'agent: Yes.', 'audio of 1', 'reply-ended']);
  });
});

test('an error of the service ends the session by its code', async () => {
  const codes: [string, ErrorCode, boolean][] = [
    ['FAILED_TO_THINK', 'TP_ERR_PROVIDER_LOST', true],
    ['SERVER_GOING_AWAY', 'TP_ERR_PROVIDER_LOST', true],
    ['MAXIMUM_SESSION_LENGTH_REACHED', 'TP_ERR_PROVIDER_LOST', true],
    ['USER_AUDIO_FORMAT', 'TP_ERR_PROVIDER_REQUEST', false],
    ['INSUFFICIENT_CREDITS', 'TP_ERR_PROVIDER_REFUSED', false],
    ['my PIN is 4711', 'TP_ERR_PROVIDER_LOST', true],
  ];
  for (const [code, ours, retryable] of codes) {
    await withCall({}, async (call) => {
      await ask(call);
      await call.untilEnded(1);
      call.service.conversation.fail(code, 'my PIN is 4711');
      assert.not.match(await isLost(call, ours, retryable), /4711/);
    });
  }
});

test('a service that goes away without a word is lost', async () => {
  await withCall({}, async (call) => {
    call.service.conversation.leave();
    await isLost(call, 'TP_ERR_PROVIDER_LOST', true);
  });
});

test('nothing is told after the session was closed or the call has ended, and nothing stays, whatever the session was at', async () => {
  const states: [string, (call: AgentCall) => Promise<void>][] = [
    ['at rest', async () => {}],
    ['while the caller speaks', async (call) => call.send(300, true)],
    [
      'when the caller has spoken',
      async (call) => {
        call.speak();
        await call.until('turn-ended');
      },
    ],
    ['while a reply is waited for', ask],
    [
      'in the middle of a reply',
      async (call) => {
        call.service.manner.pace = 1;
        await ask(call);
        await call.until('reply-audio');
      },
    ],
    [
      'while a function is called',
      async (call) => {
        call.service.answers = [{ calls: [{ id: 'call-1', name: 'find', arguments: {} }] }];
        await ask(call);
        await call.until('tool-call');
      },
    ],
    [
      'when a function was answered',
      async (call) => {
        call.service.answers = [{ calls: [{ id: 'call-1', name: 'find', arguments: {} }], afterwards: story }];
        await ask(call);
        await call.until('tool-call');
        call.session.answerTool('call-1', { text: 'Yes.', isSpokenOf: true });
      },
    ],
    [
      'while an injection waits',
      async (call) => {
        call.service.answers = [story];
        await ask(call);
        await call.until('reply-audio');
        call.session.cancelReply(1, nothingHeard);
        call.session.requestReply(2, 'greeting', false);
        await call.when('the injection', () => call.said('InjectAgentMessage').length === 1);
        await call.service.conversation.flushed();
      },
    ],
    ['while talkpath’s own end of the turn is answered', async (call) => call.session.requestReply(1, 'caller', false)],
  ];
  const ends: ((call: AgentCall) => void)[] = [
    (call) => call.session.close(),
    (call) => call.abort.abort(),
    (call) => {
      call.abort.abort();
      call.session.close();
      call.session.close();
    },
  ];
  for (const [state, arrive] of states) {
    for (const end of ends) {
      await withCall({ call: { greeting: 'Hello.' } }, async (call) => {
        await arrive(call);
        end(call);
        const before = call.events.length;
        call.session.requestReply(5, 'no-input', false);
        call.session.cancelReply(5, nothingHeard);
        call.session.answerTool('call-1', { text: '', isSpokenOf: true });
        call.session.sendAudio(new Uint8Array(160), true);
        await eventually(3000, `the end of every connection, closed ${state}`, () => call.service.openConnections === 0, 5);
        call.clock.advance(60_000);
        assert.is(call.clock.pending, 0, state);
        assert.equal(getEventListeners(call.abort.signal, 'abort'), [], state);
        assert.equal(call.events.slice(before), [], state);
      });
    }
  }
});

test.run();
