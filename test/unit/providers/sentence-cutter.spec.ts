import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SentenceCutter } from '#talkpath/providers/cascade/sentence-cutter.js';
import { processorMs } from '../../support/processor-time.js';
import { holds } from '../../support/property.js';

/** What the deltas become, all of it. */
function cut(...deltas: string[]): string[] {
  const cutter = new SentenceCutter();
  return [...deltas.flatMap((delta) => cutter.push(delta)), ...cutter.end()];
}

/** The same, behind a sentence: no clause is cut off any more. */
const cutLater = (text: string): string[] => cut(`Well.\n\n${text}`).slice(1);

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

const cases: readonly (readonly [what: string, text: string, sentences: readonly string[]])[] = [
  ['full stops, question marks and exclamation marks', 'One. Two? Three! Four', ['One.', 'Two?', 'Three!', 'Four']],
  ['several marks', 'Really?! Yes... No… Maybe?', ['Really?!', 'Yes...', 'No…', 'Maybe?']],
  ['titles', 'Dr. Smith and Mrs. Jones are in. Prof. Lee is not.', ['Dr. Smith and Mrs. Jones are in.', 'Prof. Lee is not.']],
  ['examples', 'Bring something, e.g. Bread or i.e. Toast. Thanks.', ['Bring something, e.g. Bread or i.e. Toast.', 'Thanks.']],
  ['numbers of things', 'It is No. 5 on the list. No. I am not.', ['It is No. 5 on the list.', 'No.', 'I am not.']],
  ['decimals', 'It costs 3.5 or 3. 4 is too much.', ['It costs 3.5 or 3.', '4 is too much.']],
  ['initials', 'J. R. Smith called. So did I. Bye.', ['J. R. Smith called.', 'So did I.', 'Bye.']],
  ['countries', 'The U.S. Army is in the U.S. They left.', ['The U.S. Army is in the U.S.', 'They left.']],
  ['times of day', 'Come at 4 p.m. Monday or at 5 p.m. Bring it.', ['Come at 4 p.m. Monday or at 5 p.m.', 'Bring it.']],
  ['times of day in the middle', 'At 9 a.m. on Monday we open.', ['At 9 a.m. on Monday we open.']],
  ['what goes on with a small letter', 'We have apples, pears, etc. and more. Take some.', ['We have apples, pears, etc. and more.', 'Take some.']],
  ['months', 'On Jan. 5 we meet. It was in Dec. Then it snowed.', ['On Jan. 5 we meet.', 'It was in Dec.', 'Then it snowed.']],
  ['quotes', 'He said "Stop." Then he left. “Really?” she asked.', ['He said "Stop."', 'Then he left.', '“Really?” she asked.']],
  ['brackets', 'We are open (not on Sunday. Sorry.) today. Come in.', ['We are open (not on Sunday. Sorry.) today.', 'Come in.']],
  ['a bracket that nobody closes', 'We are sad :( Come back. Please.', ['We are sad :( Come back.', 'Please.']],
  ['addresses', 'See www.example.com. Write to a.b@example.org. Bye.', ['See www.example.com.', 'Write to a.b@example.org.', 'Bye.']],
  ['links', 'See [our page. It is new.](https://a.example/x?y=1.) Then call.', ['See [our page. It is new.](https://a.example/x?y=1.) Then call.']],
  ['code', 'Type `a. B. c` now. Then wait.', ['Type `a. B. c` now.', 'Then wait.']],
  ['a mark of code that nobody closes', 'It is 5` long. It is\n6 wide.', ['It is 5` long.', 'It is\n6 wide.']],
  ['fences', 'Here it is:\n```sh\nls. Cd. \n\n# x\n```\nThat is all. Bye.', ['Here it is:', '```sh\nls. Cd. \n\n# x\n```', 'That is all.', 'Bye.']],
  ['a fence that nobody closes', 'Look.\n```\na. B. c', ['Look.', '```\na. B. c']],
  ['lists', 'We have:\n- soup\n- fish. Fresh.\n* cake\nEnjoy', ['We have:', '- soup', '- fish.', 'Fresh.', '* cake', 'Enjoy']],
  ['numbered lists', '1. Open the lid.\n2. Wait\n10) Close it', ['1. Open the lid.', '2. Wait', '10) Close it']],
  ['headings', '## Our hours\nMonday to Friday\n\nand Saturday', ['## Our hours', 'Monday to Friday', 'and Saturday']],
  ['tables', '| Day | Hours |\n|---|---|\n| Monday | 9 to 5 |\nBye.', ['| Day | Hours |', '| Monday | 9 to 5 |', 'Bye.']],
  ['lines within a sentence', 'This is one\nsentence. This\nanother.', ['This is one\nsentence.', 'This\nanother.']],
  ['bold', '**One.** Two. **Three. Four.**', ['**One.**', 'Two.', '**Three.', 'Four.**']],
  ['marks without a word', 'One. --- \n\n***\n\n🎉 Two.', ['One.', '--- \n\n***\n\n🎉 Two.'].map((text) => text.replace(/^[^🎉]*🎉/u, '🎉'))],
  ['other scripts', '今日は晴れです。元気ですか？はい。', ['今日は晴れです。', '元気ですか？', 'はい。']],
  ['other languages', 'Der Termin ist am Montag. Passt das? Ça va.', ['Der Termin ist am Montag.', 'Passt das?', 'Ça va.']],
  ['nothing', ' … \n\n --- ', []],
];

