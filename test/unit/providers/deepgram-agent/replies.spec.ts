import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HeldReply } from '#talkpath/providers/deepgram-agent/held-reply.js';
import { NoiseWatch } from '#talkpath/providers/deepgram-agent/noise-watch.js';
import { Replies } from '#talkpath/providers/deepgram-agent/replies.js';
import { StageRecord } from '#talkpath/providers/deepgram-agent/stage-record.js';
import { TurnEvents } from '#talkpath/providers/deepgram-agent/turn-events.js';
import type { ProviderEvent } from '#talkpath/providers/provider.js';
import { mulaw } from './agent-call.js';

const audio = (mark: number): Uint8Array => Uint8Array.of(mark);

/** What talkpath is told, in short. */
function witness(react: (event: ProviderEvent, replies: Replies) => void = () => {}): { replies: Replies; told: string[] } {
  const told: string[] = [];
  const on = (event: ProviderEvent): void => {
    if (event.type === 'transcript') told.push(`${event.turn} ${event.who}: ${event.text}`);
    else if (event.type === 'reply-audio') told.push(`${event.turn} audio ${[...event.audio].join()}`);
    else told.push('turn' in event && event.turn !== undefined ? `${event.turn} ${event.type}` : event.type);
    react(event, replies);
  };
  const replies = new Replies({ tell: new TurnEvents(on, mulaw), held: new HeldReply(mulaw), noise: new NoiseWatch(mulaw) });
  return { replies, told };
}

/** The caller has said something, and the turn is asked for. */
function asked(replies: Replies, turn: number): void {
  replies.callerStarted();
  replies.callerSaid('Hello.');
  replies.ask(turn, 'caller', false);
}

test('what comes without a reason after a reply that was cancelled belongs to it, and is kept for nobody', () => {
  for (const isCancelledLate of [false, true]) {
    const { replies, told } = witness();
    asked(replies, 1);
    replies.agentAudio(audio(1));
    if (!isCancelledLate) replies.cancel(1);
    replies.audioDone();
    if (isCancelledLate) replies.cancel(1);
    replies.agentAudio(audio(2));
    replies.audioDone();
    told.length = 0;
    assert.not(replies.ask(2, 'no-input', false));
    assert.equal(told, []);
  }
});

test('nothing of what was injected for a turn that is over is kept, in however many parts it comes', () => {
  const { replies, told } = witness();
  replies.ask(1, 'no-input', false);
  replies.injected();
  replies.cancel(1);
  for (const mark of [1, 2]) {
    replies.agentAudio(audio(mark));
    replies.audioDone();
  }
  assert.not(replies.ask(2, 'no-input', false));
  assert.equal(told, []);
});

test('text of a turn that was cancelled after its end is told to nobody, however late it comes', () => {
  const { replies, told } = witness();
  asked(replies, 1);
  replies.agentAudio(audio(1));
  replies.audioDone();
  replies.callerStarted();
  replies.callerSaid('Wait.');
  replies.cancel(1);
  replies.callerStarted();
  replies.audioDone();
  told.length = 0;
  replies.agentSays('Of the first turn.');
  assert.equal(told, []);
});

test('a reply that is cancelled while what was kept of it is told stops there', () => {
  const { replies, told } = witness((event, replies) => {
    if (event.type === 'reply-audio') replies.cancel(event.turn);
  });
  replies.callerStarted();
  replies.callerSaid('Hello.');
  for (const mark of [1, 2, 3]) replies.agentAudio(audio(mark));
  replies.audioDone();
  replies.ask(1, 'caller', false);
  assert.equal(told, ['turn-ended', '1 caller: Hello.', '1 audio 1']);
});

test('a reply that was kept is of no use from the moment on in which the caller speaks again', () => {
  const { replies, told } = witness();
  replies.callerStarted();
  replies.callerSaid('Hello.');
  replies.agentAudio(audio(1));
  replies.audioDone();
  replies.callerStarted();
  assert.not(replies.ask(1, 'caller', false));
  assert.equal(told, ['turn-ended', '1 caller: Hello.']);
});

test('a call that is withdrawn before its turn is asked for is not made', () => {
  const { replies, told } = witness();
  replies.callerStarted();
  replies.callerSaid('Hello.');
  const reply = replies.called({ id: 'call-1', name: 'find', arguments: {} });
  assert.ok(reply);
  if (reply) replies.withdrawn(reply, 'call-1');
  replies.ask(1, 'caller', false);
  assert.equal(told, ['turn-ended', '1 caller: Hello.', '1 reply-ended']);
});

