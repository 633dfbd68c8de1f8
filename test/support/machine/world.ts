import { type Effect, type Event, initialState, type State, type Step, type Timer, type TurnTaking } from '#talkpath/conversation/machine.js';

export type Machine = (state: State, event: Event, settings: TurnTaking) => Step;

/** The machine's state, and what its effects have left behind in the world. */
export interface World {
  readonly state: State;
  /** The turn that each armed timer was set for. */
  readonly timers: Readonly<Partial<Record<Timer, number>>>;
  /** Turn of the reply that was asked for and is neither answered nor cancelled. */
  readonly asked: number | undefined;
  readonly paused: boolean;
  readonly bargeInArmed: boolean;
  readonly endAsked: boolean;
}

export interface Edge {
  readonly from: World;
  readonly event: Event;
  readonly effects: readonly Effect[];
  readonly to: World;
}

export const firstWorld: World = { state: initialState, timers: {}, asked: undefined, paused: false, bargeInArmed: false, endAsked: false };
/** All worlds are looked at as if their turn were this one, so that there are finitely many. */
const sameTurn = 10;

export const allTimers: readonly Timer[] = ['silence', 'max-speech', 'reply-overdue', 'playout-stalled', 'barge-in', 'no-input', 'closing'];
/** Those that mean nothing any more when their turn is over. */
const turnTimers = allTimers.filter((timer) => timer !== 'max-speech');
export const stateTurn = (state: State): number | undefined => ('turn' in state ? state.turn : undefined);
export const keyOf = (world: World): string => JSON.stringify(world, (_key, value: unknown) => (value === undefined ? null : value));

/** Everything that can happen: of this turn, the one before, and one that has not come yet; of this turn's timers, those armed. */
export function eventsIn({ state, timers }: World): Event[] {
  const now = stateTurn(state) ?? sameTurn;
  const ofTurn = (turn: number): Event[] => [
    { type: 'playout-started', turn },
    { type: 'playout-progressed', turn },
    { type: 'playout-ended', turn },
    { type: 'reply-failed', turn },
    { type: 'tools-begun', turn },
    { type: 'tools-over', turn },
    { type: 'ending-asked', turn, ending: 'hang-up' },
    { type: 'ending-asked', turn, ending: 'transfer' },
    ...turnTimers.filter((timer) => turn !== now || turn === timers[timer]).map((timer): Event => ({ type: 'elapsed', timer, turn })),
  ];
  const maxSpeech = timers['max-speech'];
  return [
    ...[now, now - 1, now + 1].flatMap(ofTurn),
    ...(maxSpeech === undefined ? [] : [{ type: 'elapsed', timer: 'max-speech', turn: maxSpeech } as const]),
    { type: 'call-started', greets: true },
    { type: 'call-started', greets: false },
    { type: 'speech-started' },
    { type: 'speech-ended' },
    { type: 'turn-ended' },
    { type: 'call-ended' },
  ];
}

/** What the event and the effects make of the world. */
export function worldAfter(before: World, event: Event, state: State, effects: readonly Effect[]): World {
  let { asked, paused, bargeInArmed, endAsked } = before;
  let timers = { ...before.timers };
  if (event.type === 'elapsed' && timers[event.timer] === event.turn) delete timers[event.timer];
  if (event.type === 'playout-ended' && event.turn === asked) asked = undefined;
  for (const effect of effects) {
    if (effect.type === 'set-timer') timers[effect.timer] = effect.turn;
    if (effect.type === 'clear-timers') timers = effect.except ? pick(timers, effect.except) : {};
    if (effect.type === 'request-reply') asked = effect.turn;
    if (effect.type === 'cancel-reply' && effect.turn === asked) asked = undefined;
    if (effect.type === 'pause-playout') paused = true;
    if (effect.type === 'resume-playout' || effect.type === 'flush-playout') paused = false;
    if (effect.type === 'arm-barge-in') bargeInArmed = effect.armed;
    if (effect.type === 'end-call') endAsked = true;
  }
  return { state, timers, asked, paused, bargeInArmed, endAsked };
}

/** The same world with its turn, and all that counts from it, moved to one number. */
export function inSameTurn(world: World): World {
  const turn = stateTurn(world.state);
  if (turn === undefined) return world;
  const shift = sameTurn - turn;
  const timers = Object.fromEntries(
    Object.entries(world.timers)
      .sort()
      // How many turns ago the caller began to speak makes no difference.
      .map(([timer, at]) => [timer, timer === 'max-speech' ? sameTurn : at + shift]),
  );
  return { ...world, state: { ...world.state, turn: sameTurn } as State, timers, asked: world.asked === undefined ? undefined : world.asked + shift };
}

const pick = (timers: Partial<Record<Timer, number>>, timer: Timer): Partial<Record<Timer, number>> =>
  timers[timer] === undefined ? {} : { [timer]: timers[timer] };
