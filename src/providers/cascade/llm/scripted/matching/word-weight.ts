/** How much a word says about what is meant. */

const wordsOfWeight: Readonly<Record<string, number>> = {
  'um uh er ah hm hmm well please kindly just like actually maybe okay ok oh so then very really quite': 0,
  'a an the to of for and or but in on at by with from up am is are was were be been do does did have has had will would shall should could can may might': 0.15,
  'i me my we us our you your they them their it its he him his she her this that these those there here yes yeah hi hello guys folks': 0.15,
  'want wants wanted need needs know tell tells give gives get gets got let wonder wondering try trying look looking some any somebody someone anybody anyone people guy thing': 0.3,
  'what when where who why how which not no': 0.6,
};

const weights = new Map<string, number>();
for (const [words, weight] of Object.entries(wordsOfWeight)) for (const word of words.split(' ')) weights.set(word, weight);

/** Of what, when, where and not: a phrase may stand on these alone. */
export const questionWordWeight = 0.6;
/** A word that no phrase has: it counts against a match, but less than the words that were looked for count for it. */
export const unknownWordWeight = 0.5;
export const contentWordWeight = 1;

/** From 0 (says nothing) to 1 (a word like hours or address). */
export function weightOf(word: string): number {
  return weights.get(word) ?? contentWordWeight;
}
