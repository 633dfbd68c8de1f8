import { soundOf, type Word, wordLikeness } from './word-likeness.js';
import { contentWordWeight, questionWordWeight, unknownWordWeight, weightOf } from './word-weight.js';
import { stemOf } from './words.js';

interface Token extends Word {
  /** The word and its synonyms as they are written and sound. */
  readonly forms: readonly Word[];
  readonly weight: number;
  readonly isQuestion: boolean;
}

/** A word of the phrases that was perhaps said, and where. */
export interface Sighting {
  readonly at: number;
  /** 1, or 2 for a word that was taken down as two: "good bye", "mess age". */
  readonly length: number;
  readonly likeness: number;
}

/** What was said, by the words of the phrases. */
export interface Hearing {
  readonly stems: readonly string[];
  readonly weights: readonly number[];
  readonly totalWeight: number;
  readonly sightings: ReadonlyMap<number, readonly Sighting[]>;
}

type Row = readonly (readonly [number, number])[];

const joinedLikeness = 0.95;
const mistakenForCommon = 0.7;
const leastJoinedLetters = 5;
const mostRows = 5000;

/** The words of all phrases by number. What was said is compared with each of them once, and remembered. */
export class Vocabulary {
  readonly #tokens: Token[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #stems = new Set<string>();
  readonly #synonyms = new Map<string, readonly Word[]>();
  readonly #rows = new Map<string, Row>();

  /** @param synonyms words that stand for one another, a list for each such set */
  constructor(synonyms: readonly (readonly string[])[]) {
    for (const words of synonyms) {
      const forms = words.map(formOf);
      for (const { stem } of forms) this.#synonyms.set(stem, forms);
    }
  }

  /** The number of a phrase's word. */
  add(word: string): number {
    const token = this.#tokenOf(word, weightOf(word));
    const key = `${token.stem} ${token.weight}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#stems.add(token.stem);
    this.#numbers.set(key, this.#tokens.length);
    return this.#tokens.push(token) - 1;
  }

  weightOf(number: number): number {
    return this.#tokens[number]?.weight ?? 0;
  }

  stemOf(number: number): string {
    return this.#tokens[number]?.stem ?? '';
  }

  hear(words: readonly string[]): Hearing {
    const sightings = new Map<number, Sighting[]>();
    const note = (row: Row, at: number, length: number): void => {
      for (const [number, likeness] of row) {
        const seen = sightings.get(number);
        if (seen) seen.push({ at, length, likeness });
        else sightings.set(number, [{ at, length, likeness }]);
      }
    };
    const tokens = words.map((word) => this.#saidToken(word));
    words.forEach((word, at) => {
      note(
        this.#remembered(word, () => this.#rowOf(tokens[at] ?? this.#saidToken(word))),
        at,
        1,
      );
      const next = words[at + 1];
      const isBroken = tokens[at]?.weight === unknownWordWeight || tokens[at + 1]?.weight === unknownWordWeight;
      if (next !== undefined && isBroken)
        note(
          this.#remembered(`${word} ${next}`, () => this.#joinedRow(word + next)),
          at,
          2,
        );
    });
    const weights = tokens.map(({ weight }) => weight);
    return { stems: tokens.map(({ stem }) => stem), weights, totalWeight: weights.reduce((total, weight) => total + weight, 0), sightings };
  }

  #saidToken(word: string): Token {
    const token = this.#tokenOf(word, weightOf(word));
    return token.weight === contentWordWeight && !this.#stems.has(token.stem) ? { ...token, weight: unknownWordWeight } : token;
  }

  #tokenOf(word: string, weight: number): Token {
    const form = formOf(word);
    const forms = this.#synonyms.get(form.stem) ?? [form];
    return { stem: forms[0]?.stem ?? form.stem, sound: form.sound, forms, weight, isQuestion: weight === questionWordWeight };
  }

  #remembered(key: string, make: () => Row): Row {
    const known = this.#rows.get(key);
    if (known) return known;
    if (this.#rows.size >= mostRows) this.#rows.clear();
    const row = make();
    this.#rows.set(key, row);
    return row;
  }

  #rowOf(said: Token): Row {
    return this.#compare((meant) => singleLikeness(said, meant));
  }

  #joinedRow(word: string): Row {
    const said = formOf(word);
    return this.#compare(({ weight, forms }) =>
      weight < contentWordWeight
        ? 0
        : joinedLikeness *
          likenessToAny(
            said,
            forms.filter(({ stem }) => stem.length >= leastJoinedLetters),
          ),
    );
  }

  #compare(likeness: (meant: Token) => number): Row {
    return this.#tokens.flatMap((meant, number) => {
      const alike = likeness(meant);
      return alike > 0 ? [[number, alike] as const] : [];
    });
  }
}

function singleLikeness(said: Token, meant: Token): number {
  if (said.stem === meant.stem) return 1;
  if (meant.weight < unknownWordWeight) return 0;
  // A common word was hardly meant as another one, but for were and where, no and know.
  if (said.weight < unknownWordWeight || said.isQuestion) return meant.isQuestion && said.sound === meant.sound ? mistakenForCommon : 0;
  return likenessToAny(said, meant.forms);
}

const likenessToAny = (said: Word, forms: readonly Word[]): number => Math.max(0, ...forms.map((form) => wordLikeness(said, form)));
const formOf = (word: string): Word => ({ stem: stemOf(word), sound: soundOf(word) });
