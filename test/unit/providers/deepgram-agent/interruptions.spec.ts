import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { EmulatedDeepgramAgent } from '#emulators/deepgram-agent.js';
import { AgentCall, behaving, nothingHeard } from './agent-call.js';

const withCall = AgentCall.with;
const refusing = (service: EmulatedDeepgramAgent): void => {
  service.refusesInjections = true;
};
const heard = { ms: 200, text: 'A long' };

/** The caller has asked, and the agent is telling a long story at the pace of speech. */
async function story(call: AgentCall, ms = 4000): Promise<void> {
  call.service.manner.pace = 1;
  call.service.answers.push({ says: [{ text: 'A long story.', ms }] });
  call.speak();
  await call.until('turn-ended');
  call.session.requestReply(1, 'caller', false);
  await call.when('the story', () => call.audioBytes(1) > 800);
}

test('a caller who speaks over the agent ends the reply, as the service has cut it', async () => {
  await withCall({}, async (call) => {
    await story(call);
    call.send(200, true);
    await call.untilEnded(1);
    const given = call.audioBytes(1);
    call.session.cancelReply(1, heard);
    call.send(200, false);
    await call.until('turn-ended', 2);
    call.session.requestReply(2, 'caller', false);
    await call.untilEnded(2);
    assert.equal(call.told(2), ['caller: Hello.', 'agent: Yes.', 'audio of 2', 'reply-ended']);
    assert.is(call.audioBytes(1), given);
  });
});

test('audio of a reply that was cut is not given to the next, however it comes to its end', async () => {
  for (const manner of [
    { strayMs: 200, tellsCutDone: false },
    { strayMs: 200, tellsCutDone: true },
    { strayMs: 200, tellsCutDone: false, tellsStart: true },
    { strayMs: 200, tellsCutDone: true, tellsEndOfTurn: false },
  ]) {
    await withCall(behaving(manner), async (call) => {
      await story(call);
      call.speak();
      await call.until('turn-ended', 2);
      call.session.requestReply(2, 'caller', false);
      await call.untilEnded(2);
      assert.equal(call.told(2), ['caller: Hello.', 'agent: Yes.', 'audio of 2', 'reply-ended'], JSON.stringify(manner));
      assert.is(call.of('turn-ended').length, 2, JSON.stringify(manner));
      assert.is(call.of('reply-ended').length, 2);
    });
  }
});

test('nothing of a reply that talkpath has cancelled is told, though the service speaks on', async () => {
  await withCall({}, async (call) => {
    await story(call, 400);
    call.session.cancelReply(1, heard);
    const before = call.events.length;
    await call.settled();
    assert.equal(call.events.slice(before), []);
  });
});

test('cancelled audio that still flows when the next reply is asked for is not taken for it', async () => {
  await withCall({}, async (call) => {
    await story(call);
    call.session.cancelReply(1, heard);
    call.session.requestReply(2, 'no-input', false);
    await call.untilEnded(2);
    assert.equal(call.told(2), ['agent: Yes.', 'audio of 2', 'reply-ended']);
  });
});

test('cancelled audio that still flows while a greeting waits for silence is not taken for it', async () => {
  await withCall({ call: { greeting: 'Hello again.' } }, async (call) => {
    call.service.manner.pace = 1;
    call.service.answers = [{ says: [{ text: 'Short.', ms: 600 }] }];
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(1, 'caller', false);
    await call.when('audio', () => call.audioBytes(1) > 0);
    call.session.cancelReply(1, nothingHeard);
    call.session.requestReply(2, 'greeting', false);
    await call.untilEnded(2);
    assert.equal(call.told(2), ['agent: Hello again.', 'audio of 2', 'reply-ended']);
    assert.is(call.said('InjectAgentMessage').length, 2);
  });
});

test('a service that does not stop for the caller gives nothing of the old reply to the new turn', async () => {
  await withCall({}, async (call) => {
    await story(call);
    call.service.fault = { type: 'ignore-cancel' };
    call.session.cancelReply(1, heard);
    call.send(200, true);
    await call.settledAudio();
    const before = call.events.length;
    call.send(20, true);
    await call.settledAudio();
    assert.equal(call.events.slice(before), []);
  });
});

test('a turn that is asked for while another is spoken ends that one', async () => {
  await withCall({}, async (call) => {
    await story(call);
    call.session.requestReply(2, 'no-input', false);
    const given = call.audioBytes(1);
    await call.untilEnded(2);
    assert.is(call.audioBytes(1), given);
    assert.equal(call.told(2), ['agent: Yes.', 'audio of 2', 'reply-ended']);
  });
});

