import type { CallContext } from '../../../../provider.js';
import type { LlmRequest } from '../../llm.js';
import { exactScore, type IntentMatcher, looseScore, strictScore } from '../matching/intent-matcher.js';
import { wordsOf } from '../matching/words.js';
import { type Answer, answerIn, isListening } from '../matching/yes-no.js';
import type { IntentScript, Script } from '../schema.js';
import { perform } from './perform.js';
import { followUp, greet, isUndenied, openQuestion, resume, understood } from './remarks.js';
import type { DialogueState } from './state.js';
import { askTask, fitsTask, submitTask } from './task.js';
import { answerTask } from './task-answer.js';
import { type Step, Turn } from './turn.js';

/** What a dialogue is held by, the same for the whole call. */
export interface Dialogue {
  readonly script: Script;
  readonly matcher: IntentMatcher;
  readonly call: CallContext;
}

/** Within a task a remark of fewer words is taken for an answer rather than for a question of the caller's. */
const leastWordsOfDigression = 3;

/**
 * The next reply: a pure function of the state and what was said (or not said). Every request but a greeting that is
 * set to be empty is answered by a sentence at least.
 */
export function advance({ script, matcher, call }: Dialogue, state: DialogueState, request: LlmRequest): Step {
  const turn = new Turn(script, call, state);
  if (request.last) sayLast(turn, request);
  else if (request.cause === 'greeting') greet(turn);
  else if (request.cause === 'resume' && request.text === '') takeUp(turn);
  else if (request.cause === 'no-input' && request.text === '') prompt(turn);
  else hear(turn, matcher, request.text);
  return turn.end();
}

/** The call ends after this reply. What was given in full and not denied is handed over. */
function sayLast(turn: Turn, request: LlmRequest): void {
  if (isUndenied(turn, request.text)) submitTask(turn, false);
  turn.say(request.cause === 'no-input' ? turn.script.no_input.last : turn.script.goodbye);
}

/** Another agent was cut off before this one; what it was about to say is not known. */
function takeUp(turn: Turn): void {
  if (turn.greeted) followUp(turn);
  else greet(turn);
}

/** The caller is silent. */
function prompt(turn: Turn): void {
  turn.silences += 1;
  const { cut, question } = turn.before;
  const { prompts } = turn.script.no_input;
  const next = prompts[Math.min(turn.silences, prompts.length) - 1];
  if (cut && turn.silences === 1) {
    resume(turn, cut.unheard);
  } else if (next) {
    turn.say(next.say);
    if (turn.task) {
      askTask(turn, turn.silences > 1 || turn.task.stage.type === 'confirm');
    } else {
      turn.question = { yes: next.yes ?? question?.yes, no: next.no ?? question?.no };
      turn.keepSaid();
    }
  }
}

/** The caller has said something; it may be noise without a word. */
function hear(turn: Turn, matcher: IntentMatcher, text: string): void {
  turn.silences = 0;
  const { cut } = turn.before;
  const answer = answerIn(text);
  if (cut && onlyNods(turn, text, answer)) resume(turn, cut.unheard);
  else if (!(answer?.alone && answerQuestion(turn, answer.means, text))) hearRemark(turn, matcher, text, answer);
}

function hearRemark(turn: Turn, matcher: IntentMatcher, text: string, answer: Answer | undefined): void {
  const intent = turn.task ? intentWithinTask(turn, matcher, text) : intentOf(turn, matcher, text, looseScore);
  if (intent) {
    perform(turn, intent, text);
  } else if (turn.task && answerTask(turn, text)) {
    understood(turn);
    if (!turn.task) followUp(turn);
  } else if (!(answer && answerQuestion(turn, answer.means, text))) {
    notUnderstood(turn);
  }
}

/** Whether the caller, who spoke over the last reply, only says to be listening to it. */
function onlyNods(turn: Turn, text: string, answer: Answer | undefined): boolean {
  if (turn.before.cut?.questionHeard && awaitsYesNo(turn)) return false;
  return isListening(text) || (answer?.means === 'yes' && answer.alone);
}

function awaitsYesNo(turn: Turn): boolean {
  if (turn.before.question) return true;
  const stage = turn.task?.stage;
  return stage?.type === 'confirm' || (stage?.type === 'slot' && turn.taskScript?.slots[stage.slot]?.type === 'yes-no');
}

/** Takes a yes or no as the answer to the question that the last reply ended in. */
function answerQuestion(turn: Turn, means: 'yes' | 'no', text: string): boolean {
  const question = openQuestion(turn);
  if (!question || (!turn.task && !turn.script.follow_up && question[means] === undefined)) return false;
  const name = turn.task && means === 'no' ? undefined : question[means];
  const intent = name === undefined ? undefined : turn.script.intents[name];
  understood(turn);
  if (intent) perform(turn, intent, text);
  else if (turn.task) askTask(turn, false);
  else followUp(turn);
  return true;
}

function intentOf(turn: Turn, matcher: IntentMatcher, text: string, leastScore: number): IntentScript | undefined {
  const match = matcher.best(text, leastScore);
  return match && turn.script.intents[match.name];
}

/** What may be asked in the middle of a task: what is there anywhere, and questions that are answered in a sentence. */
function intentWithinTask(turn: Turn, matcher: IntentMatcher, text: string): IntentScript | undefined {
  const intent = intentOf(turn, matcher, text, fitsTask(turn, text) ? exactScore : strictScore);
  if (!intent || intent.anywhere) return intent;
  const stage = turn.task?.stage;
  const takesAnyText = stage?.type === 'slot' && turn.taskScript?.slots[stage.slot]?.type === 'text';
  const isAnswered = intent.start === undefined && intent.action === undefined;
  return isAnswered && !takesAnyText && wordsOf(text).length >= leastWordsOfDigression ? intent : undefined;
}

/** Asks again in other words, and from the second time on offers what the script offers. */
function notUnderstood(turn: Turn): void {
  const { cut } = turn.before;
  const { not_understood: ladder } = turn.script;
  const rung = ladder[turn.misses % ladder.length];
  turn.misses += 1;
  if (!turn.greeted && turn.call.greeting !== '') {
    greet(turn);
  } else if (cut && turn.misses === 1) {
    resume(turn, cut.unheard);
  } else if (turn.task && rung?.yes === undefined) {
    askTask(turn, true);
  } else if (rung) {
    turn.say(rung.say);
    if (rung.yes !== undefined || rung.no !== undefined) turn.question = { yes: rung.yes, no: rung.no };
  }
}