test('words that come after the end of the turn and the first of the answer are of the same turn', () => {
  const { replies, told } = witness();
  replies.callerStarted();
  replies.callerEnded();
  replies.ask(1, 'caller', false);
  replies.agentAudio(audio(1));
  replies.callerSaid('Hello.');
  replies.audioDone();
  assert.equal(told, ['turn-ended', '1 audio 1', '1 caller: Hello.', '1 reply-ended']);
});

test('a noise that the service has taken for speech does not hide what is said when the caller is asked for', () => {
  for (const isSaidBack of [true, false]) {
    const { replies, told } = witness();
    replies.callerStarted();
    replies.ask(1, 'no-input', false);
    replies.injected();
    if (isSaidBack) replies.injectionTaken();
    replies.agentSays('Are you there?');
    replies.agentAudio(audio(1));
    replies.audioDone();
    assert.equal(told, ['1 agent: Are you there?', '1 audio 1', '1 reply-ended']);
  }
});

test('audio ends the caller’s turn when none of an earlier reply can be on its way', () => {
  const { replies, told } = witness();
  replies.callerStarted();
  replies.agentAudio(audio(1));
  replies.ask(1, 'caller', false);
  assert.equal(told, ['turn-ended', '1 audio 1']);
});

test('of the times the last of the speech-to-text counts, and the first of the others', () => {
  const record = new StageRecord();
  record.begin(true);
  for (const ms of [1, 2, 3]) record.note({ stt: ms, llm: ms, tts: ms });
  assert.equal(record.take(), [
    ['stt', 3],
    ['llm', 1],
    ['tts', 1],
  ]);
  record.note({ stt: 4, llm: 4 });
  assert.equal(record.take(), []);
  record.begin(false);
  record.note({ stt: 5, llm: 5 });
  assert.equal(record.take(), [['llm', 5]]);
});

test('words that get no sound for an answer fail their turn, whether it was asked for before or after', () => {
  for (const isAskedLate of [false, true]) {
    for (const isSpelt of [false, true]) {
      const { replies, told } = witness();
      replies.callerStarted();
      replies.callerSaid('Hello.');
      if (!isAskedLate) replies.ask(1, 'caller', false);
      replies.agentStarted();
      if (isSpelt) replies.agentSays('Good morning.');
      replies.audioDone();
      if (isAskedLate) replies.ask(1, 'caller', false);
      assert.equal(told, ['turn-ended', '1 caller: Hello.', ...(isSpelt ? ['1 agent: Good morning.'] : []), '1 failed']);
    }
  }
});

test('what was injected and gets no sound for an answer fails its turn', () => {
  for (const cause of ['greeting', 'no-input', 'resume'] as const) {
    const { replies, told } = witness();
    replies.ask(1, cause, false);
    replies.injected();
    replies.agentStarted();
    replies.audioDone();
    assert.equal(told, ['1 failed']);
  }
});

test('a noise without words needs no answer', () => {
  const { replies, told } = witness();
  replies.callerStarted();
  replies.callerEnded();
  replies.ask(1, 'caller', false);
  replies.agentStarted();
  replies.audioDone();
  assert.equal(told, ['turn-ended', '1 reply-ended']);
});

test('words whose turn was cancelled by a noise are still to be answered in the next', () => {
  const { replies, told } = witness();
  asked(replies, 1);
  replies.cancel(1);
  replies.ask(2, 'caller', false);
  replies.agentStarted();
  replies.audioDone();
  assert.equal(told, ['turn-ended', '1 caller: Hello.', '2 failed']);
});

test('a reply that the caller has cut before its first sound has not failed', () => {
  const { replies, told } = witness();
  asked(replies, 1);
  replies.agentSays('Good morning.');
  replies.callerStarted();
  replies.audioDone();
  assert.equal(told, ['turn-ended', '1 caller: Hello.', '1 agent: Good morning.', '1 reply-ended']);
});

test('a function whose answer needs no words ends a reply without a sound', () => {
  const { replies, told } = witness();
  asked(replies, 1);
  const reply = replies.called({ id: 'call-1', name: 'hang_up', arguments: {} });
  assert.ok(reply);
  if (reply) replies.answered(reply, 'call-1', false);
  replies.agentSays('');
  replies.audioDone();
  assert.equal(told.at(-1), '1 reply-ended');
});

test.run();
