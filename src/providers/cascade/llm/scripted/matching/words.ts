/** Words as they are compared: small letters, no punctuation, contractions taken apart. */

const longestWords = 400;

const contractions: Readonly<Record<string, string>> = {
  "can't": 'can not',
  cannot: 'can not',
  "won't": 'will not',
  "shan't": 'shall not',
  "let's": 'let us',
  gonna: 'going to',
  wanna: 'want to',
  gotta: 'got to',
  lemme: 'let me',
  dunno: 'do not know',
};

const endings: readonly (readonly [RegExp, string])[] = [
  [/n't$/, ' not'],
  [/'re$/, ' are'],
  [/'ll$/, ' will'],
  [/'ve$/, ' have'],
  [/'m$/, ' am'],
  [/'d$/, ' would'],
];

const takesIs = new Set(['it', 'he', 'she', 'that', 'this', 'there', 'here', 'what', 'where', 'when', 'who', 'how', 'name', 'everything']);

/** "some one", "to-night". */
const splitWords = /\b(some|any|every|no|to)[ -](one|body|day|night|morrow)\b/g;

/** The words of a text, at most 400 of them; a word stammered over and over counts twice. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  const small = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[’‘`´]/g, "'");
  const cleaned = small.replaceAll(splitWords, '$1$2');
  for (const [token] of cleaned.matchAll(/[\p{L}\p{N}]+(?:'\p{L}+)*/gu)) {
    for (const word of takenApart(token).split(' ')) {
      if (words.length >= longestWords) return words;
      if (word !== words.at(-1) || word !== words.at(-2)) words.push(word);
    }
  }
  return words;
}

function takenApart(token: string): string {
  const known = Object.hasOwn(contractions, token) ? contractions[token] : undefined;
  if (known !== undefined) return known;
  for (const [ending, words] of endings) if (ending.test(token)) return token.replace(ending, words);
  if (token.endsWith("'s")) return takesIs.has(token.slice(0, -2)) ? `${token.slice(0, -2)} is` : token.slice(0, -2);
  return token.replaceAll("'", '');
}

/** What is said between stops, commas and joining words, as words each. */
export function clausesOf(text: string): string[][] {
  return text
    .split(/[.,;:!?\n]+|\b(?:and|but|because|so|wondering|or)\b/i)
    .map(wordsOf)
    .filter((words) => words.length > 0);
}

const carrier =
  /^(?:(?:hi|hello|hey|um|uh|well|so|yes|yeah|please) )*(?:(?:can|could|would|will) you (?:please )?tell me|(?:can|may|could) i (?:please )?ask(?: you)?|(?:please )?tell me|do you know|i (?:just )?(?:want|wanted|need|would like|like) to (?:know|ask)|i (?:was|am) (?:just )?(?:wondering|calling to ask|calling to find out)) /;

/** The words without what only announces a question: "could you tell me where you are" asks where you are. */
export function withoutCarrier(words: readonly string[]): readonly string[] {
  const rest = words.join(' ').replace(carrier, '');
  return rest === '' ? words : rest.split(' ');
}

/** A word without its endings, the same for open, opens, opened and opening. */
export function stemOf(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  const bare = word
    .replace(/(?:ies|y)$/, 'i')
    .replace(/(?<=\w{4})(?:ation|ion)s?$/, '')
    .replace(/(?<![su])s$/, '');
  const stem = bare.replace(/(?<=\w{3})(?:ing|ed|er)$/, '').replace(/(?<=\w{3})e$/, '');
  return stem.replace(/([bdgmnprt])\1$/, '$1');
}
