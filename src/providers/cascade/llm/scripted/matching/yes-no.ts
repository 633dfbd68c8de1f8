import { wordsOf } from './words.js';

export interface Answer {
  readonly means: 'yes' | 'no';
  /** Whether no other thing was said. */
  readonly alone: boolean;
}

const yes = new Set(
  'yes yeah yea yep yup yah ya yas sure correct right exactly absolutely definitely indeed ok okay fine perfect certainly affirmative agreed alright true'.split(
    ' ',
  ),
);
const no = new Set('no nope nah not wrong incorrect negative never neither false'.split(' '));
const fillers = new Set(
  'please thank thanks you that this is it was all the a i am we are do does would will like so very much um uh ah oh er hm well just of course sounds looks good great go ahead quite really at now'.split(
    ' ',
  ),
);
/** Whole remarks that the words alone would not tell. */
const wholes: ReadonlyMap<string, Answer['means']> = new Map([
  ['sounds good', 'yes'],
  ['that sounds good', 'yes'],
  ['all good', 'yes'],
  ['go ahead', 'yes'],
  ['please do', 'yes'],
  ['of course', 'yes'],
  ['you got it', 'yes'],
  ['that is it', 'yes'],
  ['it is', 'yes'],
  ['i do', 'yes'],
  ['i think so', 'yes'],
  ['i would', 'yes'],
  ['uh huh', 'yes'],
  ['mm hmm', 'yes'],
  ['mhm', 'yes'],
  ['aha', 'yes'],
  ['why not', 'yes'],
  ['no problem', 'yes'],
  ['year', 'yes'],
  ['yet', 'yes'],
  ['please', 'yes'],
  ['yes no', 'no'],
  ['know', 'no'],
  ['now', 'no'],
  ['uh uh', 'no'],
  ['i do not think so', 'no'],
  ['not at all', 'no'],
  ['no no', 'no'],
]);

/** Whether something was said yes or no to; undefined if neither. */
export function answerIn(text: string): Answer | undefined {
  const words = wordsOf(text);
  const whole = wholes.get(words.join(' '));
  if (whole !== undefined) return { means: whole, alone: true };
  const first = words.find((word) => yes.has(word) || no.has(word));
  if (first === undefined) return undefined;
  const denies = words.some((word) => word === 'wrong' || word === 'incorrect' || word === 'not');
  // "No, that's right" agrees; "yes, no, that's wrong" does not.
  const agrees = !denies && words.some((word) => word === 'right' || word === 'correct' || word === 'fine' || word === 'perfect');
  const means = denies ? 'no' : agrees ? 'yes' : no.has(first) ? 'no' : 'yes';
  return { means, alone: words.every((word) => yes.has(word) || no.has(word) || fillers.has(word)) };
}

const listening = new Set('uh huh mm hmm hm mhm aha okay ok right yeah yes yep i see sure got it alright go on'.split(' '));

/** Whether the words only say that the caller listens: "uh-huh", "okay". */
export function isListening(text: string): boolean {
  const words = wordsOf(text);
  return words.length > 0 && words.length <= 3 && words.every((word) => listening.has(word));
}
