/**
 * Who may speak: a pure function from a state and an event to the next state and what is to be done.
 *
 * Turns are numbered and never go back; an event of another turn than the one at hand changes nothing. Every state
 * in which the caller waits on us has a timer armed, so no silence is for ever.
 */

export interface TurnTaking {
  /** Silence after the caller's speech, beyond the detector's hang-over, that ends the caller's turn. */
  readonly silenceMs: number;
  /** Whether the caller may speak over the agent. */
  readonly bargeIn: boolean;
  /** Speech over the agent that lasts this long is a barge-in; shorter is a cough, and the agent goes on. */
  readonly bargeInConfirmMs: number;
  /** Speech without an end (or noise taken for it) is answered after this long all the same. */
  readonly maxSpeechMs: number;
  /** A reply of which nothing is heard after this long is replaced by the fallback line. */
  readonly replyOverdueMs: number;
  /** A reply that stops being heard for this long is given up. */
  readonly playoutStalledMs: number;
  /** A caller who says nothing for this long is asked again. */
  readonly noInputMs: number;
  /** Questions without an answer, one after the other, before the call is ended. */
  readonly maxNoInputs: number;
  /** Replies that failed, one after the other, before the call is ended. */
  readonly maxFailures: number;
}

/** What happens to the call when the reply at hand has been heard. */
export type Ending = 'hang-up' | 'transfer';

/** What a reply answers. */
export type ReplyCause = 'greeting' | 'caller' | 'no-input';

/** Counted from one state to the next. */
interface Tally {
  readonly turn: number;
  readonly callerSpeaking: boolean;
  readonly noInputs: number;
  readonly failures: number;
}

export type State =
  | { readonly type: 'idle' }
  | ({ readonly type: 'listening'; readonly heardSpeech: boolean } & Tally)
  | ({ readonly type: 'processing'; readonly ending: Ending | undefined } & Tally)
  | ({ readonly type: 'speaking'; readonly ending: Ending | undefined; readonly fallback: boolean } & Tally)
  | ({ readonly type: 'interrupted'; readonly ending: Ending | undefined; readonly fallback: boolean } & Tally)
  | { readonly type: 'closing'; readonly turn: number; readonly ending: Ending }
  | { readonly type: 'ended' };

export type Timer = 'silence' | 'reply-overdue' | 'playout-stalled' | 'barge-in' | 'no-input' | 'closing';

export type Event =
  | { readonly type: 'call-started'; readonly greets: boolean }
  | { readonly type: 'speech-started' }
  | { readonly type: 'speech-ended' }
  | { readonly type: 'elapsed'; readonly timer: Timer; readonly turn: number }
  | { readonly type: 'playout-started'; readonly turn: number }
  | { readonly type: 'playout-progressed'; readonly turn: number }
  | { readonly type: 'playout-ended'; readonly turn: number }
  | { readonly type: 'reply-failed'; readonly turn: number }
  | { readonly type: 'ending-asked'; readonly turn: number; readonly ending: Ending }
  | { readonly type: 'call-ended' };

export type Effect =
  | { readonly type: 'set-timer'; readonly timer: Timer; readonly turn: number; readonly afterMs: number }
  | { readonly type: 'clear-timers' }
  /** `last`: the call ends after this reply, which should say so. */
  | { readonly type: 'request-reply'; readonly turn: number; readonly cause: ReplyCause; readonly last: boolean }
  | { readonly type: 'cancel-reply'; readonly turn: number }
  /** Drop what is queued of this turn and all before it. */
  | { readonly type: 'flush-playout'; readonly turn: number }
  | { readonly type: 'pause-playout' }
  | { readonly type: 'resume-playout' }
  /** While armed the engine itself pauses playout in the tick in which speech starts. */
  | { readonly type: 'arm-barge-in'; readonly armed: boolean }
  | { readonly type: 'play-fallback'; readonly turn: number; readonly last: boolean }
  | { readonly type: 'end-call'; readonly ending: Ending };

export type Step = readonly [State, readonly Effect[]];

export const initialState: State = { type: 'idle' };

const closingMs = 2000;
const clearTimers: Effect = { type: 'clear-timers' };
const disarm: Effect = { type: 'arm-barge-in', armed: false };

