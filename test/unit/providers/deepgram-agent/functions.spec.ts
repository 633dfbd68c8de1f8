import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answer } from '#emulators/deepgram-agent/reply.js';
import { AgentCall, behaving, nothingHeard } from './agent-call.js';

const withCall = AgentCall.with;
const find = { id: 'call-1', name: 'find_table', arguments: { persons: 4 } };
const said = (text: string, ms = 100) => ({ says: [{ text, ms }] });
/** What the agent does is in the test's hands. */
const neverAnswering = behaving({ thinkMs: 60_000 });
const spoken = { text: 'There is one at eight.', isSpokenOf: true };

/** The caller has asked, the service has called a function, and talkpath was told. */
async function asked(call: AgentCall, answer: Answer): Promise<void> {
  call.service.answers = [answer];
  call.speak();
  await call.until('turn-ended');
  call.session.requestReply(1, 'caller', false);
  await call.until('tool-call');
}

test('a function is called with its arguments, and its answer is spoken of in the same turn', async () => {
  await withCall({}, async (call) => {
    await asked(call, { calls: [find], afterwards: said('At eight.') });
    assert.equal(call.of('tool-call'), [{ type: 'tool-call', turn: 1, id: 'call-1', name: 'find_table', arguments: { persons: 4 } }]);
    call.session.answerTool('call-1', spoken);
    await call.untilEnded(1);
    assert.equal(call.told(1), ['caller: Hello.', 'tool-call find_table', 'agent: At eight.', 'audio of 1', 'reply-ended']);
    assert.equal(call.said('FunctionCallResponse'), [
      { type: 'FunctionCallResponse', id: 'call-1', name: 'find_table', content: 'There is one at eight.' },
    ]);
  });
});

test('a reply with a function in its middle is one turn, at whatever moment the service says that a part is done', async () => {
  for (const manner of [{}, { isDoneEarly: true }, { tellsStart: true }, { isTextLate: true }]) {
    for (const says of [undefined, said('One moment.', 300).says]) {
      await withCall(behaving(manner), async (call) => {
        await asked(call, { ...(says && { says }), calls: [find], afterwards: said('At eight.', 200) });
        call.session.answerTool('call-1', spoken);
        await call.untilEnded(1);
        await call.settled();
        assert.is(call.audioBytes(1), 1600 + (says ? 2400 : 0), JSON.stringify({ manner, says }));
        assert.ok(call.told(1).includes('agent: At eight.'));
        assert.is(call.told(1).at(-1), 'reply-ended');
        assert.is(call.of('reply-ended').length, 1);
        assert.is(call.of('turn-ended').length, 1);
      });
    }
  }
});

test('an answer that comes while the agent still speaks of something else does not end the reply too early', async () => {
  await withCall(neverAnswering, async (call) => {
    const { conversation } = call.service;
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(1, 'caller', false);
    // The service has made the speech in advance: the call comes while its audio is on its way.
    conversation.tell({ type: 'ConversationText', role: 'assistant', content: 'One moment.' });
    conversation.tellAudio(Buffer.alloc(160, 1));
    conversation.expectAnswer('call-1', 'find_table');
    conversation.tell({ type: 'FunctionCallRequest', functions: [{ ...find, arguments: '{}', client_side: true }] });
    await call.until('tool-call');
    call.session.answerTool('call-1', spoken);
    conversation.tellAudio(Buffer.alloc(160, 1));
    conversation.tell({ type: 'AgentAudioDone' });
    await conversation.flushed();
    assert.is(call.audioBytes(1), 320);
    assert.equal(call.of('reply-ended'), []);
    conversation.tell({ type: 'ConversationText', role: 'assistant', content: 'At eight.' });
    conversation.tellAudio(Buffer.alloc(160, 1));
    conversation.tell({ type: 'AgentAudioDone' });
    await call.untilEnded(1);
    assert.is(call.audioBytes(1), 480);
  });
});

test('several functions are all answered before the agent speaks of them', async () => {
  await withCall({}, async (call) => {
    await asked(call, { calls: [find, { ...find, id: 'call-2', name: 'find_room' }], afterwards: said('At eight.') });
    await call.until('tool-call', 2);
    call.session.answerTool('call-2', spoken);
    await call.service.conversation.flushed();
    assert.equal(call.of('reply-ended'), []);
    call.session.answerTool('call-1', spoken);
    await call.untilEnded(1);
    assert.equal(
      call.said('FunctionCallResponse').map(({ id }) => id),
      ['call-2', 'call-1'],
    );
  });
});

