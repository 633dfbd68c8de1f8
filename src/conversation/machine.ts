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
  /** Speech (or noise taken for it) for this long, pauses or not, without a reply heard to its end: the next one is. */
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
  /** Times that one reply may begin to wait for tools; it is late after all then. */
  readonly maxToolRounds: number;
}

/** What happens to the call when the reply at hand has been heard; `give-up` is a hang-up because replies fail. */
export type Ending = 'hang-up' | 'transfer' | 'give-up';

/** What a reply answers. */
export type ReplyCause = 'greeting' | 'caller' | 'no-input';

/** Counted from one state to the next. */
interface Tally {
  readonly turn: number;
  readonly callerSpeaking: boolean;
  /** Since the caller was last answered. */
  readonly noInputs: number;
  /** Noises without a word, one after the other. */
  readonly wordless: number;
  readonly failures: number;
  /** The timer of speech since the last reply that was heard to its end runs: it outlives the turn. */
  readonly speechTimed: boolean;
}

/** A reply on its way or being heard. */
interface Replying extends Tally {
  readonly cause: ReplyCause | 'fallback';
  readonly ending: Ending | undefined;
  /** Said to its end, whatever is heard meanwhile: the caller has waited too long for it. */
  readonly insists: boolean;
  /** The caller was still speaking, as the engine hears it, when it was asked for: a pause was taken for the end. */
  readonly overSpeech: boolean;
  /** Whether it waits for something that is done in the world, or has. */
  readonly tools: 'none' | 'at-work' | 'over';
  /** Times that it has begun to wait for that. */
  readonly toolRounds: number;
}

export type State =
  | { readonly type: 'idle' }
  | ({ readonly type: 'listening'; readonly heardSpeech: boolean } & Tally)
  | ({ readonly type: 'processing' } & Replying)
  | ({ readonly type: 'speaking' } & Replying)
  | ({ readonly type: 'interrupted' } & Replying)
  | { readonly type: 'closing'; readonly turn: number; readonly ending: Ending }
  | { readonly type: 'ended' };

export type Timer = 'silence' | 'max-speech' | 'reply-overdue' | 'playout-stalled' | 'barge-in' | 'no-input' | 'closing';

export type Event =
  | { readonly type: 'call-started'; readonly greets: boolean }
  | { readonly type: 'speech-started' }
  | { readonly type: 'speech-ended' }
  /** A provider with turn-taking of its own has decided that the caller has finished. */
  | { readonly type: 'turn-ended' }
  | { readonly type: 'elapsed'; readonly timer: Timer; readonly turn: number }
  | { readonly type: 'playout-started'; readonly turn: number }
  | { readonly type: 'playout-progressed'; readonly turn: number }
  | { readonly type: 'playout-ended'; readonly turn: number }
  | { readonly type: 'reply-failed'; readonly turn: number }
  /** The reply waits for tools, or for none any more. */
  | { readonly type: 'tools-begun'; readonly turn: number }
  | { readonly type: 'tools-over'; readonly turn: number }
  | { readonly type: 'ending-asked'; readonly turn: number; readonly ending: Exclude<Ending, 'give-up'> }
  | { readonly type: 'call-ended' };

export type Effect =
  | { readonly type: 'set-timer'; readonly timer: Timer; readonly turn: number; readonly afterMs: number }
  | { readonly type: 'clear-timers'; readonly except?: 'max-speech' }
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
/** A reply that waits for a tool is not late; tools have limits of their own. */
const longestToolMs = 60_000;
/** After so many noises without a word the caller is asked whether anybody is there. */
const mostWordless = 3;
const nothingYet = { turn: 1, callerSpeaking: false, noInputs: 0, wordless: 0, failures: 0, speechTimed: false };
const clearTimers: Effect = { type: 'clear-timers' };
const clearTurnTimers: Effect = { type: 'clear-timers', except: 'max-speech' };
const disarm: Effect = { type: 'arm-barge-in', armed: false };

