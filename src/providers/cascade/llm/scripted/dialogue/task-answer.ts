import { wordsOf } from '../matching/words.js';
import { answerIn } from '../matching/yes-no.js';
import type { SlotScript, TaskScript } from '../schema.js';
import { phoneNumberIn } from '../slots/phone-number.js';
import { wholeNumberIn } from '../slots/slot-reader.js';
import { correctionIn } from './correction.js';
import type { TaskState } from './state.js';
import { askTask, goOn, readFor, submitTask, withMentioned } from './task.js';
import type { Turn } from './turn.js';

/** Takes the words as an answer to the task's question. Returns false if they are none. */
export function answerTask(turn: Turn, text: string): boolean {
  const { task, taskScript } = turn;
  if (!task || !taskScript) return false;
  switch (task.stage.type) {
    case 'slot':
      return answerSlot(turn, task, taskScript, task.stage.slot, text);
    case 'confirm':
      return answerConfirm(turn, task, taskScript, text);
    case 'change':
      return answerChange(turn, task, taskScript, text);
  }
}

function answerSlot(turn: Turn, task: TaskState, script: TaskScript, name: string, text: string): boolean {
  const slot = script.slots[name];
  if (!slot) return false;
  if (addDigits(turn, task, script, text, slot)) return true;
  const reading = readFor(turn, task, slot, text);
  if (reading?.type === 'partial') {
    turn.task = { ...task, partial: reading.digits };
    turn.say(slot.more ?? slot.again);
    return true;
  }
  if (reading) {
    const values = slot.type === 'text' ? task.values : withMentioned(script, task, text, name);
    turn.task = { ...task, values: new Map(values).set(name, reading.value), partial: '', filled: name };
    goOn(turn);
    return true;
  }
  return change(turn, task, script, text, false);
}

function answerConfirm(turn: Turn, task: TaskState, script: TaskScript, text: string): boolean {
  if (addDigits(turn, task, script, text, undefined) || change(turn, task, script, text, true)) return true;
  const answer = answerIn(text);
  if (answer?.means === 'no') {
    turn.task = { ...task, stage: { type: 'change' } };
    askTask(turn, false);
    return true;
  }
  if (answer) {
    submitTask(turn, true);
    return true;
  }
  return addText(turn, task, script, text);
}

function answerChange(turn: Turn, task: TaskState, script: TaskScript, text: string): boolean {
  if (change(turn, task, script, text, true)) return true;
  if (/\b(?:everything|all of (?:it|them)|all wrong|start over|start again)\b/i.test(text)) {
    turn.task = { ...task, values: new Map(), partial: '', filled: undefined };
  } else if (!/\bnothing\b/i.test(text) && answerIn(text) === undefined) {
    return false;
  }
  goOn(turn);
  return true;
}

/** Puts another value in a slot, or asks for that slot again. */
function change(turn: Turn, task: TaskState, script: TaskScript, text: string, denies: boolean): boolean {
  const correction = correctionIn(script, task, text, denies);
  if (!correction) return false;
  const values = new Map(task.values);
  if (correction.value !== undefined) values.set(correction.slot, correction.value);
  else values.delete(correction.slot);
  turn.task = { ...task, values, partial: '', filled: correction.slot };
  goOn(turn);
  return true;
}

/** Digits alone after a number go on with it: the caller had only paused. */
function addDigits(turn: Turn, task: TaskState, script: TaskScript, text: string, asked: SlotScript | undefined): boolean {
  const last = task.filled === undefined ? undefined : script.slots[task.filled];
  const value = task.filled === undefined ? undefined : task.values.get(task.filled);
  if (last?.type !== 'phone' || value === undefined || asked?.type === 'phone' || asked?.type === 'time') return false;
  const more = phoneNumberIn(text);
  if (!more?.alone || wholeNumberIn(last, text) !== undefined) return false;
  const joined = wholeNumberIn(last, `${value} ${more.value}`);
  if (joined === undefined || task.filled === undefined) return false;
  turn.task = { ...task, values: new Map(task.values).set(task.filled, joined) };
  askTask(turn, false);
  return true;
}

/** Words over the reading back, before it asked anything, go on with the text that was given last. */
function addText(turn: Turn, task: TaskState, script: TaskScript, text: string): boolean {
  const { cut } = turn.before;
  const value = task.filled === undefined ? undefined : task.values.get(task.filled);
  if (!cut || cut.questionHeard || task.filled === undefined || value === undefined) return false;
  if (script.slots[task.filled]?.type !== 'text' || wordsOf(text).length < 2) return false;
  turn.task = { ...task, values: new Map(task.values).set(task.filled, `${value} ${text.trim()}`) };
  askTask(turn, false);
  return true;
}
