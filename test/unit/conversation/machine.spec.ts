import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Effect, type Event, initialState, type State, type TurnTaking, transition } from '#talkpath/conversation/machine.js';
import { turnTaking } from '../../support/call-bench.js';

const settings: TurnTaking = { ...turnTaking, maxNoInputs: 1, maxFailures: 1 };

/** A conversation that remembers where it stands; `hear` returns the effects of the last event as short texts. */
class Talk {
  state: State = initialState;
  readonly #settings: TurnTaking;

  constructor(changed: Partial<TurnTaking> = {}) {
    this.#settings = { ...settings, ...changed };
  }

  hear(...events: readonly Event[]): string[] {
    let effects: readonly Effect[] = [];
    for (const event of events) [this.state, effects] = transition(this.state, event, this.#settings);
    return effects.map(inShort);
  }
}

function inShort(effect: Effect): string {
  switch (effect.type) {
    case 'set-timer':
      return `${effect.timer} ${effect.turn} in ${effect.afterMs}`;
    case 'request-reply':
      return `request ${effect.turn} ${effect.cause}${effect.last ? ' last' : ''}`;
    case 'play-fallback':
      return `fallback ${effect.turn}${effect.last ? ' last' : ''}`;
    case 'arm-barge-in':
      return effect.armed ? 'arm' : 'disarm';
    case 'end-call':
      return effect.ending;
    default:
      return 'turn' in effect ? `${effect.type} ${effect.turn}` : effect.type;
  }
}

const started = (greets: boolean): Event => ({ type: 'call-started', greets });
const speaks: Event = { type: 'speech-started' };
const stops: Event = { type: 'speech-ended' };
const turnEnded: Event = { type: 'turn-ended' };
const elapsed = (timer: Extract<Event, { type: 'elapsed' }>['timer'], turn: number): Event => ({ type: 'elapsed', timer, turn });
const playout = (what: 'started' | 'progressed' | 'ended', turn: number): Event => ({ type: `playout-${what}`, turn });
const asks = (ending: 'hang-up' | 'transfer', turn: number): Event => ({ type: 'ending-asked', turn, ending });
const caller = (turn: number): Event[] => [speaks, stops, elapsed('silence', turn)];
const agent = (turn: number): Event[] => [playout('started', turn), playout('ended', turn)];

test('a call with a greeting begins with the agent, and the caller is heard after it', () => {
  const talk = new Talk();
  assert.equal(talk.hear(started(true)), ['clear-timers', 'arm', 'request 1 greeting', 'reply-overdue 1 in 4000']);
  assert.equal(talk.hear(playout('started', 1)), ['clear-timers', 'playout-stalled 1 in 2000']);
  assert.equal(talk.hear(playout('ended', 1)), ['clear-timers', 'disarm', 'no-input 2 in 8000']);
  assert.is(talk.state.type, 'listening');
});

test('a call without a greeting begins with the caller', () => {
  assert.equal(new Talk().hear(started(false)), ['clear-timers', 'disarm', 'no-input 1 in 8000']);
});

test('a caller who falls silent is answered', () => {
  const talk = new Talk();
  assert.equal(talk.hear(started(false), speaks), ['clear-timers', 'max-speech 1 in 30000']);
  assert.equal(talk.hear(stops), ['clear-timers', 'silence 1 in 400']);
  assert.equal(talk.hear(elapsed('silence', 1)), ['clear-timers', 'arm', 'request 1 caller', 'reply-overdue 1 in 4000']);
});

test('a pause within a sentence does not end the turn', () => {
  const talk = new Talk();
  talk.hear(started(false), speaks, stops, speaks);
  assert.is(talk.state.type, 'listening');
  assert.equal(talk.hear(stops), ['clear-timers', 'silence 1 in 400']);
});

test('noise that never ends is answered all the same', () => {
  const talk = new Talk();
  talk.hear(started(false), speaks);
  assert.ok(talk.hear(elapsed('max-speech', 1)).includes('request 1 caller'));
});

test('music with pauses is answered when it has gone on for as long as speech may', () => {
  const talk = new Talk();
  talk.hear(started(false), ...caller(1));
  for (let turn = 2; turn < 20; turn += 1) {
    const effects = [...talk.hear(speaks), ...talk.hear(stops), ...talk.hear(elapsed('silence', turn))];
    assert.not.ok(
      effects.some((effect) => effect.startsWith('max-speech')),
      'its time does not start anew',
    );
  }
  talk.hear(speaks);
  assert.ok(talk.hear(elapsed('max-speech', 1)).includes('request 20 caller'));
  assert.equal(talk.hear(stops, speaks), [], 'and what goes on does not take the answer back');
  talk.hear(playout('started', 20));
  assert.equal(talk.hear(stops, speaks), ['resume-playout'], 'nor cut it short');
});

test('an agent whom knocks cut short again and again is heard out in the end', () => {
  const talk = new Talk();
  talk.hear(started(false), ...caller(1));
  for (let turn = 1; turn < 40; turn += 1) {
    const cut = [...talk.hear(playout('started', turn)), ...talk.hear(speaks), ...talk.hear(elapsed('barge-in', turn))];
    assert.not.ok(
      cut.some((effect) => effect.startsWith('max-speech')),
      'its time does not start anew',
    );
    talk.hear(stops, elapsed('silence', turn + 1));
  }
  talk.hear(playout('started', 40));
  assert.equal(talk.hear(elapsed('max-speech', 1)), ['disarm']);
  assert.equal(talk.hear(speaks), ['resume-playout']);
  talk.hear(stops);
  assert.ok(talk.hear(playout('ended', 40)).includes('no-input 41 in 8000'));
});

test('a reply that is paused when speech has gone on for too long goes on', () => {
  const talk = new Talk();
  talk.hear(started(false), ...caller(1), playout('started', 1), speaks);
  assert.equal(talk.hear(elapsed('max-speech', 1)), ['clear-timers', 'disarm', 'resume-playout', 'playout-stalled 1 in 2000']);
  assert.is(talk.state.type, 'speaking');
});

test('an answer that is being made when speech has gone on for too long is given', () => {
  const talk = new Talk();
  talk.hear(started(false), ...caller(1));
  assert.equal(talk.hear(elapsed('max-speech', 1)), ['disarm']);
  assert.equal(talk.hear(speaks), []);
  talk.hear(playout('started', 1));
  assert.is(talk.state.type, 'speaking');
});

test('noises without a word do not keep the agent silent for ever, nor does a caller who makes no other sound', () => {
  const talk = new Talk();
  const noise = (turn: number): Event[] => [...caller(turn), playout('ended', turn)];
  talk.hear(started(false), ...noise(1), ...noise(2));
  assert.ok(talk.hear(...noise(3)).includes('request 4 no-input'));
  talk.hear(...agent(4), ...noise(5), ...noise(6));
  assert.ok(talk.hear(...noise(7)).includes('request 8 no-input last'));
});

test('barge-in is armed before the first sample of a reply can be heard', () => {
  assert.ok(new Talk().hear(started(true)).includes('arm'));
});

test('a cough over the agent pauses it, and it goes on', () => {
  const talk = new Talk();
  talk.hear(started(true), playout('started', 1));
  assert.equal(talk.hear(speaks), ['clear-timers', 'pause-playout', 'barge-in 1 in 250']);
  assert.equal(talk.hear(stops), ['clear-timers', 'resume-playout', 'playout-stalled 1 in 2000']);
  assert.is(talk.state.type, 'speaking');
});

test('a caller who talks over the agent takes the turn', () => {
  const talk = new Talk();
  talk.hear(started(true), playout('started', 1), speaks);
  assert.equal(talk.hear(elapsed('barge-in', 1)), ['cancel-reply 1', 'flush-playout 1', 'disarm', 'clear-timers', 'max-speech 2 in 30000']);
  assert.ok(talk.hear(stops, elapsed('silence', 2)).includes('request 2 caller'));
});

test('a caller whose first words fall on the last of the agent is heard', () => {
  const talk = new Talk();
  talk.hear(started(true), playout('started', 1), speaks);
  assert.equal(talk.hear(playout('ended', 1)), ['flush-playout 1', 'disarm', 'clear-timers', 'max-speech 2 in 30000']);
});

test('without barge-in the caller waits until the agent has finished', () => {
  const talk = new Talk({ bargeIn: false });
  assert.ok(talk.hear(started(true)).includes('disarm'));
  talk.hear(playout('started', 1));
  assert.not.ok(talk.hear(speaks).includes('pause-playout'));
  assert.equal(talk.hear(playout('ended', 1)), ['disarm', 'clear-timers', 'max-speech 2 in 30000'], 'the caller still speaks');
});

test('a caller who had not finished takes the question back before it is answered', () => {
  const talk = new Talk();
  talk.hear(started(false), ...caller(1));
  assert.equal(talk.hear(speaks), ['cancel-reply 1', 'flush-playout 1', 'disarm', 'clear-timers']);
  assert.ok(talk.hear(stops, elapsed('silence', 2)).includes('request 2 caller'));
});

test('a caller whose pause a provider took for the end, and who went on in one breath, is answered anew', () => {
  for (const heard of [[], [playout('started', 1)]]) {
    const talk = new Talk();
    talk.hear(started(false), speaks, turnEnded, ...heard, stops);
    assert.equal(talk.hear(turnEnded), ['cancel-reply 1', 'flush-playout 1', 'clear-timers', 'arm', 'request 2 caller', 'reply-overdue 2 in 4000']);
    assert.equal(talk.hear(turnEnded), [], 'once');
  }
});

test('words over the agent that the engine has heard as a cough end no turn, nor do those before an ending', () => {
  const talk = new Talk();
  talk.hear(started(false), speaks, turnEnded, playout('started', 1), stops, speaks, stops);
  assert.equal(talk.hear(turnEnded), []);
  const ending = new Talk();
  ending.hear(started(false), speaks, turnEnded, { type: 'ending-asked', turn: 1, ending: 'transfer' });
  assert.equal(ending.hear(turnEnded), []);
  const patient = new Talk({ bargeIn: false });
  patient.hear(started(false), speaks, turnEnded, playout('started', 1));
  assert.equal(patient.hear(turnEnded), []);
});

test('a reply without audio gives the word back to the caller', () => {
  const talk = new Talk();
  talk.hear(started(false), ...caller(1));
  assert.equal(talk.hear(playout('ended', 1)), ['clear-timers', 'disarm', 'no-input 2 in 8000']);
});

test('a reply that is overdue, failed or stalled is replaced by the fallback line', () => {
  const replaced = ['clear-timers', 'cancel-reply 1', 'flush-playout 1', 'arm', 'fallback 2', 'playout-stalled 2 in 2000'];
  for (const [before, event] of [
    [[], elapsed('reply-overdue', 1)],
    [[], { type: 'reply-failed', turn: 1 }],
    [[playout('started', 1)], { type: 'reply-failed', turn: 1 }],
    [[playout('started', 1)], elapsed('playout-stalled', 1)],
  ] as [Event[], Event][]) {
    const talk = new Talk();
    talk.hear(started(true), ...before);
    assert.equal(talk.hear(event), replaced, JSON.stringify(event));
  }
});

test('a reply that goes on being heard is not stalled', () => {
  const talk = new Talk();
  talk.hear(started(true), playout('started', 1));
  assert.equal(talk.hear(playout('progressed', 1)), ['playout-stalled 1 in 2000']);
});

test('a reply is waited for while its tools are at work, a few times, and not for ever', () => {
  const talk = new Talk({ maxToolRounds: 2 });
  talk.hear({ type: 'call-started', greets: true });
  for (let round = 1; round <= 2; round += 1) {
    assert.equal(talk.hear({ type: 'tools-begun', turn: 1 }), ['reply-overdue 1 in 60000']);
    assert.equal(talk.hear({ type: 'tools-begun', turn: 1 }), [], 'another at once');
    assert.equal(talk.hear({ type: 'tools-over', turn: 1 }), ['reply-overdue 1 in 4000']);
    assert.equal(talk.hear({ type: 'tools-over', turn: 1 }), [], 'one of an earlier reply');
  }
  assert.equal(talk.hear({ type: 'tools-begun', turn: 1 }, { type: 'tools-over', turn: 1 }), []);
});

test('a provider that is lost during the fallback line does not cut it', () => {
  const talk = new Talk();
  talk.hear(started(true), elapsed('reply-overdue', 1));
  assert.equal(talk.hear({ type: 'reply-failed', turn: 2 }), []);
  assert.equal(talk.hear(playout('ended', 2)), ['clear-timers', 'disarm', 'no-input 3 in 8000']);
});

test('a provider that fails again and again ends the call with the farewell', () => {
  const talk = new Talk();
  talk.hear(started(true), { type: 'reply-failed', turn: 1 }, ...agent(2), ...caller(3));
  assert.ok(talk.hear({ type: 'reply-failed', turn: 3 }).includes('fallback 4 last'));
  assert.equal(talk.hear(playout('ended', 4)), ['clear-timers', 'disarm', 'give-up', 'closing 4 in 2000']);
});

test('failures between replies that the caller talked over are not failures in a row', () => {
  const talk = new Talk();
  talk.hear(started(false));
  for (let turn = 1; turn < 20; turn += 3) {
    talk.hear(...caller(turn));
    assert.not.ok(
      talk.hear({ type: 'reply-failed', turn }).some((effect) => effect.endsWith('last')),
      `turn ${turn}`,
    );
    talk.hear(...agent(turn + 1), ...caller(turn + 2), playout('started', turn + 2), speaks, elapsed('barge-in', turn + 2), stops, speaks, stops);
    talk.hear(elapsed('silence', turn + 3));
  }
});

test('a transfer whose words fail is made all the same, without a farewell', () => {
  const talk = new Talk();
  talk.hear(started(false), ...caller(1), asks('transfer', 1));
  assert.ok(talk.hear({ type: 'reply-failed', turn: 1 }).includes('fallback 2'), 'not the last');
  assert.ok(talk.hear(playout('ended', 2)).includes('transfer'));
});

test('a call whose fallback lines are not heard either is ended without words', () => {
  const talk = new Talk();
  talk.hear(started(true), elapsed('reply-overdue', 1), elapsed('playout-stalled', 2));
  assert.equal(talk.hear(elapsed('playout-stalled', 3)), ['clear-timers', 'disarm', 'give-up', 'closing 3 in 2000']);
});

test('a reply that was heard makes failures forgotten', () => {
  const talk = new Talk();
  talk.hear(started(true), { type: 'reply-failed', turn: 1 }, ...agent(2), ...caller(3), ...agent(3), ...caller(4));
  assert.ok(talk.hear({ type: 'reply-failed', turn: 4 }).includes('fallback 5'), 'not the last');
});

test('a caller who says nothing is asked again, then the call is ended', () => {
  const talk = new Talk();
  talk.hear(started(true), ...agent(1));
  assert.ok(talk.hear(elapsed('no-input', 2)).includes('request 2 no-input'));
  talk.hear(...agent(2));
  const last = talk.hear(elapsed('no-input', 3));
  assert.ok(last.includes('request 3 no-input last') && last.includes('disarm'), 'nobody interrupts the last words');
  talk.hear(playout('started', 3));
  assert.ok(talk.hear(playout('ended', 3)).includes('hang-up'));
});

test('a caller who speaks up is asked twice again', () => {
  const talk = new Talk();
  talk.hear(started(true), ...agent(1), elapsed('no-input', 2), ...agent(2), ...caller(3), ...agent(3));
  assert.ok(talk.hear(elapsed('no-input', 4)).includes('request 4 no-input'), 'not the last');
});

for (const ending of ['hang-up', 'transfer'] as const) {
  test(`a ${ending} that the reply asks for happens when the reply was heard`, () => {
    for (const [before, after] of [
      [[], [playout('started', 1)]],
      [[playout('started', 1)], []],
    ] as [Event[], Event[]][]) {
      const talk = new Talk();
      talk.hear(started(true), ...before, asks(ending, 1), ...after);
      assert.is(talk.state.type, 'speaking');
      assert.equal(talk.hear(playout('ended', 1)), ['clear-timers', 'disarm', ending, 'closing 1 in 2000']);
    }
  });
}

test('a caller who talks over the last words neither stops them nor leaves them paused', () => {
  const talk = new Talk();
  talk.hear(started(true), playout('started', 1));
  assert.equal(talk.hear(asks('hang-up', 1)), ['disarm']);
  assert.equal(talk.hear(speaks), ['resume-playout']);
  assert.ok(talk.hear(playout('ended', 1)).includes('hang-up'));
});

test('a hang-up that the reply asks for happens when all of it was out before the caller came in', () => {
  const talk = new Talk();
  talk.hear(started(true), playout('started', 1), speaks, asks('hang-up', 1));
  assert.ok(talk.hear(playout('ended', 1)).includes('hang-up'));
});

test('a hang-up while nobody speaks happens at once', () => {
  assert.equal(new Talk().hear(started(false), asks('hang-up', 1)), ['clear-timers', 'disarm', 'hang-up', 'closing 1 in 2000']);
});

test('a line that does not end when it was hung up is hung up again', () => {
  const talk = new Talk();
  talk.hear(started(false), asks('hang-up', 1));
  assert.equal(talk.hear(elapsed('closing', 1)), ['closing 1 in 2000', 'hang-up']);
});

test('late news of a turn that is over changes nothing', () => {
  const talk = new Talk();
  talk.hear(started(true), playout('started', 1), speaks, elapsed('barge-in', 1));
  const before = talk.state;
  for (const event of [
    playout('ended', 1),
    playout('progressed', 1),
    { type: 'reply-failed', turn: 1 },
    asks('hang-up', 1),
    elapsed('barge-in', 1),
  ] as Event[]) {
    assert.equal(talk.hear(event), [], event.type);
    assert.is(talk.state, before);
  }
});

test('the end of the call stops every timer, and nothing happens after it', () => {
  const talk = new Talk();
  talk.hear(started(true), playout('started', 1), speaks);
  assert.equal(talk.hear({ type: 'call-ended' }), ['clear-timers']);
  assert.equal(talk.hear(stops, { type: 'call-ended' }, started(true)), []);
});

test.run();