export function transition(state: State, event: Event, settings: TurnTaking): Step {
  if (event.type === 'call-ended') return state.type === 'ended' ? [state, []] : [{ type: 'ended' }, [clearTimers]];
  const outlivesTurn = event.type === 'elapsed' && event.timer === 'max-speech';
  if ('turn' in event && 'turn' in state && event.turn !== state.turn && !outlivesTurn) return [state, []];
  switch (state.type) {
    case 'idle':
      if (event.type !== 'call-started') return [state, []];
      return event.greets ? request(nothingYet, 'greeting', settings) : listen(nothingYet, settings);
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
      return hearSpeech({ ...state, callerSpeaking: true }, [], settings);
    case 'speech-ended':
      // Speech that ran over from the turn before the caller was heard in starts this turn.
      return hearSpeech({ ...state, callerSpeaking: false }, [setTimer('silence', state.turn, settings.silenceMs)], settings);
    case 'elapsed':
      if (event.timer === 'silence' && state.heardSpeech) return request(state, 'caller', settings);
      if (event.timer === 'max-speech') return request({ ...state, speechTimed: false }, 'caller', settings, true);
      if (event.timer === 'no-input' && !state.callerSpeaking) return request({ ...state, noInputs: state.noInputs + 1 }, 'no-input', settings);
      return [state, []];
    case 'turn-ended':
      return request(state, 'caller', settings);
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
        { ...state, type: 'speaking', ...(state.cause === 'caller' ? { noInputs: 0, wordless: 0 } : {}) },
        [clearTurnTimers, setTimer('playout-stalled', state.turn, stalledMs(state, settings))],
      ];
    case 'tools-begun':
    case 'tools-over': {
      const next = withTools(state, event.type, settings);
      return [
        next,
        next === state ? [] : [setTimer('reply-overdue', state.turn, next.tools === 'at-work' ? longestToolMs : settings.replyOverdueMs)],
      ];
    }
    case 'speech-started': {
      if (state.ending || state.insists) return [{ ...state, callerSpeaking: true }, []];
      // The caller had not finished: the reply at hand answers half a sentence.
      const [next, effects] = listen({ ...state, turn: state.turn + 1, callerSpeaking: true }, settings);
      return [next, [cancel(state.turn), flush(state.turn), ...effects]];
    }
    case 'speech-ended':
      return [{ ...state, callerSpeaking: false }, []];
    case 'turn-ended':
      return state.overSpeech ? answerAnew(state, settings) : [state, []];
    case 'playout-ended':
      return nothingSaid(state, settings);
    case 'reply-failed':
      return fallBack(state, settings);
    case 'elapsed':
      if (event.timer === 'max-speech') return [{ ...state, speechTimed: false, insists: true }, [disarm]];
      return event.timer === 'reply-overdue' ? fallBack(state, settings) : [state, []];
    case 'ending-asked':
      return [{ ...state, ending: endingOf(state, event.ending) }, [disarm]];
    default:
      return [state, []];
  }
}

function whileSpeaking(state: In<'speaking'>, event: Event, settings: TurnTaking): Step {
  switch (event.type) {
    case 'playout-progressed':
      return [state, [setTimer('playout-stalled', state.turn, stalledMs(state, settings))]];
    case 'tools-begun':
    case 'tools-over': {
      const next = withTools(state, event.type, settings);
      return [next, next === state ? [] : [setTimer('playout-stalled', state.turn, stalledMs(next, settings))]];
    }
    case 'playout-ended':
      return heardOut(state, settings);
    case 'speech-started':
      // An engine that had not yet heard of the disarming has paused all the same.
      if (!settings.bargeIn || state.ending || state.insists) return [{ ...state, callerSpeaking: true }, [{ type: 'resume-playout' }]];
      return [
        { ...state, type: 'interrupted', callerSpeaking: true },
        [clearTurnTimers, { type: 'pause-playout' }, setTimer('barge-in', state.turn, settings.bargeInConfirmMs)],
      ];
    case 'speech-ended':
      return [{ ...state, callerSpeaking: false }, []];
    case 'turn-ended':
      return state.overSpeech && settings.bargeIn ? answerAnew(state, settings) : [state, []];
    case 'reply-failed':
      // The fallback line is ours: no provider can fail it.
      return state.cause === 'fallback' ? [state, []] : fallBack(state, settings);
    case 'elapsed':
      if (event.timer === 'max-speech') return [{ ...state, speechTimed: false, insists: true }, [disarm]];
      return event.timer === 'playout-stalled' ? fallBack(state, settings) : [state, []];
    case 'ending-asked':
      return [{ ...state, ending: endingOf(state, event.ending) }, [disarm]];
    default:
      return [state, []];
  }
}