export function transition(state: State, event: Event, settings: TurnTaking): Step {
  if (event.type === 'call-ended') return state.type === 'ended' ? [state, []] : [{ type: 'ended' }, [clearTimers]];
  if ('turn' in event && 'turn' in state && event.turn !== state.turn) return [state, []];
  switch (state.type) {
    case 'idle':
      if (event.type !== 'call-started') return [state, []];
      return event.greets
        ? request({ turn: 1, callerSpeaking: false, noInputs: 0, failures: 0 }, 'greeting', settings)
        : listen({ turn: 1, callerSpeaking: false, noInputs: 0, failures: 0 }, settings);
    case 'listening':
      return whileListening(state, event, settings);
    case 'processing':
      return whileProcessing(state, event, settings);
    case 'speaking':
      return whileSpeaking(state, event, settings);
    case 'interrupted':
      return whileInterrupted(state, event, settings);
    case 'closing':
      if (event.type === 'elapsed' && event.timer === 'closing') return [state, [setTimer('closing', state.turn, closingMs), endCall(state.ending)]];
      return [state, []];
    case 'ended':
      return [state, []];
  }
}

type In<T extends State['type']> = Extract<State, { type: T }>;

function whileListening(state: In<'listening'>, event: Event, settings: TurnTaking): Step {
  switch (event.type) {
    case 'speech-started':
      return [
        { ...state, callerSpeaking: true, heardSpeech: true, noInputs: 0 },
        [clearTimers, setTimer('silence', state.turn, settings.maxSpeechMs)],
      ];
    case 'speech-ended':
      // Speech that ran over from the turn before the caller was heard in: it starts this turn.
      return [{ ...state, callerSpeaking: false, heardSpeech: true }, [clearTimers, setTimer('silence', state.turn, settings.silenceMs)]];
    case 'elapsed':
      if (event.timer === 'silence' && state.heardSpeech) return request(state, 'caller', settings);
      if (event.timer === 'no-input' && !state.callerSpeaking) return request({ ...state, noInputs: state.noInputs + 1 }, 'no-input', settings);
      return [state, []];
    case 'ending-asked':
      return close(state.turn, event.ending);
    default:
      return [state, []];
  }
}

function whileProcessing(state: In<'processing'>, event: Event, settings: TurnTaking): Step {
  switch (event.type) {
    case 'playout-started':
      return [
        { type: 'speaking', ...tally(state), ending: state.ending, fallback: false },
        [clearTimers, ...speakingEffects(state.turn, settings, state.ending)],
      ];
    case 'speech-started': {
      if (state.ending) return [{ ...state, callerSpeaking: true }, []];
      // The caller had not finished: the reply at hand answers half a sentence.
      const [next, effects] = listen({ ...tally(state), turn: state.turn + 1, callerSpeaking: true }, settings);
      return [next, [cancel(state.turn), flush(state.turn), ...effects]];
    }
    case 'speech-ended':
      return [{ ...state, callerSpeaking: false }, []];
    case 'playout-ended':
      // A reply without audio: nothing was said, the caller is heard again.
      return heardOut(state, settings);
    case 'reply-failed':
      return fallBack(state, settings);
    case 'elapsed':
      return event.timer === 'reply-overdue' ? fallBack(state, settings) : [state, []];
    case 'ending-asked':
      return [{ ...state, ending: event.ending }, []];
    default:
      return [state, []];
  }
}

function whileSpeaking(state: In<'speaking'>, event: Event, settings: TurnTaking): Step {
  switch (event.type) {
    case 'playout-progressed':
      return [state, [setTimer('playout-stalled', state.turn, settings.playoutStalledMs)]];
    case 'playout-ended':
      return heardOut(state, settings);
    case 'speech-started':
      // An engine that had not yet heard of the disarming has paused all the same.
      if (!settings.bargeIn || state.ending) return [{ ...state, callerSpeaking: true }, [{ type: 'resume-playout' }]];
      return [
        { ...state, type: 'interrupted', callerSpeaking: true },
        [clearTimers, { type: 'pause-playout' }, setTimer('barge-in', state.turn, settings.bargeInConfirmMs)],
      ];
    case 'speech-ended':
      return [{ ...state, callerSpeaking: false }, []];
    case 'reply-failed':
      // The fallback line is ours: no provider can fail it.
      return state.fallback ? [state, []] : fallBack(state, settings);
    case 'elapsed':
      return event.timer === 'playout-stalled' ? fallBack(state, settings) : [state, []];
    case 'ending-asked':
      return [{ ...state, ending: event.ending }, [disarm]];
    default:
      return [state, []];
  }
}