test('after a farewell the turn ends with what was said, and what the agent says of the answer is told to nobody', async () => {
  for (const manner of [{}, { isDoneEarly: true }]) {
    await withCall(behaving(manner), async (call) => {
      await asked(call, { ...said('Goodbye.'), calls: [{ id: 'call-1', name: 'hang_up', arguments: {} }], afterwards: said('Goodbye again.') });
      call.session.answerTool('call-1', { text: 'The call ends.', isSpokenOf: false });
      await call.untilEnded(1);
      await call.settled();
      assert.equal(call.told(1), ['caller: Hello.', 'agent: Goodbye.', 'audio of 1', 'tool-call hang_up', 'reply-ended']);
      assert.equal(call.of('transcript').length, 2);
    });
  }
});

test('an agent that hangs up before it has said anything says its farewell', async () => {
  await withCall({}, async (call) => {
    await asked(call, { calls: [{ id: 'call-1', name: 'hang_up', arguments: {} }], afterwards: said('Goodbye.') });
    call.session.answerTool('call-1', { text: 'The call ends.', isSpokenOf: false });
    await call.untilEnded(1);
    assert.equal(call.told(1), ['caller: Hello.', 'tool-call hang_up', 'agent: Goodbye.', 'audio of 1', 'reply-ended']);
  });
});

test('an agent that says nothing of an answer does not keep the turn open for ever', async () => {
  await withCall(neverAnswering, async (call) => {
    const { conversation } = call.service;
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(1, 'caller', false);
    conversation.expectAnswer('call-1', 'find_table');
    conversation.tell({ type: 'FunctionCallRequest', functions: [{ ...find, arguments: '{}', client_side: true }] });
    await call.until('tool-call');
    call.session.answerTool('call-1', spoken);
    call.clock.advance(2999);
    assert.equal(call.of('reply-ended'), []);
    call.clock.advance(1);
    assert.is(call.of('reply-ended').length, 1);
  });
});

test('an agent that still speaks of something else has not yet said nothing of an answer', async () => {
  await withCall(neverAnswering, async (call) => {
    const { conversation } = call.service;
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(1, 'caller', false);
    conversation.tellAudio(Buffer.alloc(160, 1));
    conversation.expectAnswer('call-1', 'find_table');
    conversation.tell({ type: 'FunctionCallRequest', functions: [{ ...find, arguments: '{}', client_side: true }] });
    await call.until('tool-call');
    call.session.answerTool('call-1', spoken);
    call.clock.advance(2900);
    conversation.tellAudio(Buffer.alloc(160, 1));
    await conversation.flushed();
    call.clock.advance(2900);
    conversation.tell({ type: 'AgentAudioDone' });
    await conversation.flushed();
    call.clock.advance(2999);
    assert.equal(call.of('reply-ended'), []);
    call.clock.advance(1);
    assert.is(call.of('reply-ended').length, 1);
  });
});

test('a function that the model was not told of is answered at once, and nobody is told of it', async () => {
  await withCall({}, async (call) => {
    call.service.answers = [{ calls: [{ ...find, name: 'transfer' }], afterwards: said('I cannot do that.') }];
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(1, 'caller', false);
    await call.untilEnded(1);
    assert.equal(call.of('tool-call'), []);
    assert.is(call.said('FunctionCallResponse')[0]?.content, 'Not done: there is no function of that name.');
  });
});

test('arguments that are no JSON object are answered to the model, and nothing is done', async () => {
  for (const wrong of ['{"persons":', '[4]', 'null', '"four"']) {
    await withCall({}, async (call) => {
      call.service.answers = [{ calls: [{ ...find, arguments: wrong }], afterwards: said('For how many?') }];
      call.speak();
      await call.until('turn-ended');
      call.session.requestReply(1, 'caller', false);
      await call.untilEnded(1);
      assert.equal(call.of('tool-call'), []);
      assert.match(call.said('FunctionCallResponse')[0]?.content ?? '', /no JSON object/);
      assert.equal(call.told(1), ['caller: Hello.', 'agent: For how many?', 'audio of 1', 'reply-ended']);
    });
  }
});

