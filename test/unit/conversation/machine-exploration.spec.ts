import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Effect, type Event, type State, type TurnTaking, transition } from '#talkpath/conversation/machine.js';
import { turnTaking } from '../../support/call-bench.js';
import { explore } from '../../support/machine/explorer.js';
import { type Edge, inSameTurn, keyOf, type Machine, worldAfter } from '../../support/machine/world.js';

const settings: TurnTaking = { ...turnTaking, maxToolRounds: 1 };
const variants: Record<string, TurnTaking> = {
  'with barge-in': settings,
  'without barge-in': { ...settings, bargeIn: false },
  'with the first failure and the first silence as the last': { ...settings, maxNoInputs: 0, maxFailures: 0 },
};

for (const [variant, turnTaking] of Object.entries(variants)) {
  test(`no order of events breaks a rule, ${variant}`, () => {
    const { worlds, edges, faults } = explore(transition, turnTaking);
    const states = new Set([...worlds.values()].map(({ state }) => state.type));
    console.log(`  ${worlds.size} states, ${edges.length} steps ${variant}`);
    assert.equal(faults, []);
    assert.is(states.size, turnTaking.bargeIn ? 7 : 6, [...states].join(' '));
  });
}

test('the exploration notices every effect that a machine leaves out', () => {
  const { edges } = explore(transition, settings);
  const matters = edges.flatMap((edge) =>
    edge.effects.filter((effect) => changesTheWorld(edge, effect)).map((effect) => kindOf(edge.from.state, edge.event, effect)),
  );
  const kinds = new Set(matters);
  assert.ok(kinds.size > 50, `${kinds.size} kinds of effects`);
  const unnoticed = [...kinds].filter((kind) => explore(without(kind), settings).faults.length === 0);
  console.log(`  ${kinds.size} machines that leave one effect out, ${kinds.size - unnoticed.length} noticed`);
  assert.equal(unnoticed, []);
});

const kindOf = (state: State, event: Event, effect: Effect): string => `${state.type}, ${event.type}: ${effect.type}`;

/** Clearing and disarming happen to be said also where nothing is armed; every other effect matters wherever it stands. */
function changesTheWorld({ from, event, effects, to }: Edge, effect: Effect): boolean {
  if (effect.type !== 'clear-timers' && effect.type !== 'arm-barge-in') return true;
  const others = effects.filter((other) => other !== effect);
  return keyOf(inSameTurn(worldAfter(from, event, to.state, others))) !== keyOf(inSameTurn(worldAfter(from, event, to.state, effects)));
}

function without(kind: string): Machine {
  return (state, event, turnTaking) => {
    const [next, effects] = transition(state, event, turnTaking);
    return [next, effects.filter((effect) => kindOf(state, event, effect) !== kind)];
  };
}

const broken: Record<string, Machine> = {
  'believes late news': (state, event, turnTaking) =>
    transition(state, 'turn' in event && 'turn' in state ? { ...event, turn: state.turn } : event, turnTaking),
  'forgets failures': (state, event, turnTaking) => {
    const [next, effects] = transition(state, event, turnTaking);
    return ['failures' in next && next.type === 'listening' ? { ...next, failures: 0 } : next, effects];
  },
  'starts the time of speech anew in each turn': (state, event, turnTaking) => {
    const [next, effects] = transition(state, event, turnTaking);
    return [next, effects.map((effect) => (effect.type === 'clear-timers' && effect.except ? { type: 'clear-timers' } : effect))];
  },
  'does not count noises': (state, event, turnTaking) => {
    const [next, effects] = transition(state, event, turnTaking);
    return ['wordless' in next && next.type === 'listening' ? { ...next, wordless: 0 } : next, effects];
  },
  'forgets that nobody spoke': (state, event, turnTaking) => {
    const [next, effects] = transition(state, event, turnTaking);
    return ['noInputs' in next && next.type === 'listening' ? { ...next, noInputs: 0 } : next, effects];
  },
  'goes on after the end': (state, event, turnTaking) =>
    state.type === 'ended' && event.type === 'speech-started'
      ? transition({ type: 'idle' }, { type: 'call-started', greets: false }, turnTaking)
      : transition(state, event, turnTaking),
  'takes turns back': (state, event, turnTaking) => {
    const [next, effects] = transition(state, event, turnTaking);
    return [state.type === 'interrupted' && next.type === 'listening' ? { ...next, turn: state.turn - 1 } : next, effects];
  },
  'speaks while it closes': (state, event, turnTaking) =>
    state.type === 'closing' && event.type === 'speech-ended'
      ? [state, [{ type: 'play-fallback', turn: state.turn, last: false }]]
      : transition(state, event, turnTaking),
  'ignores the end of the call': (state, event, turnTaking) =>
    event.type === 'call-ended' && state.type === 'interrupted' ? [state, []] : transition(state, event, turnTaking),
  'asks twice': (state, event, turnTaking) => {
    const [next, effects] = transition(state, event, turnTaking);
    return [
      next,
      state.type === 'processing' && event.type === 'speech-ended'
        ? [...effects, { type: 'request-reply', turn: state.turn, cause: 'caller', last: false }]
        : effects,
    ];
  },
};

for (const [fault, machine] of Object.entries(broken)) {
  test(`the exploration notices a machine that ${fault}`, () => {
    assert.ok(explore(machine, settings).faults.length > 0);
  });
}

test.run();