for (const [what, text, sentences] of cases) {
  test(`sentences are told from ${what}`, () => assert.equal(cutLater(text), sentences));
}

test('a sentence comes as soon as it is sure', () => {
  const cutter = new SentenceCutter();
  assert.equal(cutter.push('Hello there.'), [], 'it may go on with 5');
  assert.equal(cutter.push(' '), [], 'or with a small letter');
  assert.equal(cutter.push('H'), ['Hello there.']);
  assert.equal(cutter.push('ow are you? '), []);
  assert.equal(cutter.push('I'), ['How are you?']);
  assert.equal(cutter.end(), ['I']);
  assert.equal(cutter.end(), []);
});

test('a number at the end of a delta may go on', () => {
  const cutter = new SentenceCutter();
  cutter.push('Well. ');
  assert.equal(cutter.push('It costs 3.'), ['Well.']);
  assert.equal(cutter.push('5 euros.'), []);
  assert.equal(cutter.end(), ['It costs 3.5 euros.']);
});

test('the first clause of a reply is spoken for itself when it is long enough', () => {
  assert.equal(cut('I can help you with that, of course, and with more. Tell me, please, what it is.'), [
    'I can help you with that,',
    'of course, and with more.',
    'Tell me, please, what it is.',
  ]);
  assert.equal(cut('Sure, I can help you with that: call us.'), ['Sure, I can help you with that:', 'call us.']);
  assert.equal(cut('This is what we can do – nothing else.'), ['This is what we can do –', 'nothing else.']);
});

test('a clause is not cut in a number, in bold words, in brackets or in a link, nor when it is short', () => {
  for (const text of [
    'Sure, I can, too.',
    'It will be ready on March 3, 2025.',
    'There are more than 12,500 of them.',
    'We open at half past 8:30 tomorrow.',
    'Please note: **this is important, so read it**.',
    'There is (as I told you before, twice) none.',
    'Please see [our pages, all of them](https://a.example).',
    'The well-known state-of-the-art pre- and post-war music.',
  ]) {
    assert.equal(cut(text), [text]);
  }
});

test('a sentence that does not end is cut at a clause, or between two words', () => {
  const clauses = cut(`Well. ${'so it went on and on, '.repeat(60)}`);
  assert.ok(clauses.length > 3);
  assert.ok(clauses.slice(1, -1).every((text) => text.endsWith(',') && text.length > 100 && text.length <= 402));
  const words = cut(`Well. ${'on and on '.repeat(100)}`);
  assert.ok(words.every((text) => text.length <= 402));
  assert.equal(cut('a'.repeat(500)), ['a'.repeat(500)]);
});