function whileInterrupted(state: In<'interrupted'>, event: Event, settings: TurnTaking): Step {
  switch (event.type) {
    case 'speech-ended':
      return [
        { ...state, type: 'speaking', callerSpeaking: false, overSpeech: false },
        [clearTurnTimers, { type: 'resume-playout' }, setTimer('playout-stalled', state.turn, stalledMs(state, settings))],
      ];
    case 'tools-begun':
    case 'tools-over':
      return [withTools(state, event.type, settings), []];
    case 'elapsed': {
      if (event.timer === 'max-speech') {
        return [
          { ...state, type: 'speaking', speechTimed: false, insists: true },
          [clearTimers, disarm, { type: 'resume-playout' }, setTimer('playout-stalled', state.turn, stalledMs(state, settings))],
        ];
      }
      if (event.timer !== 'barge-in') return [state, []];
      // It was being heard: nothing failed.
      const failures = state.cause === 'fallback' ? state.failures : 0;
      const [next, effects] = listen({ ...state, turn: state.turn + 1, failures }, settings);
      return [next, [cancel(state.turn), flush(state.turn), ...effects]];
    }
    case 'playout-ended': {
      // The last samples were already out when the caller came in.
      const [next, effects] = state.ending ? close(state.turn, state.ending) : listen({ ...state, turn: state.turn + 1 }, settings);
      return [next, [flush(state.turn), ...effects]];
    }
    case 'ending-asked':
      return [{ ...state, ending: endingOf(state, event.ending) }, [disarm]];
    default:
      return [state, []];
  }
}

/** Speech, or its end: nobody is asked any more whether they are there. */
function hearSpeech(state: In<'listening'>, timers: readonly Effect[], settings: TurnTaking): Step {
  const timeSpeech = state.speechTimed ? [clearTurnTimers] : [clearTimers, setTimer('max-speech', state.turn, settings.maxSpeechMs)];
  return [{ ...state, heardSpeech: true, speechTimed: true }, [...timeSpeech, ...timers]];
}

/** The caller's turn begins, perhaps in the middle of what the caller says. */
function listen(next: Tally, settings: TurnTaking): Step {
  const listening: In<'listening'> = { type: 'listening', ...tally(next), heardSpeech: false };
  if (!next.callerSpeaking) {
    return [{ ...listening, speechTimed: false }, [clearTimers, disarm, setTimer('no-input', next.turn, settings.noInputMs)]];
  }
  const [state, effects] = hearSpeech(listening, [], settings);
  return [state, [disarm, ...effects]];
}

function request(now: Tally, cause: ReplyCause, settings: TurnTaking, insists = false): Step {
  const last = cause === 'no-input' && now.noInputs > settings.maxNoInputs;
  const ending = last ? 'hang-up' : undefined;
  return [
    { type: 'processing', ...tally(now), cause, ending, insists, overSpeech: now.callerSpeaking, tools: 'none', toolRounds: 0 },
    [
      clearTurnTimers,
      // Before the reply is heard: the first words of it can be cut as well as the last.
      { type: 'arm-barge-in', armed: settings.bargeIn && !ending && !insists },
      { type: 'request-reply', turn: now.turn, cause, last },
      setTimer('reply-overdue', now.turn, settings.replyOverdueMs),
    ],
  ];
}