test('a caller who goes on after all loses nothing: the words are told, and only the last is answered', async () => {
  await withCall({}, async (call) => {
    call.service.manner.thinkMs = 150;
    call.service.hears = ['A table', 'for four.'];
    call.service.answers = [{ says: [{ text: 'For how many?', ms: 100 }] }, { says: [{ text: 'At what time?', ms: 100 }] }];
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(1, 'caller', false);
    call.session.cancelReply(1, nothingHeard);
    call.speak();
    await call.until('turn-ended', 2);
    call.session.requestReply(2, 'caller', false);
    await call.untilEnded(2);
    assert.equal(call.told(1), ['caller: A table']);
    assert.equal(call.told(2), ['caller: for four.', 'agent: At what time?', 'audio of 2', 'reply-ended']);
  });
});

test('words that were never asked about are told with the next turn', async () => {
  await withCall({}, async (call) => {
    call.service.hears = ['A table', 'for four.'];
    call.speak();
    await call.until('turn-ended');
    call.speak();
    await call.until('turn-ended', 2);
    call.session.requestReply(1, 'caller', false);
    await call.untilEnded(1);
    assert.equal(call.told(1), ['caller: A table', 'caller: for four.', 'agent: Yes.', 'audio of 2', 'reply-ended']);
  });
});

test('an answer that a cough has cancelled before it came is offered again when the cough is over', async () => {
  await withCall({}, async (call) => {
    call.service.manner.thinkMs = 60;
    call.service.answers = [{ says: [{ text: 'At what time?', ms: 100 }] }];
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(1, 'caller', false);
    // Too short for the service, long enough for talkpath.
    call.send(60, true);
    call.session.cancelReply(1, nothingHeard);
    call.send(380, false);
    call.send(20, true);
    call.send(380, false);
    await call.settled();
    assert.is(call.of('turn-ended').length, 1);
    call.send(20, false);
    assert.is(call.of('turn-ended').length, 2);
    call.session.requestReply(2, 'caller', false);
    await call.untilEnded(2);
    assert.equal(call.told(2), ['agent: At what time?', 'audio of 1', 'reply-ended']);
    assert.equal(call.told(1), ['caller: Hello.']);
  });
});

test('a caller who is silent after a cough may also be asked for, and hears the answer that is there', async () => {
  await withCall({}, async (call) => {
    call.speak();
    await call.until('turn-ended');
    await call.settled();
    call.session.requestReply(1, 'no-input', false);
    assert.equal(call.told(1), ['caller: Hello.', 'agent: Yes.', 'audio of 1', 'reply-ended']);
    assert.equal(call.said('InjectUserMessage'), []);
  });
});

test('a goodbye is said even if an answer is there', async () => {
  await withCall({}, async (call) => {
    call.speak();
    await call.until('turn-ended');
    await call.settled();
    call.service.answers = [{ says: [{ text: 'Goodbye.', ms: 100 }] }];
    call.session.requestReply(1, 'no-input', true);
    await call.untilEnded(1);
    assert.equal(call.told(1), ['caller: Hello.', 'agent: Goodbye.', 'audio of 2', 'reply-ended']);
  });
});

test('a greeting that is cancelled before it is said is not said later', async () => {
  await withCall({ call: { greeting: 'Good evening.' } }, async (call) => {
    call.session.requestReply(1, 'greeting', false);
    call.session.cancelReply(1, nothingHeard);
    await call.settled();
    assert.equal(call.events, []);
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(2, 'caller', false);
    await call.untilEnded(2);
    assert.equal(call.told(2), ['caller: Hello.', 'agent: Yes.', 'audio of 2', 'reply-ended']);
  });
});

test('an instruction whose turn was cancelled is not taken for the caller’s words, and its reply is told to nobody', async () => {
  await withCall({}, async (call) => {
    call.session.requestReply(1, 'no-input', false);
    call.session.cancelReply(1, nothingHeard);
    await call.when('the instruction', () => call.said('InjectUserMessage').length === 1);
    await call.settled();
    assert.equal(call.events, []);
  });
});

test('a reply that was cancelled while it was asked for is not spoken by the one after it', async () => {
  await withCall({}, async (call) => {
    call.service.answers = [{ says: [{ text: 'Are you there?', ms: 100 }] }, { says: [{ text: 'Goodbye.', ms: 100 }] }];
    call.session.requestReply(1, 'no-input', false);
    call.session.cancelReply(1, nothingHeard);
    await call.settled();
    call.session.requestReply(2, 'no-input', true);
    await call.untilEnded(2);
    assert.equal(call.told(2), ['agent: Goodbye.', 'audio of 2', 'reply-ended']);
    assert.equal(call.told(1), []);
  });
});