test('what has neither an end nor a space is cut all the same, and never within a character', () => {
  assert.equal(
    cut('a'.repeat(1500)),
    [600, 600, 300].map((length) => 'a'.repeat(length)),
  );
  const emoji = cut(`a${'🎉'.repeat(400)}b`);
  assert.equal(emoji.join(''), `a${'🎉'.repeat(400)}b`);
  assert.ok(emoji.every((text) => !/\p{Cs}/u.test(text)));
  const fence = cut(`\`\`\`\n${'call it\n'.repeat(400)}\`\`\`\nDone.`);
  assert.equal(fence.flatMap(wordsOf).length, 801);
  assert.ok(fence.every((text) => text.length <= 2400));
});

for (const [what, unit] of [
  ['letters', 'abcd'],
  ['words', 'abc '],
  ['full stops', '....'],
  ['full stops with spaces', '. . '],
  ['initials', 'A.b.'],
  ['spaces', '    '],
  ['lines', '\n\n\n\n'],
  ['lines with spaces', '\n   '],
  ['brackets', '(((('],
  ['brackets of links', '[](['],
  ['code', '`a`b'],
  ['marks of code', '````'],
  ['lines of code', '```\n~~~\n'],
  ['hyphens', '----'],
  ['clauses', 'a,b;'],
  ['asterisks', '****'],
  ['Chinese full stops', '。。。。'],
  ['half characters', '\ud800'],
] as const) {
  test(`100,000 characters of ${what} are no load, at once or in deltas`, async () => {
    const count = 100_000 / unit.length;
    const tookMs = await processorMs(() => {
      cut(...Array.from({ length: count }, () => unit));
      cut(unit.repeat(count));
      cut(`\`\`\`\n${unit.repeat(count)}`);
    });
    assert.ok(tookMs < 2000, `${tookMs} ms`);
  });
}

const pieces = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'One two Three Dr. e.g. No. 5 3.5 U.S. p.m. Monday The etc. J. I'.split(' ')) },
  { weight: 6, arbitrary: fc.constantFrom(' ', ' ', '. ', ', ', '? ', '! ', '… ', ': ', ' – ', '\n', '\n\n') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        '"',
        '(',
        ')',
        '[',
        '](',
        'https://a.example/b',
        '`',
        '```',
        '\n```\n',
        '**',
        '- ',
        '\n- ',
        '1. ',
        '# ',
        '| ',
        '。',
        '🎉',
        '~~~',
        '<',
        '>',
        "'",
        'x'.repeat(250),
        ' '.repeat(250),
        '.'.repeat(250),
        '\n'.repeat(250),
        'y,'.repeat(125),
      ],
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);
const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''));

/** The text in deltas of the lengths given, again and again, in UTF-16 units. */
function split(text: string, lengths: readonly number[]): string[] {
  const deltas: string[] = [];
  for (let at = 0, i = 0; at < text.length; i += 1) {
    const length = lengths[i % lengths.length] ?? 1;
    deltas.push(text.slice(at, at + length));
    at += length;
  }
  return deltas;
}

test('however a text is split, the sentences are the same', () => {
  holds(
    fc.property(texts, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }), (text, lengths) => {
      assert.equal(cut(...split(text, lengths)), cut(text));
      assert.equal(cut(...split(text, [1])), cut(text));
    }),
  );
});

test('every word comes out once, in its order', () => {
  holds(
    fc.property(texts, (text) => {
      assert.is(cut(text).flatMap(wordsOf).join(''), wordsOf(text).join(''));
      // Only what is longer than any word is cut.
      if (!/\S{200}/.test(text)) assert.equal(cut(text).flatMap(wordsOf), wordsOf(text));
    }),
  );
});

test('no sentence is without a word, nor has a space around it', () => {
  holds(
    fc.property(texts, (text) => {
      for (const sentence of cut(text)) {
        assert.ok(wordsOf(sentence).length > 0);
        assert.is(sentence, sentence.trim());
      }
    }),
  );
});

test.run();
