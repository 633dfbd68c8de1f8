import { answerIn } from '../matching/yes-no.js';
import type { SlotScript, TaskScript } from '../schema.js';
import { personNameIn } from '../slots/person-name.js';
import { type Reading, readSlot, wholeNumberIn } from '../slots/slot-reader.js';
import { correctionIn } from './correction.js';
import type { Stage, TaskState } from './state.js';
import type { Turn } from './turn.js';

const confirm: Stage = { type: 'confirm' };

/** Begins a task; what the caller has already told of it is not asked again. */
export function startTask(turn: Turn, name: string, text: string): void {
  const script = turn.script.tasks[name];
  if (!script) return;
  turn.task = { name, values: new Map(), stage: confirm, partial: '', filled: undefined };
  turn.task = { ...turn.task, values: withMentioned(script, turn.task, text, undefined) };
  goOn(turn);
}

/** Asks what the task is waiting for, in other words if `again`. */
export function askTask(turn: Turn, again: boolean): void {
  const script = turn.taskScript;
  const stage = turn.task?.stage;
  if (!script || !stage) return;
  if (stage.type === 'slot') {
    const slot = script.slots[stage.slot];
    turn.task = turn.task && { ...turn.task, partial: '' };
    if (slot) turn.say(again ? slot.again : slot.ask);
  } else if (script.confirm) {
    if (stage.type === 'change') turn.say(script.confirm.change);
    else turn.say(again ? script.confirm.again : script.confirm.say);
  }
}

/** Whether the words are something that the task waits for, so that they hardly mean another thing. */
export function fitsTask(turn: Turn, text: string): boolean {
  const { task, taskScript } = turn;
  if (!task || !taskScript) return false;
  if (task.stage.type !== 'slot') return answerIn(text)?.alone === true || correctionIn(taskScript, task, text, true) !== undefined;
  const slot = taskScript.slots[task.stage.slot];
  return slot !== undefined && readFor(turn, task, slot, text) !== undefined;
}

/** Hands over what was gathered. The task is over. */
export function submitTask(turn: Turn, says: boolean): void {
  const { task, taskScript } = turn;
  if (!task || !taskScript) return;
  if (says) turn.say(taskScript.done);
  const values = Object.keys(taskScript.slots).map((slot) => [slot, task.values.get(slot) ?? '']);
  turn.do(taskScript.tool ?? task.name, Object.fromEntries(values), 'before');
  turn.task = undefined;
}

/** Asks for the first slot without a value, then for a yes, and then is done. */
export function goOn(turn: Turn): void {
  const { task, taskScript } = turn;
  if (!task || !taskScript) return;
  const open = Object.keys(taskScript.slots).find((name) => !task.values.has(name));
  turn.task = { ...task, stage: open === undefined ? confirm : { type: 'slot', slot: open } };
  if (open === undefined && !taskScript.confirm) submitTask(turn, true);
  else askTask(turn, false);
}

/** What the words say for a slot, going on with digits that were said before. */
export function readFor(turn: Turn, task: TaskState, slot: SlotScript, text: string): Reading | undefined {
  return readSlot(slot, text, { partial: task.partial, callerNumber: turn.call.caller.number });
}

/** The values with those of other open slots that the words give beyond doubt: a whole number, "my name is …". */
export function withMentioned(script: TaskScript, task: TaskState, text: string, asked: string | undefined): ReadonlyMap<string, string> {
  const values = new Map(task.values);
  for (const [name, slot] of Object.entries(script.slots)) {
    if (name === asked || values.has(name)) continue;
    const spoken = slot.type === 'name' ? personNameIn(text) : undefined;
    const isSure = spoken?.announced === true && text.includes(spoken.name);
    const value = slot.type === 'phone' ? wholeNumberIn(slot, text) : isSure ? spoken?.name : undefined;
    if (value !== undefined) values.set(name, value);
  }
  return values;
}
