import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AgentCall, behaving, nothingHeard } from './agent-call.js';

const withCall = AgentCall.with;

test('the caller’s turn is told once, and its answer goes to the turn that is asked for, words before audio', async () => {
  await withCall({}, async (call) => {
    call.service.hears = ['A table for two.'];
    call.service.answers = [{ says: [{ text: 'At what time?', ms: 400 }] }];
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(3, 'caller', false);
    await call.untilEnded(3);
    assert.equal(call.told(3), ['caller: A table for two.', 'agent: At what time?', 'audio of 1', 'reply-ended']);
    assert.is(call.audioBytes(3), 3200);
    assert.ok(call.of('reply-audio').every(({ format }) => format.encoding === 'mulaw' && format.rateHz === 8000));
    await call.settled();
    assert.is(call.of('turn-ended').length, 1);
    assert.equal(call.of('failed'), []);
  });
});

test('an answer that is there before it is asked for is kept for its turn', async () => {
  await withCall({}, async (call) => {
    call.service.answers = [{ says: [{ text: 'At what time?', ms: 400 }] }];
    call.speak();
    await call.until('turn-ended');
    await call.settled();
    assert.equal(call.of('reply-audio'), []);
    call.session.requestReply(7, 'caller', false);
    assert.equal(call.told(7), ['caller: Hello.', 'agent: At what time?', 'audio of 1', 'reply-ended']);
    assert.is(call.audioBytes(7), 3200);
  });
});

test('half an answer that is there is given at once, and the rest as it comes', async () => {
  await withCall(behaving({ pace: 1 }), async (call) => {
    call.service.answers = [
      {
        says: [
          { text: 'One.', ms: 120 },
          { text: 'Two.', ms: 120 },
        ],
      },
    ];
    call.speak();
    await call.until('turn-ended');
    await call.when('the first half', () => call.service.conversation.isReplying);
    call.session.requestReply(1, 'caller', false);
    await call.untilEnded(1);
    assert.equal(call.told(1), ['caller: Hello.', 'agent: One.', 'audio of 1', 'agent: Two.', 'audio of 1', 'reply-ended']);
    assert.is(call.audioBytes(1), 1920);
  });
});

test('what is said is the same whether the service tells of its thinking and speaking, or of nothing', async () => {
  for (const manner of [
    { tellsStart: true, tellsThinking: true, tellsEndOfTurn: true },
    { tellsStart: false, tellsThinking: true, tellsEndOfTurn: false },
    { tellsStart: true, tellsThinking: false, tellsEndOfTurn: false },
    { tellsStart: false, tellsThinking: false, tellsEndOfTurn: false },
  ]) {
    await withCall(behaving(manner), async (call) => {
      for (const turn of [1, 2]) {
        call.speak();
        await call.until('turn-ended', turn);
        call.session.requestReply(turn, 'caller', false);
        await call.untilEnded(turn);
        assert.equal(call.told(turn), ['caller: Hello.', 'agent: Yes.', `audio of ${turn}`, 'reply-ended'], JSON.stringify(manner));
      }
      assert.is(call.of('turn-ended').length, 2);
    });
  }
});

test('text that comes after its audio goes to the right turn', async () => {
  await withCall(behaving({ isTextLate: true }), async (call) => {
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(1, 'caller', false);
    await call.untilEnded(1);
    assert.equal(call.told(1), ['caller: Hello.', 'audio of 1', 'agent: Yes.', 'audio of 1', 'reply-ended']);
  });
});

test('text that comes after all audio goes to the turn that was spoken, unless that was cancelled', async () => {
  for (const isCancelled of [false, true]) {
    await withCall({}, async (call) => {
      call.speak();
      await call.until('turn-ended');
      call.session.requestReply(1, 'caller', false);
      await call.untilEnded(1);
      if (isCancelled) call.session.cancelReply(1, nothingHeard);
      call.service.conversation.tell({ type: 'ConversationText', role: 'assistant', content: 'And more.' });
      await call.settled();
      assert.is(call.told(1).includes('agent: And more.'), !isCancelled);
    });
  }
});

test('a greeting is said word for word, as the turn that it was asked for', async () => {
  await withCall({ call: { greeting: 'Pizzeria Bella, good evening.' } }, async (call) => {
    call.session.requestReply(1, 'greeting', false);
    await call.untilEnded(1);
    assert.equal(call.told(1), ['agent: Pizzeria Bella, good evening.', 'audio of 1', 'reply-ended']);
    assert.equal(call.said('InjectAgentMessage'), [{ type: 'InjectAgentMessage', message: 'Pizzeria Bella, good evening.' }]);
    assert.equal(call.of('turn-ended'), []);
  });
});

test('without a greeting the model greets, and what it was told is not taken for the caller’s words', async () => {
  await withCall({}, async (call) => {
    call.session.requestReply(1, 'greeting', false);
    await call.untilEnded(1);
    assert.equal(call.told(1), ['agent: Yes.', 'audio of 1', 'reply-ended']);
    assert.match(call.said('InjectUserMessage')[0]?.content ?? '', /^\[system\].*Greet the caller/);
    assert.equal(call.of('turn-ended'), []);
  });
});

test('an empty greeting is none', async () => {
  await withCall({ call: { greeting: '' } }, async (call) => {
    call.session.requestReply(1, 'greeting', false);
    assert.equal(call.events, [{ type: 'reply-ended', turn: 1 }]);
  });
});