/** The caller went on in the breath that was taken for the end of their turn, and has finished now. */
function answerAnew(state: In<'processing' | 'speaking'>, settings: TurnTaking): Step {
  if (state.ending || state.insists) return [state, []];
  const [next, effects] = request({ ...state, turn: state.turn + 1 }, 'caller', settings);
  return [next, [cancel(state.turn), flush(state.turn), ...effects]];
}

/** The reply at hand was heard to its end. */
function heardOut(state: In<'speaking'>, settings: TurnTaking): Step {
  if (state.ending) return close(state.turn, state.ending);
  const failures = state.cause === 'fallback' ? state.failures : 0;
  return listen({ ...state, turn: state.turn + 1, failures, speechTimed: false }, settings);
}

/** A reply without audio: the caller made a noise, and is heard again. */
function nothingSaid(state: In<'processing'>, settings: TurnTaking): Step {
  if (state.ending) return close(state.turn, state.ending);
  const next = { ...state, turn: state.turn + 1, failures: 0, wordless: state.wordless + 1 };
  if (state.cause !== 'caller' || next.wordless < mostWordless) return listen(next, settings);
  return request({ ...next, wordless: 0, noInputs: next.noInputs + 1 }, 'no-input', settings, true);
}

/** The reply at hand is of no use: something is said in its stead, as a turn of its own. */
function fallBack(state: In<'processing' | 'speaking'>, settings: TurnTaking): Step {
  const turn = state.turn + 1;
  const failures = state.failures + 1;
  const ending = state.ending ?? (failures > settings.maxFailures ? 'give-up' : undefined);
  // Not even the fallback line was heard.
  if (failures > settings.maxFailures + 1) return close(state.turn, ending ?? 'give-up');
  return [
    { ...state, type: 'speaking', turn, failures, ending, cause: 'fallback', tools: 'none', toolRounds: 0 },
    [
      clearTurnTimers,
      cancel(state.turn),
      flush(state.turn),
      { type: 'arm-barge-in', armed: settings.bargeIn && !ending && !state.insists },
      { type: 'play-fallback', turn, last: ending !== undefined && ending !== 'transfer' },
      setTimer('playout-stalled', turn, settings.playoutStalledMs),
    ],
  ];
}

function close(turn: number, ending: Ending): Step {
  return [{ type: 'closing', turn, ending }, [clearTimers, disarm, endCall(ending), setTimer('closing', turn, closingMs)]];
}

/** The same state where nothing changes: more tools at once have the time of the first, and too many have none. */
function withTools<S extends Replying>(state: S, what: 'tools-begun' | 'tools-over', { maxToolRounds }: TurnTaking): S {
  if (what === 'tools-over') return state.tools === 'at-work' ? { ...state, tools: 'over' } : state;
  if (state.tools === 'at-work' || state.toolRounds >= maxToolRounds) return state;
  return { ...state, tools: 'at-work', toolRounds: state.toolRounds + 1 };
}

/** Whoever was told that they are put through is not hung up on. */
const endingOf = ({ ending }: Pick<Replying, 'ending'>, asked: Ending): Ending => (ending === 'transfer' ? ending : asked);

/** What came of tools is to be spoken of: the model is waited for as for a reply. */
function stalledMs({ tools }: Pick<Replying, 'tools'>, { playoutStalledMs, replyOverdueMs }: TurnTaking): number {
  if (tools === 'at-work') return longestToolMs;
  return tools === 'over' ? Math.max(playoutStalledMs, replyOverdueMs) : playoutStalledMs;
}

const tally = ({ turn, callerSpeaking, noInputs, wordless, failures, speechTimed }: Tally): Tally => ({
  turn,
  callerSpeaking,
  noInputs,
  wordless,
  failures,
  speechTimed,
});
const setTimer = (timer: Timer, turn: number, afterMs: number): Effect => ({ type: 'set-timer', timer, turn, afterMs });
const cancel = (turn: number): Effect => ({ type: 'cancel-reply', turn });
const flush = (turn: number): Effect => ({ type: 'flush-playout', turn });
const endCall = (ending: Ending): Effect => ({ type: 'end-call', ending });
