import type { IntentScript } from '../schema.js';
import { followUp, isUndenied, repeatLast, understood } from './remarks.js';
import { askTask, startTask, submitTask } from './task.js';
import type { Turn } from './turn.js';

const transferReason = 'The caller asked for a person.';

/** Does what the script says for an intent that was understood. */
export function perform(turn: Turn, intent: IntentScript, text: string): void {
  understood(turn);
  if (intent.action === 'hang-up' && isUndenied(turn, text)) submitTask(turn, true);
  if (intent.say) turn.say(intent.say);
  switch (intent.action) {
    case 'repeat':
      repeatLast(turn);
      break;
    case 'hang-up':
      turn.task = undefined;
      turn.do('hang_up', {}, 'after');
      break;
    case 'transfer':
      turn.task = undefined;
      turn.do('transfer', { reason: intent.reason ?? transferReason }, 'after');
      break;
    case 'cancel':
      turn.task = undefined;
      followUp(turn);
      break;
    case undefined:
      goOn(turn, intent, text);
  }
}

/** After an answer: a task that it starts, the task that it interrupted, its own question, or whether there is anything else. */
function goOn(turn: Turn, intent: IntentScript, text: string): void {
  if (intent.start !== undefined) startTask(turn, intent.start, text);
  else if (turn.task) askTask(turn, false);
  else if (intent.yes !== undefined || intent.no !== undefined) turn.question = { yes: intent.yes, no: intent.no };
  else if (intent.follow_up) followUp(turn);
}
