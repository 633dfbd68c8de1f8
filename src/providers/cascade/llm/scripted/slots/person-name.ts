import { likeness } from '../../../../../base/edit-distance.js';
import { digitsAt } from './number-words.js';
import { spelledWordIn } from './spelled-word.js';

/** What comes before a name when someone says who they are. */
const lead =
  /\b(?:(?:my|the|full|last|first|sur)\s*name(?:'s| is|'ll be| was| should be)?|name is|this is|these is|i am|i'm|it is|it's|its|that's|that is|call me|put (?:me )?down(?: as)?|you can (?:call me|write|say|put)|you're speaking (?:to|with)|speaking (?:to|with))\b[\s,:.]*/gi;
const opener =
  /^(?:[\s,.!-]*\b(?:yes|yeah|yep|sure|of course|certainly|okay|ok|alright|all right|hi|hello|hey|well|um|uh|er|oh|so|no|sorry|actually|please|good (?:morning|afternoon|evening))\b)+[\s,.!-]*/i;
const tail = /[\s,.-]+\b(?:speaking|here|please|thanks|thank you|by the way|is my name|is the name)\b.*$/i;
/** After one of these comes no name any more. */
const end = /[\s,.]+\b(?:from|calling|with|at|on|and|but|not|without|i|i'm|i'd|my|who|because|spelled)\b.*$/i;
/** Nor after these, if it was said that a name comes. */
const announcedEnd = /[\s,.]+\b(?:is|it's|that|the|can|could|would|about|for|to|in|of)\b.*$/i;

const mostWords = 4;
const notNames = new Set(
  `a about actually after again all alright am an and any anything are as ask at back be because been bye call called calling can
  can't change correct could did do does doing don't done down else everything fine for from give go going good goodbye got great had
  has have having he hear help her here hi him his hm hmm hold how i if in interested is it just know later leave left let like listen
  little looking maybe me mean message minute moment more my name nah need never nice no none nope not nothing number of okay on one
  only open or order our out over person phone please problem question ready really right robot said same say see send she should so
  some somebody someone something sorry speak spell spelled spelling still sure take talk tell than thank thanks that the their them
  then there these they thing think this those time to today tomorrow trying two uh uhh um umm understand until up us very wait want wanted was we
  well were what when where which who whom why with won't wondering work would wrong yeah yep yes yet you your`.split(/\s+/),
);

export interface SpokenName {
  readonly name: string;
  /** Whether the speaker said that it is a name: "my name is". */
  readonly announced: boolean;
}

/** The name in an answer to "what is your name?", undefined if there is none. */
export function personNameIn(text: string): SpokenName | undefined {
  const plain = text.normalize('NFKC').replaceAll('’', "'");
  const spelled = spelledWordIn(plain);
  const said = unspelledName(spelled ? spelled.rest : plain);
  if (!spelled) return said;
  return { name: said ? withSpelling(said.name, spelled.word) : spelled.word, announced: true };
}

function unspelledName(text: string): SpokenName | undefined {
  const leads = [...text.matchAll(lead)];
  for (const match of leads.toReversed()) {
    const name = nameOf(text.slice(match.index + match[0].length).replace(announcedEnd, ''));
    if (name !== undefined) return { name, announced: true };
  }
  const bare = nameOf(text.replace(opener, ''));
  if (bare !== undefined) return { name: bare, announced: /\b(?:speaking|here)\b/i.test(text) };
  const capitals = capitalisedRun(text);
  return capitals === undefined ? undefined : { name: capitals, announced: false };
}

/** The text as a name if it can be one: up to four words, none of which is an everyday word. */
function nameOf(text: string): string | undefined {
  const cut = ` ${text.replace(opener, '')}`.replace(tail, '').replace(end, '');
  const parts = cut
    .split(/[,.!?;:]+(?=\s|$)/)
    .map((part) => beforeNumber(tokens(part)))
    .filter((part) => part.length > 0);
  const words = withoutEcho(parts);
  if (words.length === 0 || words.length > mostWords) return undefined;
  if (words.some((word) => notNames.has(word.toLowerCase()))) return undefined;
  if (words.length === 1 && (words[0] ?? '').length < 2) return undefined;
  return words.map(capitalised).join(' ');
}

const tokens = (text: string): string[] => text.match(/[\p{L}\p{N}]+(?:[.'-](?=\p{L})\p{L}*)*/gu) ?? [];

/** The words up to the first that begins a number. */
function beforeNumber(words: readonly string[]): string[] {
  const small = words.map((word) => word.toLowerCase());
  const number = small.findIndex((word, index) => /\d/.test(word) || digitsAt(small, index) !== undefined);
  return number < 0 ? [...words] : words.slice(0, number);
}

/** "Smith, John Smith" is John Smith; "Mr. Smith" stays whole. */
function withoutEcho(parts: readonly string[][]): string[] {
  const first = parts[0] ?? [];
  const second = parts[1];
  if (!second) return first;
  const echoes = first.every((word) => second.some((other) => other.toLowerCase() === word.toLowerCase()));
  if (echoes) return second;
  return /^(?:mr|mrs|ms|miss|dr|prof)$/i.test(first.at(-1) ?? '') || first.length === 1 ? [...first, ...second] : first;
}

/** Two or more words in capitals within a longer remark: "you can write down John Smith for that". */
function capitalisedRun(text: string): string | undefined {
  const runs = text.match(/(?<=[\p{Ll},]\s)\p{Lu}[\p{L}'-]+(?:\s\p{Lu}[\p{L}'-]+)+/gu) ?? [];
  return runs.find((run) => run.split(/\s/).every((word) => !notNames.has(word.toLowerCase())));
}

function capitalised(word: string): string {
  if (/\p{Ll}/u.test(word) && /\p{Lu}/u.test(word)) return word;
  return word.toLowerCase().replaceAll(/(?<=^|['-])\p{L}/gu, (letter) => letter.toUpperCase());
}

/** Puts the spelled word in the place of the name's word that it spells, or at its end. */
function withSpelling(name: string, spelled: string): string {
  const words = name.split(' ');
  const scores = words.map((word) => likeness(word.toLowerCase(), spelled.toLowerCase()));
  const best = scores.indexOf(Math.max(...scores));
  if ((scores[best] ?? 0) >= 0.4) return words.with(best, spelled).join(' ');
  return [...words, spelled].join(' ');
}
