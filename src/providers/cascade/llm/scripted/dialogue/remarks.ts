import { answerIn } from '../matching/yes-no.js';
import type { OpenQuestion } from './state.js';
import type { Turn } from './turn.js';

/** What is said at the edges of a conversation, and what was said and is said again. */

export function greet(turn: Turn): void {
  turn.greeted = true;
  const { greeting } = turn.call;
  turn.say(greeting === undefined ? turn.script.greeting : [greeting]);
}

/** Asks whether there is anything else, if the script does. */
export function followUp(turn: Turn): void {
  const remark = turn.script.follow_up;
  if (!remark) return;
  turn.say(remark.say);
  turn.question = { yes: remark.yes, no: remark.no };
}

/** Says sentences of an earlier reply again; a question in them is open again. */
export function resume(turn: Turn, sentences: readonly string[]): void {
  turn.repeat(sentences);
  turn.question = turn.before.question;
}

export function repeatLast(turn: Turn): void {
  if (turn.before.said.length === 0) greet(turn);
  else resume(turn, turn.before.said);
}

export function understood(turn: Turn): void {
  turn.misses = 0;
  turn.greeted = true;
}

/** The question that the last reply ended in, if the caller heard it. */
export function openQuestion({ before }: Turn): OpenQuestion | undefined {
  return before.cut && !before.cut.questionHeard ? undefined : before.question;
}

/** Whether everything was given for the task and the caller does not object to it. */
export function isUndenied(turn: Turn, text: string): boolean {
  return turn.task?.stage.type === 'confirm' && answerIn(text)?.means !== 'no';
}