test('a caller who says nothing is asked for by the model, and at last told goodbye', async () => {
  await withCall({}, async (call) => {
    call.service.answers = [{ says: [{ text: 'Are you there?', ms: 100 }] }, { says: [{ text: 'Goodbye.', ms: 100 }] }];
    call.session.requestReply(1, 'no-input', false);
    await call.untilEnded(1);
    call.session.requestReply(2, 'no-input', true);
    await call.untilEnded(2);
    assert.equal(call.told(1), ['agent: Are you there?', 'audio of 1', 'reply-ended']);
    assert.equal(call.told(2), ['agent: Goodbye.', 'audio of 2', 'reply-ended']);
    const [asked, last] = call.said('InjectUserMessage');
    assert.match(asked?.content ?? '', /still there/);
    assert.match(last?.content ?? '', /goodbye/);
  });
});

test('a conversation is taken up where it stopped: the agent goes on, or answers what was not answered', async () => {
  const history = [
    { who: 'caller', text: 'What have you got?' },
    { who: 'agent', text: 'We have pizza with' },
  ] as const;
  await withCall({ history }, async (call) => {
    call.session.requestReply(4, 'resume', false);
    await call.untilEnded(4);
    assert.match(call.said('InjectUserMessage')[0]?.content ?? '', /Go on exactly where your last words stop/);
    assert.is(call.service.conversation.settings?.agent.context?.messages.length, 2);
  });
  await withCall({ history: [...history, { who: 'caller', text: 'Stop.' }, { who: 'caller', text: 'A large one.' }] }, async (call) => {
    call.session.requestReply(4, 'resume', false);
    await call.untilEnded(4);
    assert.match(call.said('InjectUserMessage')[0]?.content ?? '', /said last, which is: "Stop\. A large one\."$/);
    assert.equal(call.told(4), ['agent: Yes.', 'audio of 1', 'reply-ended']);
  });
});

test('a conversation of which nothing is known begins with the greeting when it is taken up', async () => {
  await withCall({ call: { greeting: 'Hello.' } }, async (call) => {
    call.session.requestReply(1, 'resume', false);
    await call.untilEnded(1);
    assert.is(call.said('InjectAgentMessage').length, 1);
  });
});

test('times of the stages are told once a turn: speech to text only where the caller had spoken', async () => {
  await withCall({ call: { greeting: 'Hello.' } }, async (call) => {
    const { conversation } = call.service;
    for (const ms of [50, 60, 70]) conversation.tell({ type: 'LatencyReport', stt_latency: ms / 1000 });
    call.session.requestReply(1, 'greeting', false);
    await call.untilEnded(1);
    call.speak();
    await call.until('turn-ended');
    call.session.requestReply(2, 'caller', false);
    await call.untilEnded(2);
    conversation.tell({ type: 'LatencyReport', stt_latency: 9 });
    await call.settled();
    const stages = (turn: number) => Object.fromEntries(call.of('timing').flatMap((event) => (event.turn === turn ? [[event.stage, event.ms]] : [])));
    assert.equal(stages(1), { llm: 250, tts: 100 });
    assert.equal(stages(2), { stt: 80, llm: 250, tts: 100 });
    assert.is(call.of('timing').length, 5);
  });
});

test('talkpath’s own end of the caller’s turn is forced on a service that still waits', async () => {
  await withCall({}, async (call) => {
    call.service.hears = ['And then'];
    call.send(300, true);
    await call.when('speech at the service', () => call.service.conversation.receivedBytes === 2400);
    call.session.requestReply(2, 'caller', false);
    await call.untilEnded(2);
    assert.is(call.said('ForceEndTurn').length, 1);
    assert.equal(call.told(2), ['caller: And then', 'agent: Yes.', 'audio of 1', 'reply-ended']);
    assert.equal(call.of('turn-ended'), []);
  });
});

test('a model that cannot be forced is waited for', async () => {
  await withCall({ settings: { listen_model: 'nova-3' } }, async (call) => {
    call.send(300, true);
    await call.when('speech at the service', () => call.service.conversation.receivedBytes === 2400);
    call.session.requestReply(2, 'caller', false);
    call.send(400, false);
    await call.untilEnded(2);
    assert.equal(call.said('ForceEndTurn'), []);
    assert.equal(call.told(2), ['caller: Hello.', 'agent: Yes.', 'audio of 1', 'reply-ended']);
    assert.equal(call.of('turn-ended'), []);
  });
});

test('a noise that the service does not take for speech ends in a reply without audio', async () => {
  await withCall({}, async (call) => {
    call.session.requestReply(2, 'caller', false);
    await call.settled();
    call.clock.advance(1400);
    assert.equal(call.events, []);
    call.clock.advance(200);
    assert.equal(call.events, [{ type: 'reply-ended', turn: 2 }]);
  });
});

test('a turn that is over takes nothing from the one that is waited for', async () => {
  await withCall({}, async (call) => {
    call.session.requestReply(2, 'caller', false);
    call.session.cancelReply(1, nothingHeard);
    await call.settled();
    call.clock.advance(1500);
    assert.equal(call.events, [{ type: 'reply-ended', turn: 2 }]);
  });
});

test('speech that the service has only just noticed is waited for', async () => {
  await withCall({}, async (call) => {
    call.session.requestReply(2, 'caller', false);
    call.send(300, true);
    await call.settled();
    call.clock.advance(5000);
    assert.equal(call.events, []);
    call.send(300, false);
    await call.untilEnded(2);
    assert.equal(call.told(2), ['caller: Hello.', 'agent: Yes.', 'audio of 1', 'reply-ended']);
  });
});

test('the service is told that the call is there when no audio has been sent for five seconds, and only then', async () => {
  await withCall({}, async (call) => {
    call.clock.advance(4000);
    call.send(20, false);
    call.session.sendAudio(new Uint8Array(0), false);
    call.clock.advance(4900);
    await call.settled();
    assert.equal(call.said('KeepAlive'), []);
    call.clock.advance(5000);
    call.clock.advance(5000);
    await call.settled();
    assert.is(call.said('KeepAlive').length, 2);
  });
});

test.run();
