import { type Hearing, Vocabulary } from './vocabulary.js';
import { contentWordWeight, weightOf } from './word-weight.js';
import { clausesOf, withoutCarrier, wordsOf } from './words.js';

/** An intent as the matcher sees it. */
export interface Meaning {
  readonly name: string;
  readonly phrases: readonly string[];
  /** Phrases that look like it and mean something else. */
  readonly except: readonly string[];
  /** Whether the call is over with it: it takes a surer match, and nothing may follow it. */
  readonly isFinal: boolean;
}

export interface Match {
  readonly name: string;
  /** 0 to 1; see `looseScore` and `strictScore`. */
  readonly score: number;
}

/** At least this when any remark may come. */
export const looseScore = 0.62;
/** At least this when the caller was asked for something else. */
export const strictScore = 0.82;
/** At least this when the words are an answer already. */
export const exactScore = 0.95;

interface Phrase {
  readonly name: string | undefined;
  readonly isFinal: boolean;
  /** By their numbers in the vocabulary. */
  readonly words: readonly number[];
  readonly weight: number;
  /** What the phrase counts beside others: less if it weighs little, as hello does. */
  readonly share: number;
  /** How many of its words are more than small ones: the fewer, the less else may be said. */
  readonly contentCount: number;
}

/** Most of a match is that the phrase was said; the rest, that little else was. */
const recallShare = 0.65;
const clauseDiscount = 0.9;
/** Of two clauses the longer says what is meant: "excuse me, what time do you close?" */
const clauseRank = 0.6;
const smallWeight = 0.1;
/** A phrase below this is a word and next to nothing else: cancel that. */
const oneWordWeight = 1.2;

/**
 * Finds the intent whose phrases are nearest to what was said. Words are compared by stem, spelling and sound, and
 * weighed by how much they say; their order does not count.
 */
export class IntentMatcher {
  readonly #phrases: Phrase[] = [];
  readonly #vocabulary: Vocabulary;

  /** @param synonyms words that stand for one another, a list for each such set */
  constructor(meanings: readonly Meaning[], synonyms: readonly (readonly string[])[] = []) {
    this.#vocabulary = new Vocabulary(synonyms);
    for (const { name, phrases, except, isFinal } of meanings) {
      for (const text of phrases) this.#add(name, text, isFinal);
      for (const text of except) this.#add(undefined, text, false);
    }
  }

  /** The best intent by the whole of the words or one clause of them, undefined below `leastScore`. */
  best(text: string, leastScore: number): Match | undefined {
    const whole = withoutCarrier(wordsOf(text));
    const clauses =
      leastScore < strictScore
        ? clausesOf(text)
            .map(withoutCarrier)
            .filter((clause) => clause.length < whole.length)
        : [];
    let best: { readonly phrase: Phrase; readonly score: number; readonly rank: number } | undefined;
    const consider = (words: readonly string[], discount: number, isEnd: boolean): void => {
      const part = clauseRank + (1 - clauseRank) * (words.length / whole.length);
      const said = this.#vocabulary.hear(words);
      let bestHere = 0;
      for (const phrase of this.#phrases) {
        const score = discount * this.#scoreOf(said, phrase);
        const rank = score * phrase.share * part;
        if (rank <= bestHere || rank < (best?.rank ?? 0) || score < leastScore) continue;
        if (phrase.isFinal && (!isEnd || score < strictScore)) continue;
        bestHere = rank;
        best = { phrase, score, rank };
      }
    };
    consider(whole, 1, true);
    clauses.forEach((clause, index) => consider(clause, clauseDiscount, index === clauses.length - 1));
    return best?.phrase.name !== undefined ? { name: best.phrase.name, score: best.score } : undefined;
  }

  #add(name: string | undefined, text: string, isFinal: boolean): void {
    const said = wordsOf(text);
    for (const variant of [said, ...joinedPairs(said)]) {
      if (variant.length === 0) continue;
      const words = variant.map((word) => this.#vocabulary.add(word));
      const weights = words.map((word) => this.#vocabulary.weightOf(word));
      const weight = weights.reduce((total, next) => total + next, 0);
      const contentCount = weights.filter((next) => next === contentWordWeight).length;
      const share = Math.min(weight, 1) / (Math.min(weight, 1) + smallWeight);
      this.#phrases.push({ name, isFinal, words, contentCount, weight, share });
    }
  }

  #scoreOf(said: Hearing, phrase: Phrase): number {
    if (phrase.weight === 0 || said.totalWeight === 0) return this.#isSame(said, phrase) ? 1 : 0;
    const likeness = new Float64Array(said.weights.length);
    let found = 0;
    for (const word of phrase.words) {
      let best = 0;
      for (const sighting of said.sightings.get(word) ?? []) {
        best = Math.max(best, sighting.likeness);
        for (let at = sighting.at; at < sighting.at + sighting.length; at += 1) likeness[at] = Math.max(likeness[at] ?? 0, sighting.likeness);
      }
      found += this.#vocabulary.weightOf(word) * best;
    }
    const matched = said.weights.reduce((total, weight, at) => total + weight * (likeness[at] ?? 0), 0);
    const [recall, precision] = [found / phrase.weight, matched / said.totalWeight];
    if (phrase.contentCount === 0) return recall * precision ** 2;
    const isOneWord = phrase.name !== undefined && phrase.contentCount === 1 && phrase.weight < oneWordWeight;
    return isOneWord ? recall * precision : recall ** recallShare * precision ** (1 - recallShare);
  }

  #isSame(said: Hearing, { words }: Phrase): boolean {
    return said.stems.length === words.length && words.every((word, at) => this.#vocabulary.stemOf(word) === said.stems[at]);
  }
}

/** The words with two neighbours written as one, a list for each pair of them that could be: call back, never mind. */
function joinedPairs(words: readonly string[]): string[][] {
  const hasWeight = (word: string): boolean => weightOf(word) === contentWordWeight;
  return words.flatMap((word, index) => {
    const next = words[index + 1];
    return next !== undefined && hasWeight(word) && hasWeight(next) ? [[...words.slice(0, index), word + next, ...words.slice(index + 2)]] : [];
  });
}
