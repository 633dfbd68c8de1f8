import { answerIn, isListening } from '../matching/yes-no.js';
import type { SlotScript, SlotType } from '../schema.js';
import { spokenNumber, spokenText } from '../speech-forms.js';
import { personNameIn } from './person-name.js';
import { type PhoneNumber, phoneNumberIn } from './phone-number.js';
import { timeIn } from './time-of-day.js';

export type Reading =
  | { readonly type: 'value'; readonly value: string }
  /** The first digits of a number: the caller has paused. */
  | { readonly type: 'partial'; readonly digits: string };

export interface SlotContext {
  /** Digits said before the caller paused, empty if none. */
  readonly partial: string;
  readonly callerNumber: string | undefined;
}

const longestText = 1000;
const thisNumber =
  /\b(?:this|same|the one|number) (?:number|phone|line|one)?\b.*\b(?:calling|call)(?: you)? (?:from|on|with)\b|\b(?:this|the same) (?:number|phone|line|one)\b/i;
const textOpener = /^(?:[\s,.]*\b(?:um|uh|er|well|so|okay|ok|yes|yeah|sure)\b[\s,.]+)+/i;

/** What the words say for a slot that was asked for, undefined if they are no answer. */
export function readSlot(slot: SlotScript, text: string, context: SlotContext): Reading | undefined {
  const value = valueIn(slot, text, context);
  return typeof value === 'string' ? { type: 'value', value } : value;
}

function valueIn(slot: SlotScript, text: string, context: SlotContext): string | Reading | undefined {
  switch (slot.type) {
    case 'name':
      return personNameIn(text)?.name;
    case 'phone':
      return readNumber(slot, text, context);
    case 'text':
      return freeText(text);
    case 'yes-no':
      return answerIn(text)?.means;
    case 'time':
      return timeIn(text);
  }
}

/** A whole number that was said for the slot, undefined if there are too few or too many digits. */
export function wholeNumberIn(slot: SlotScript, text: string): string | undefined {
  const number = phoneNumberIn(text);
  return number && wholeNumber(slot, number.value);
}

/** How a value is read back. */
export function spokenValue(type: SlotType, value: string): string {
  if (type === 'phone') return spokenNumber(value);
  return spokenText(value).replace(/[\s.!?,;:]+$/, '');
}

function readNumber(slot: SlotScript, text: string, { partial, callerNumber }: SlotContext): string | Reading | undefined {
  const number = phoneNumberIn(text);
  if (!number) return thisNumber.test(text) && callerNumber !== undefined ? wholeNumberIn(slot, callerNumber) : undefined;
  const joined = partial === '' || number.value.startsWith(partial) ? number.value : partial + number.value.replace('+', '');
  const whole = wholeNumber(slot, joined) ?? wholeNumber(slot, number.value);
  if (whole !== undefined) return whole;
  return digitCount(joined) < limitsOf(slot).min && isSaidAsNumber(number) ? { type: 'partial', digits: joined } : undefined;
}

/** "Call me after five" is no beginning of a number. */
const isSaidAsNumber = (number: PhoneNumber): boolean => number.alone || number.count >= 3;

function wholeNumber(slot: SlotScript, value: string): string | undefined {
  const { min, max } = limitsOf(slot);
  const half = value.slice(0, value.length / 2);
  const once = half + half === value && digitCount(half) >= min ? half : value;
  const count = digitCount(once);
  return count >= min && count <= max ? once : undefined;
}

const limitsOf = (slot: SlotScript): { min: number; max: number } => slot.digits ?? { min: 7, max: 15 };
const digitCount = (value: string): number => value.replace('+', '').length;

function freeText(text: string): string | undefined {
  const said = text.replace(textOpener, '').trim().slice(0, longestText);
  const isAnswerAlone = answerIn(text)?.alone === true || isListening(text);
  return /\p{L}{2,}|\d/u.test(said) && !isAnswerAlone ? said.charAt(0).toUpperCase() + said.slice(1) : undefined;
}