test('an injection that is refused for no reason that was told is made again a little later, and not for ever', async () => {
  await withCall({ call: { greeting: 'Hello.' }, prepare: refusing }, async (call) => {
    call.session.requestReply(1, 'greeting', false);
    for (let tries = 1; tries < 8; tries += 1) {
      await call.when(`try ${tries}`, () => call.said('InjectAgentMessage').length === tries);
      await call.settled();
      assert.equal(call.of('failed'), []);
      call.clock.advance(300);
    }
    const { turn, code, retryable } = await call.until('failed');
    assert.equal([turn, code, retryable], [1, 'TP_ERR_PROVIDER_TIMEOUT', true]);
    call.clock.advance(60_000);
    await call.settled();
    assert.is(call.said('InjectAgentMessage').length, 8);
    assert.is(call.of('failed').length, 1);
  });
});

test('an agent that speaks without end is not waited for without end', async () => {
  await withCall({ call: { greeting: 'Hello.' } }, async (call) => {
    await story(call);
    call.session.cancelReply(1, heard);
    call.session.requestReply(2, 'greeting', false);
    await call.when('the injection', () => call.said('InjectAgentMessage').length === 1);
    await call.service.conversation.flushed();
    call.clock.advance(2999);
    assert.equal(call.of('failed'), []);
    call.clock.advance(1);
    assert.is((await call.until('failed')).turn, 2);
  });
});

test('a turn that is cancelled while its injection waits does not fail', async () => {
  await withCall({ call: { greeting: 'Hello.' } }, async (call) => {
    await story(call);
    call.session.cancelReply(1, heard);
    call.session.requestReply(2, 'greeting', false);
    await call.when('the injection', () => call.said('InjectAgentMessage').length === 1);
    await call.service.conversation.flushed();
    call.session.cancelReply(2, nothingHeard);
    call.clock.advance(10_000);
    assert.equal(call.of('failed'), []);
  });
});

test('a refused injection is given up when the caller speaks: the caller is answered', async () => {
  await withCall({ call: { greeting: 'Hello.' } }, async (call) => {
    call.send(200, true);
    await call.settledAudio();
    call.session.requestReply(1, 'greeting', false);
    await call.when('the injection', () => call.said('InjectAgentMessage').length === 1);
    await call.service.conversation.flushed();
    call.clock.advance(5000);
    call.send(200, false);
    await call.untilEnded(1);
    call.clock.advance(10_000);
    await call.settled();
    assert.equal(call.told(1), ['caller: Hello.', 'agent: Yes.', 'audio of 1', 'reply-ended']);
    assert.is(call.said('InjectAgentMessage').length, 1);
    assert.equal(call.of('turn-ended'), []);
  });
});

test('words that were to be said are known again, though an earlier reply never came to its end', async () => {
  await withCall({ call: { greeting: 'Hello again.' } }, async (call) => {
    call.service.conversation.tellAudio(Buffer.alloc(160, 9));
    await call.service.conversation.flushed();
    call.session.requestReply(1, 'no-input', false);
    call.session.cancelReply(1, nothingHeard);
    call.session.requestReply(2, 'greeting', false);
    call.service.conversation.tell({ type: 'ConversationText', role: 'assistant', content: 'Of the first.' });
    call.service.conversation.tellAudio(Buffer.alloc(160, 9));
    await call.untilEnded(2);
    assert.equal(call.told(2), ['agent: Hello again.', 'audio of 1', 'reply-ended']);
  });
});

test('a session that is closed by what it tells says no more', async () => {
  await withCall({}, async (call) => {
    call.service.answers = [
      {
        says: [
          { text: 'One.', ms: 100 },
          { text: 'Two.', ms: 100 },
        ],
      },
    ];
    call.speak();
    await call.until('turn-ended');
    await call.settled();
    call.react = ({ type }) => {
      if (type === 'reply-audio') call.session.close();
    };
    call.session.requestReply(1, 'caller', false);
    assert.equal(call.told(1), ['caller: Hello.', 'agent: One.', 'audio of 1']);
    assert.is(call.of('reply-audio').length, 1);
  });
});

test('what the service says without a reason waits for the next question whether the caller is there', async () => {
  await withCall({}, async (call) => {
    const { conversation } = call.service;
    conversation.tellAudio(Buffer.alloc(160, 9));
    conversation.tell({ type: 'AgentAudioDone' });
    await call.settled();
    assert.equal(call.events, []);
    call.session.requestReply(1, 'no-input', false);
    assert.equal(call.told(1), ['audio of 9', 'reply-ended']);
  });
});

test.run();