function whileInterrupted(state: In<'interrupted'>, event: Event, settings: TurnTaking): Step {
  switch (event.type) {
    case 'speech-ended':
      return [
        { ...state, type: 'speaking', callerSpeaking: false },
        [clearTimers, { type: 'resume-playout' }, ...speakingEffects(state.turn, settings, state.ending)],
      ];
    case 'elapsed': {
      if (event.timer !== 'barge-in') return [state, []];
      const [next, effects] = listen({ ...tally(state), turn: state.turn + 1, noInputs: 0 }, settings);
      return [next, [cancel(state.turn), flush(state.turn), ...effects]];
    }
    case 'playout-ended': {
      // The last samples were already out when the caller came in.
      const [next, effects] = listen({ ...tally(state), turn: state.turn + 1 }, settings);
      return [next, [flush(state.turn), ...effects]];
    }
    case 'ending-asked':
      return [{ ...state, ending: event.ending }, []];
    default:
      return [state, []];
  }
}

/** The caller's turn begins, perhaps in the middle of what the caller says. */
function listen(next: Tally, settings: TurnTaking): Step {
  const timer = next.callerSpeaking ? setTimer('silence', next.turn, settings.maxSpeechMs) : setTimer('no-input', next.turn, settings.noInputMs);
  return [{ type: 'listening', ...tally(next), heardSpeech: next.callerSpeaking }, [clearTimers, disarm, timer]];
}

function request(now: Tally, cause: ReplyCause, settings: TurnTaking): Step {
  const last = cause === 'no-input' && now.noInputs > settings.maxNoInputs;
  return [
    { type: 'processing', ...tally(now), ending: last ? 'hang-up' : undefined },
    [clearTimers, { type: 'request-reply', turn: now.turn, cause, last }, setTimer('reply-overdue', now.turn, settings.replyOverdueMs)],
  ];
}

/** The reply at hand was heard to its end. */
function heardOut(state: In<'processing' | 'speaking'>, settings: TurnTaking): Step {
  if (state.ending) return close(state.turn, state.ending);
  const failures = state.type === 'speaking' && state.fallback ? state.failures : 0;
  return listen({ ...tally(state), turn: state.turn + 1, failures }, settings);
}

/** The reply at hand is of no use: something is said in its stead, as a turn of its own. */
function fallBack(state: In<'processing' | 'speaking'>, settings: TurnTaking): Step {
  const turn = state.turn + 1;
  const failures = state.failures + 1;
  const ending = state.ending ?? (failures > settings.maxFailures ? 'hang-up' : undefined);
  // Not even the fallback line was heard.
  if (failures > settings.maxFailures + 1) return close(state.turn, ending ?? 'hang-up');
  return [
    { type: 'speaking', ...tally(state), turn, failures, ending, fallback: true },
    [
      clearTimers,
      cancel(state.turn),
      flush(state.turn),
      { type: 'play-fallback', turn, last: ending !== undefined },
      ...speakingEffects(turn, settings, ending),
    ],
  ];
}

function close(turn: number, ending: Ending): Step {
  return [{ type: 'closing', turn, ending }, [clearTimers, disarm, endCall(ending), setTimer('closing', turn, closingMs)]];
}

function speakingEffects(turn: number, settings: TurnTaking, ending: Ending | undefined): Effect[] {
  return [{ type: 'arm-barge-in', armed: settings.bargeIn && ending === undefined }, setTimer('playout-stalled', turn, settings.playoutStalledMs)];
}

const tally = ({ turn, callerSpeaking, noInputs, failures }: Tally): Tally => ({ turn, callerSpeaking, noInputs, failures });
const setTimer = (timer: Timer, turn: number, afterMs: number): Effect => ({ type: 'set-timer', timer, turn, afterMs });
const cancel = (turn: number): Effect => ({ type: 'cancel-reply', turn });
const flush = (turn: number): Effect => ({ type: 'flush-playout', turn });
const endCall = (ending: Ending): Effect => ({ type: 'end-call', ending });
