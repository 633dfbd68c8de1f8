import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Effect, type State, transition } from '#talkpath/conversation/machine.js';
import { turnTaking } from '../../support/call-bench.js';
import { explore } from '../../support/machine/explorer.js';
import { stateTurn } from '../../support/machine/world.js';
import { projectFolder } from '../../support/project.js';

/** By state and event, as "speaking: playout-ended", where steps lead to or what they ask for. */
type Table = Map<string, Set<string>>;

function add(table: Table, key: string, entries: readonly string[]): void {
  const known = table.get(key) ?? new Set();
  for (const entry of entries) known.add(entry);
  table.set(key, known);
}

const shown = (table: Table): Record<string, string[]> =>
  Object.fromEntries([...table].sort(([a], [b]) => a.localeCompare(b)).map(([key, entries]) => [key, [...entries].sort()]));

function effectName(effect: Effect): string[] {
  if (effect.type === 'clear-timers') return [];
  if (effect.type === 'set-timer') return [effect.timer];
  if (effect.type === 'arm-barge-in') return [effect.armed ? 'arm-barge-in' : 'disarm-barge-in'];
  return [effect.type];
}

/** The state, with its turn as the table writes it: 1 for the first, else counted from the one before. */
function stateName(before: State, after: State): string {
  const [turnBefore, turnAfter] = [stateTurn(before), stateTurn(after)];
  if (turnAfter === undefined) return after.type;
  if (turnBefore === undefined) return `${after.type} ${turnAfter}`;
  return `${after.type} ${turnAfter === turnBefore ? 'n' : `n+${turnAfter - turnBefore}`}`;
}

/** Steps that any order of events leads to, with barge-in and without, with patience and without. */
const usual = { ...turnTaking, maxToolRounds: 1 };
const steps = [usual, { ...usual, bargeIn: false }, { ...usual, maxNoInputs: 0, maxFailures: 0 }]
  .flatMap((settings) =>
    explore(transition, settings).edges.map(({ from: { state: from }, event, effects }) => {
      const [to] = transition(from, event, settings);
      return { from, name: event.type === 'elapsed' ? event.timer : event.type, effects, to };
    }),
  )
  .filter(({ from, effects, to }) => effects.length > 0 || JSON.stringify(from) !== JSON.stringify(to));

const states = [...new Set(steps.map(({ from }) => from.type))];

function readTables(): { next: Table; effects: Table } {
  const documentation = readFileSync(join(projectFolder, 'docs/architecture.md'), 'utf8');
  const section = documentation.slice(documentation.indexOf('## The conversation machine'));
  const [next, effects]: [Table, Table] = [new Map(), new Map()];
  for (const [, state = '', event = '', to = '', asked = ''] of section.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)) {
    for (const [, name = ''] of event.matchAll(/`([^`]+)`/g)) {
      for (const from of state.startsWith('any') ? states : [state.split(' ')[0]]) {
        add(next, `${from}: ${name}`, [to.replace(', which insists', '')]);
        add(
          effects,
          `${from}: ${name}`,
          [...asked.replace('as for `no-input`', '').matchAll(/`([^`]+)`/g)].map(([, effect]) => effect as string),
        );
      }
    }
  }
  return { next, effects };
}

test('docs/architecture.md has every step of the machine, and none that it does not take', () => {
  const [next, effects]: [Table, Table] = [new Map(), new Map()];
  for (const { from, name, effects: asked, to } of steps) {
    add(next, `${from.type}: ${name}`, [stateName(from, to)]);
    add(effects, `${from.type}: ${name}`, asked.flatMap(effectName));
  }
  assert.ok(next.size > 25, `${next.size} kinds of steps`);
  const documented = readTables();
  assert.equal(shown(documented.next), shown(next));
  assert.equal(shown(documented.effects), shown(effects));
});

test.run();
