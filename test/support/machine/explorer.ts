import type { TurnTaking } from '#talkpath/conversation/machine.js';
import { components } from './components.js';
import { stateFaults, stepFaults } from './rules.js';
import { type Edge, eventsIn, firstWorld, inSameTurn, keyOf, type Machine, stateTurn, type World, worldAfter } from './world.js';

/** A step between two worlds, both by their key too. */
interface KeyedEdge extends Edge {
  readonly fromKey: string;
  readonly toKey: string;
}

export interface Exploration {
  readonly worlds: ReadonlyMap<string, World>;
  readonly edges: readonly KeyedEdge[];
  /** Sentences about what must never be; none is how it should be. */
  readonly faults: readonly string[];
}

const mostWorlds = 20_000;

/** Visits every world that any order of events can lead to, and checks every step on the way. Ends at the first fault. */
export function explore(machine: Machine, settings: TurnTaking): Exploration {
  const worlds = new Map([[keyOf(firstWorld), firstWorld]]);
  const edges: KeyedEdge[] = [];
  const faults: string[] = [];
  for (const [fromKey, from] of worlds) {
    for (const event of eventsIn(from)) {
      const [state, effects] = machine(from.state, event, settings);
      const edge = { from, event, effects, to: worldAfter(from, event, state, effects) };
      faults.push(...stepFaults(edge, settings), ...stateFaults(edge, machine, settings));
      const to = inSameTurn(edge.to);
      const toKey = keyOf(to);
      edges.push({ ...edge, to, fromKey, toKey });
      if (!worlds.has(toKey)) worlds.set(toKey, to);
    }
    if (worlds.size > mostWorlds) faults.push('the worlds have no end');
    if (faults.length > 0) return { worlds, edges, faults };
  }
  return { worlds, edges, faults: endlessness(worlds, edges) };
}

/** What could go on for ever: each rule names the steps that must not recur unless one of the others comes between. */
function endlessness(worlds: ReadonlyMap<string, World>, edges: readonly KeyedEdge[]): string[] {
  // To its end, or until the caller came in.
  const heard = ({ from, event }: Edge): boolean =>
    (event.type === 'playout-ended' || (event.type === 'elapsed' && event.timer === 'barge-in')) &&
    !('cause' in from.state && from.state.cause === 'fallback');
  const answered = ({ from, event }: Edge): boolean =>
    event.type === 'playout-started' && from.state.type === 'processing' && from.state.cause === 'caller';
  const spoken = ({ event }: Edge): boolean => event.type === 'playout-started';
  const wordless = ({ from, event, to }: Edge): boolean =>
    from.state.type === 'processing' && event.type === 'playout-ended' && to.state.type === 'listening';
  const failed = ({ effects }: Edge): boolean => effects.some(({ type }) => type === 'play-fallback');
  const askedAgain = ({ effects }: Edge): boolean => effects.some((effect) => effect.type === 'request-reply' && effect.cause === 'no-input');
  const waitedOn = ({ from, event }: Edge): boolean =>
    event.type === 'elapsed' && event.turn === stateTurn(from.state) && from.state.type !== 'closing';
  const rules = [
    { rule: 'replies may fail for ever', recurring: failed, between: heard },
    { rule: 'a silent caller may be asked for ever', recurring: askedAgain, between: answered },
    { rule: 'noises may keep the agent silent for ever', recurring: wordless, between: spoken },
    {
      rule: 'a call in which nothing but time happens may last for ever',
      recurring: waitedOn,
      between: (edge: Edge) => edge.event.type !== 'elapsed',
    },
  ];
  return rules.flatMap(({ rule, recurring, between }) => {
    const next = new Map<string, string[]>();
    const kept = edges.filter((edge) => !between(edge));
    for (const { fromKey, toKey } of kept) next.set(fromKey, [...(next.get(fromKey) ?? []), toKey]);
    const component = components(worlds.keys(), (node) => next.get(node) ?? []);
    const recurs = kept.some((edge) => recurring(edge) && component.get(edge.fromKey) === component.get(edge.toKey));
    return recurs ? [rule] : [];
  });
}
