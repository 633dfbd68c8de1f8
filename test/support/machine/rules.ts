import type { Effect, TurnTaking } from '#talkpath/conversation/machine.js';
import { allTimers, type Edge, type Machine, stateTurn } from './world.js';

/** What must hold of every step, as sentences about those that break it. */
export function stepFaults({ from, event, effects, to }: Edge, settings: TurnTaking): string[] {
  const step = `${from.state.type} --${event.type}${'timer' in event ? ` ${event.timer}` : ''}--> ${to.state.type}`;
  const faults: string[] = [];
  const must = (holds: boolean, rule: string): void => void (holds || faults.push(`${step}: ${rule}`));
  const has = (type: Effect['type']): boolean => effects.some((effect) => effect.type === type);
  const [turnBefore, turnAfter] = [stateTurn(from.state), stateTurn(to.state)];

  const outlivesTurn = event.type === 'elapsed' && event.timer === 'max-speech';
  if ('turn' in event && event.turn !== turnBefore && !outlivesTurn)
    must(to.state === from.state && effects.length === 0, 'an event of another turn changed something');
  if (turnBefore !== undefined && turnAfter !== undefined)
    must(turnAfter === turnBefore || turnAfter === turnBefore + 1, 'the turn went back, or on by more than one');
  if (event.type === 'call-ended') {
    must(to.state.type === 'ended', 'the call did not end');
    must(
      effects.every(({ type }) => type === 'clear-timers'),
      'an ended call did something',
    );
  }
  if (from.state.type === 'ended') must(to.state.type === 'ended' && effects.length === 0, 'an ended call came back');
  if (from.state.type === 'closing') {
    must(!has('request-reply') && !has('play-fallback'), 'something is said while the call is closing');
    must(to.state.type === 'closing' || to.state.type === 'ended', 'a closing call went on');
  }

  let asked = from.asked;
  let speechTimed = from.timers['max-speech'] !== undefined;
  for (const effect of effects) {
    if (effect.type === 'cancel-reply' && effect.turn === asked) asked = undefined;
    if (event.type === 'playout-ended' && event.turn === asked) asked = undefined;
    if (effect.type === 'request-reply' || effect.type === 'play-fallback') {
      must(asked === undefined, 'the last reply is neither answered nor cancelled');
      must(effect.turn === turnAfter, 'what is said belongs to another turn');
    }
    if (effect.type === 'clear-timers' && !effect.except) speechTimed = false;
    if (effect.type === 'set-timer' && effect.timer === 'max-speech') must(!speechTimed, 'the time of unanswered speech starts anew');
    if (effect.type === 'set-timer') must(effect.turn === turnAfter && effect.afterMs > 0, 'a timer is set for another turn or for no time');
    if (effect.type === 'cancel-reply') {
      must(
        effects.some((other) => other.type === 'flush-playout' && other.turn === effect.turn),
        'a cancelled reply may still be heard',
      );
    }
  }
  const fallsBack = to.state.type === 'speaking' && to.state.cause === 'fallback' && turnAfter !== turnBefore;
  must(has('play-fallback') === fallsBack, 'the state and what is played disagree about the fallback line');
  const asks = to.state.type === 'processing' && (from.state.type !== 'processing' || turnAfter !== turnBefore);
  must(has('request-reply') === asks, 'the state and what was asked disagree about the reply');
  if (from.state.type === 'speaking' && event.type === 'playout-progressed' && event.turn === turnBefore) {
    must(
      effects.some((effect) => effect.type === 'set-timer' && effect.timer === 'playout-stalled'),
      'a reply that is being heard is taken for stalled',
    );
  }
  const replyTimer = effects.find((effect) => effect.type === 'set-timer' && ['reply-overdue', 'playout-stalled'].includes(effect.timer));
  if (event.type === 'tools-begun' || event.type === 'tools-over') {
    const startsAnew = to.state !== from.state && from.state.type !== 'interrupted';
    must((replyTimer !== undefined) === startsAnew, 'the time of a reply does not start anew with its tools, or does without them');
  }
  if ('toolRounds' in to.state) must(to.state.toolRounds <= settings.maxToolRounds, 'a reply that uses tools for ever is waited for for ever');
  if ('ending' in from.state && 'ending' in to.state && from.state.ending === 'transfer' && turnAfter === turnBefore)
    must(to.state.ending === 'transfer', 'a caller who is put through is hung up on');
  if (replyTimer?.type === 'set-timer') {
    const patient = 'tools' in to.state && to.state.tools === 'at-work';
    must(replyTimer.afterMs > 30_000 === patient, 'a reply that waits for a tool is taken for late, or one that does not is waited for');
  }
  if (from.state.type === 'closing' && event.type === 'elapsed' && event.turn === turnBefore)
    must(has('end-call'), 'a call that did not end is not asked again to');
  const speechOverAgent = from.state.type === 'speaking' && event.type === 'speech-started' && settings.bargeIn;
  if (speechOverAgent) must(has('pause-playout') || has('resume-playout'), 'a playout that the engine has paused stays so');
  return faults;
}

/** What must hold of every state that a step leads to. */
export function stateFaults({ event, from, to }: Edge, machine: Machine, settings: TurnTaking): string[] {
  const { state, timers } = to;
  const faults: string[] = [];
  const must = (holds: boolean, rule: string): void =>
    void (holds || faults.push(`${state.type} after ${from.state.type} and ${event.type}: ${rule}`));
  const armed = allTimers.filter((timer) => timers[timer] !== undefined);
  if (state.type === 'idle') return faults;
  if (state.type === 'ended') {
    must(armed.length === 0, 'a timer is armed');
    return faults;
  }

  must(armed.length > 0, 'the caller waits, and no timer is armed');
  for (const timer of armed) {
    must(timers[timer] === state.turn || timer === 'max-speech', `the timer ${timer} is of another turn`);
    const [next, effects] = machine(state, { type: 'elapsed', timer, turn: state.turn }, settings);
    must(next !== state || effects.length > 0, `the timer ${timer} would change nothing`);
  }
  if (state.type === 'listening') {
    const wanted = !state.heardSpeech ? 'no-input' : state.callerSpeaking ? 'max-speech' : 'silence,max-speech';
    must(armed.join() === wanted, `${armed} armed while listening`);
  }
  must(to.paused === (state.type === 'interrupted'), 'playout is paused or not against the state');
  const mayBargeIn = settings.bargeIn && (state.type === 'speaking' || state.type === 'processing') && !state.ending && !state.insists;
  if (state.type !== 'interrupted') must(to.bargeInArmed === mayBargeIn, 'barge-in is armed or not against the state');
  must((to.asked === state.turn) === ('cause' in state && state.cause !== 'fallback'), 'the reply at hand and the state disagree');
  must(to.endAsked === (state.type === 'closing'), 'the call is ended or not against the state');
  return faults;
}
