import { likeness } from '../../../../../base/edit-distance.js';
import { soundOf, wordLikeness } from '../matching/word-likeness.js';
import { stemOf, wordsOf } from '../matching/words.js';
import { answerIn } from '../matching/yes-no.js';
import type { SlotScript, TaskScript } from '../schema.js';
import { personNameIn } from '../slots/person-name.js';
import { phoneNumberIn } from '../slots/phone-number.js';
import { wholeNumberIn } from '../slots/slot-reader.js';
import { timeIn } from '../slots/time-of-day.js';
import type { TaskState } from './state.js';

export interface Correction {
  readonly slot: string;
  /** The value it should have; undefined if the caller only said which is wrong. */
  readonly value: string | undefined;
}

const leastLikeness = 0.8;
const leastSoundOfWrong = 0.75;
const objection =
  /\b(?:wrong|incorrect|not|change|correct (?:the|my)|mistake|different|instead|actually|should|misspell(?:ed|t)|spelled|meant|sorry)\b|n't\b/i;
const link = /\b(?:is|was|should be|should say|should read|to|as|says?)\b[\s,:]*/i;

/**
 * What of a task's values the caller wants to have changed: "no, the number is wrong", "it's Anna, not Hannah".
 * Without `asked` only values that were given before count, and only if the caller names them.
 */
export function correctionIn(script: TaskScript, task: TaskState, text: string, asked: boolean): Correction | undefined {
  const slots = Object.entries(script.slots).filter(([name]) => task.values.has(name));
  const denies = answerIn(text)?.means === 'no';
  const isChoosing = asked && task.stage.type === 'change';
  for (const [name, slot] of slots) {
    const rest = afterMention(slot, name, text);
    if (rest === undefined) continue;
    const value = valueIn(slot, rest) ?? (slot.type === 'text' ? undefined : valueIn(slot, text));
    if (value !== undefined && value !== task.values.get(name) && !soundsWrong(value)) return { slot: name, value };
    if (denies || isChoosing || objection.test(text) || (value !== undefined && soundsWrong(value))) return { slot: name, value: undefined };
  }
  if (!asked) return undefined;
  return unnamed(slots, task, text, denies || isChoosing);
}

/** A new value by itself: another number, "it's Anna". */
function unnamed(slots: readonly (readonly [string, SlotScript])[], task: TaskState, text: string, denies: boolean): Correction | undefined {
  for (const [name, slot] of slots) {
    const value = slot.type === 'text' || slot.type === 'yes-no' ? undefined : valueIn(slot, text);
    const isClear = slot.type === 'phone' || (slot.type === 'time' ? denies : personNameIn(text)?.announced === true);
    if (value !== undefined && isClear && value !== task.values.get(name)) return { slot: name, value };
    const digits = slot.type === 'phone' ? phoneNumberIn(text) : undefined;
    if (digits && denies) return { slot: name, value: undefined };
  }
  return undefined;
}

function valueIn(slot: SlotScript, text: string): string | undefined {
  switch (slot.type) {
    case 'name':
      return personNameIn(text)?.name;
    case 'phone':
      return wholeNumberIn(slot, text);
    case 'time':
      return timeIn(text);
    case 'yes-no':
      return answerIn(text)?.means;
    case 'text':
      return wordsOf(text).length >= 2 && !objection.test(text) ? text.trim() : undefined;
  }
}

/** What follows the slot's name ("the number is …"), undefined if it is not named. */
function afterMention(slot: SlotScript, name: string, text: string): string | undefined {
  for (const called of slot.called ?? [name.replaceAll('_', ' ')]) {
    const sought = wordsOf(called);
    const said = [...text.matchAll(/[\p{L}\p{N}']+/gu)];
    for (let at = 0; at + sought.length <= said.length; at++) {
      if (!sought.every((word, index) => isSame(said[at + index]?.[0] ?? '', word))) continue;
      const last = said[at + sought.length - 1];
      const rest = text.slice((last?.index ?? 0) + (last?.[0].length ?? 0));
      const linked = link.exec(rest);
      return linked && linked.index <= 2 ? rest.slice(linked.index + linked[0].length) : rest;
    }
  }
  return undefined;
}

/** "The name is wrong" is easily taken down as "the name is Ron". */
const soundsWrong = (value: string): boolean => likeness(soundOf(value.toLowerCase()), soundOf('wrong')) >= leastSoundOfWrong;

function isSame(said: string, word: string): boolean {
  const [first = ''] = wordsOf(said);
  return wordLikeness({ stem: stemOf(first), sound: soundOf(first) }, { stem: stemOf(word), sound: soundOf(word) }) >= leastLikeness;
}