test('a function that the service calls itself is none of ours', async () => {
  await withCall({}, async (call) => {
    call.service.answers = [{ calls: [{ ...find, client_side: false }], afterwards: said('At eight.') }];
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(1, 'caller', false);
    await call.untilEnded(1);
    assert.equal(call.of('tool-call'), []);
    assert.equal(call.said('FunctionCallResponse'), []);
  });
});

test('a call that came before its turn was asked for is made when it is', async () => {
  await withCall({}, async (call) => {
    call.service.answers = [{ calls: [find], afterwards: said('At eight.') }];
    call.speak();
    await call.until('turn-ended');
    await call.settledAudio();
    await call.when('the call', () => call.service.conversation.isWaiting);
    await call.service.conversation.flushed();
    assert.equal(call.of('tool-call'), []);
    call.session.requestReply(1, 'caller', false);
    assert.is(call.of('tool-call').length, 1);
    call.session.answerTool('call-1', spoken);
    await call.untilEnded(1);
    assert.equal(call.told(1), ['caller: Hello.', 'tool-call find_table', 'agent: At eight.', 'audio of 1', 'reply-ended']);
  });
});

test('a call that the caller has talked over is withdrawn, never answered, and ends the turn that it belonged to', async () => {
  await withCall(behaving({ strayMs: 100 }), async (call) => {
    await asked(call, { ...said('One moment.'), calls: [find] });
    call.send(200, true);
    const { id } = await call.until('tool-call-withdrawn');
    assert.is(id, 'call-1');
    await call.untilEnded(1);
    assert.equal(
      call.events.slice(-2).map(({ type }) => type),
      ['tool-call-withdrawn', 'reply-ended'],
    );
    assert.is(call.audioBytes(1), 800);
    call.session.answerTool('call-1', spoken);
    await call.settled();
    assert.equal(call.said('FunctionCallResponse'), []);
  });
});

test('a call that was never made known is withdrawn without a word', async () => {
  await withCall({}, async (call) => {
    call.service.answers = [{ calls: [find] }];
    call.speak();
    await call.until('turn-ended');
    await call.when('the call', () => call.service.conversation.isWaiting);
    call.speak();
    await call.until('turn-ended', 2);
    call.session.requestReply(1, 'caller', false);
    await call.untilEnded(1);
    assert.equal(call.of('tool-call'), []);
    assert.equal(call.of('tool-call-withdrawn'), []);
  });
});

test('an answer for a turn that was cancelled is still given to the model, and what it says of it is told to nobody', async () => {
  await withCall({}, async (call) => {
    await asked(call, { calls: [find], afterwards: said('At eight.') });
    call.session.cancelReply(1, nothingHeard);
    call.session.answerTool('call-1', spoken);
    await call.when('the answer', () => call.said('FunctionCallResponse').length === 1);
    await call.settled();
    assert.equal(call.told(1), ['caller: Hello.', 'tool-call find_table']);
    call.speak();
    await call.until('turn-ended', 2);
    call.session.requestReply(2, 'caller', false);
    await call.untilEnded(2);
    assert.equal(call.told(2), ['caller: Hello.', 'agent: Yes.', 'audio of 2', 'reply-ended']);
  });
});

test('a function that is called for a turn that was cancelled is not done, and the model is told so', async () => {
  await withCall(behaving({ pace: 1 }), async (call) => {
    call.service.answers = [{ ...said('One moment.', 300), calls: [find], afterwards: said('At eight.') }];
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(1, 'caller', false);
    await call.until('reply-audio');
    call.session.cancelReply(1, nothingHeard);
    await call.when('the answer', () => call.said('FunctionCallResponse').length === 1);
    await call.settled();
    assert.match(call.said('FunctionCallResponse')[0]?.content ?? '', /Not done/);
    assert.equal(call.of('tool-call'), []);
  });
});

test('answers to what was not called, or was answered, are not passed on', async () => {
  await withCall({}, async (call) => {
    call.session.answerTool('call-9', spoken);
    await asked(call, { calls: [find], afterwards: said('At eight.') });
    call.session.answerTool('call-1', spoken);
    call.session.answerTool('call-1', spoken);
    await call.untilEnded(1);
    assert.is(call.said('FunctionCallResponse').length, 1);
  });
});

test.run();
