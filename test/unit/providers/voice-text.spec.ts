import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SentenceCutter } from '#talkpath/providers/cascade/sentence-cutter.js';
import { spokenText } from '#talkpath/providers/cascade/tts/spoken-text.js';
import { voiceText } from '#talkpath/providers/cascade/voice-text.js';
import { holds } from '../../support/property.js';

const inAnyLanguage: readonly (readonly [what: string, cases: readonly (readonly [written: string, said: string])[]])[] = [
  [
    'headings, lists, quotes and rules',
    [
      ['## Our hours ##', 'Our hours.'],
      ['- **Monday**: open', 'Monday: open.'],
      ['* Is it?', 'Is it?'],
      ['- [x] done', 'done.'],
      ['1. Open the lid\n2) Close it.', '1. Open the lid. 2. Close it.'],
      ['> > Quoted', 'Quoted'],
      ['One.\n\n---\n\nTwo.', 'One. Two.'],
    ],
  ],
  [
    'emphasis and code',
    [
      ['**Bold** and __bold__, *thin* and _thin_, ~~gone~~', 'Bold and bold, thin and thin, gone'],
      ['**Half of it', 'Half of it'],
      ['and the other half.**', 'and the other half.'],
      ['Type `yes`.', 'Type yes.'],
      ['```sh\nrun this\n```', 'run this'],
      ['\\*not bold\\*', 'not bold'],
    ],
  ],
  [
    'links and addresses',
    [
      ['See [our page](https://www.example.com/a_(b)?c=d "Title").', 'See our page.'],
      ['See [our page][1], or ![the map](map.png).', 'See our page, or the map.'],
      ['This is so.[^1]', 'This is so.'],
    ],
  ],
  [
    'tables',
    [
      ['| Day | Hours |\n|---|:-:|\n| Monday | closed |', 'Day, Hours. Monday, closed.'],
      ['|---|---|', ''],
    ],
  ],
  [
    'HTML and emojis',
    [
      ['One<br>two &amp; <b class="x">three</b>&nbsp;four', 'One two & three four'],
      ['Great! 🎉👍🏽 Bye 👨‍👩‍👧 🇩🇪 1️⃣', 'Great! Bye 1'],
      ['<!-- hidden -->Shown', 'Shown'],
    ],
  ],
];

for (const [what, cases] of inAnyLanguage) {
  test(`a voice of any language does not say the marks of ${what}`, () => {
    for (const [written, said] of cases) {
      assert.is(voiceText(written, 'de'), said, written);
      assert.is(voiceText(written, 'en'), spokenText(said), written);
    }
  });
}

test('addresses are said by their host', () => {
  assert.is(voiceText('Siehe https://www.example.com/pfad?x=1#y.', 'de'), 'Siehe example.com.');
  assert.is(voiceText('Siehe www.example.com/pfad, bitte.', 'de'), 'Siehe example.com, bitte.');
  assert.is(voiceText('Visit <https://user@shop.example.com:8080/path>!', 'en'), 'Visit shop dot example dot com!');
  assert.is(voiceText('Write to me@example.org.', 'en'), 'Write to me at example dot org.');
});

const inEnglish: readonly (readonly [what: string, cases: readonly (readonly [written: string, said: string])[]])[] = [
  [
    'money',
    [
      ['$1, $0.99, $12.50 and $1,234.50', '1 dollar, 99 cents, 12 dollars and 50 cents and 1234 dollars and 50 cents'],
      ['$12,500 or 12500 €', '12 thousand 500 dollars or 12 thousand 500 euros'],
      ['$1.5 million, $5M, €3k, £2bn', '1 point 5 million dollars, 5 million dollars, 3 thousand euros, 2 billion pounds'],
      ['$5–$10 or $5-10', '5 dollars to 10 dollars or 5 dollars to 10 dollars'],
      ['-$5', 'minus 5 dollars'],
      ['100 USD, EUR 1, CHF 12.50, ¥500', '100 dollars, 1 euro, 12 Swiss francs 50, 500 yen'],
      ['99¢', '99 cents'],
    ],
  ],
  [
    'numbers and units',
    [
      ['12,500 people, 1,000,000 stars', '12 thousand 500 people, 1 million stars'],
      ['15000 km, 1 km, 1.5 l, 60 km/h', '15 thousand kilometers, 1 kilometer, 1 point 5 liters, 60 kilometers per hour'],
      ['-5°C, 20°, 30 min, 2 hrs', 'minus 5 degrees Celsius, 20 degrees, 30 minutes, 2 hours'],
      ['5.5% or 50 %', '5 point 5 percent or 50 percent'],
      ['½ cup, 2½ cups, 3/4 done', 'one half cup, 2 and a half cups, three quarters done'],
      ['~5, <10, ≥3, 2 × 3', 'about 5, less than 10, at least 3, 2 times 3'],
      ['5 in stock, 3 m', '5 in stock, 3 meters'],
      ['4/5 stars', '4 out of 5 stars'],
      ['5k people', '5 thousand people'],
    ],
  ],
  [
    'dates and times',
    [
      ['2025-03-14', 'March fourteenth, 2025'],
      ['3/14/2025, 14/3/2025', 'March fourteenth, 2025, March fourteenth, 2025'],
      ['Jan. 5, 2025, 5 Jan 2025, March 3rd', 'January fifth, 2025, 5 January 2025, March third'],
      ['the 1st, 2nd, 21st and 100th', 'the first, second, twenty first and one hundredth'],
      ['Mon-Fri, 9am–5pm', 'Monday to Friday, 9 A M to 5 P M'],
      ['Monday–Friday, 9:00–17:00', "Monday to Friday, 9 o'clock to 17 hundred hours"],
      ['2019–2021, 24/7', '2019 to 2021, 24 7'],
      ['at 4:30 p.m. today', 'at 4 30 P M today'],
      ['on Mon., March 3', 'on Monday, March third'],
    ],
  ],
  [
    'telephone numbers and codes',
    [
      ['(555) 123-4567', '5 5 5, 1 2 3, 4 5 6 7'],
      ['+1 555.123.4567', 'plus 1, 5 5 5, 1 2 3, 4 5 6 7'],
      ['code 00420, ext. 12, No. 5, #3', 'code 0 0 4 2 0, extension 12, number 5, number 3'],
    ],
  ],
  [
    'abbreviations',
    [
      ['Dr. Smith and Mrs. Jones, 5 Main St. in St. Louis', 'Doctor Smith and Missus Jones, 5 Main Street in Saint Louis'],
      ['e.g. this, i.e. that, etc.', 'for example, this, that is, that, et cetera.'],
      ['tea w/o milk, he/she, and/or', 'tea without milk, he or she, and or'],
      ['approx. 5 vs. 6', 'approximately 5 versus 6'],
      ['That is what we can do –', 'That is what we can do,'],
    ],
  ],
];

for (const [what, cases] of inEnglish) {
  test(`an English voice says ${what} in words`, () => {
    for (const [written, said] of cases) assert.is(voiceText(written, 'en'), said, written);
  });
}

test('of two numbers that may be a month, the Americans say the first, others the second', () => {
  for (const language of ['en', 'en-US', undefined]) assert.is(voiceText('3/4/2025', language), 'March fourth, 2025');
  for (const language of ['en-GB', 'en-AU']) assert.is(voiceText('3/4/2025', language), 'April third, 2025');
  assert.is(voiceText('2025-19-45', 'en'), spokenText('2025-19-45'));
});

test('other languages keep their numbers', () => {
  for (const text of ['Das kostet 12,50 € am 5. Mai um 14:30 Uhr.', 'Il y a 1 km, soit 5 %.', '今日は3月5日です。']) {
    assert.is(voiceText(text, 'de'), text);
  }
});

test('a sentence that is fit stays as it is', () => {
  for (const text of [
    'Hello, how can I help you?',
    "I'm here; it's fine: we have 3 of them, don't worry!",
    'He said yes (twice), and then no.',
    'The show is at 4 30 P M on March third, 2025.',
    'It costs 12 thousand 500 dollars and 50 cents, or 3 point 1 4 percent.',
    'Call 5 5 5, 0 1 2 3.',
    'In 1999 there were 20 of us. So did I.',
    'The well-known state of the art.',
  ]) {
    assert.is(voiceText(text, 'en'), text);
  }
});

const parts = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...'word Dr. St. Mon Jan March 5 12 3.5 1,000 2025 $ € % °C km kg m k M pm a.m. 1st 3/4 USD CHF No. e.g. etc. w/ US$ © a B'.split(' '),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...[
        '* ** _ ` ``` # ## > | - – — [ ] ( ) ]( https://a.example/b www.x.org ~ < > <b> &amp; \\ / : ; , . … ? ! " ’ @ & + = × ½ ¢ № 🎉 1️⃣ '.split(
          ' ',
        ),
      ].flat(),
    ),
  },
  { weight: 6, arbitrary: fc.constantFrom(' ', ' ', '\n', '') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
);
const texts = fc.array(parts, { maxLength: 30 }).map((all) => all.join(''));
const languages = fc.constantFrom('en', 'en-GB', 'de', undefined);
const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

test('what is fit once stays as it is', () => {
  holds(
    fc.property(texts, languages, (text, language) => {
      const said = voiceText(text, language);
      assert.is(voiceText(said, language), said);
    }),
  );
});

test('what is fit stays as it is before a voice of this machine, too', () => {
  holds(
    fc.property(texts, (text) => {
      const said = voiceText(text, 'en');
      assert.is(spokenText(said), said);
    }),
  );
});

test('a text with words never becomes silent', () => {
  holds(fc.property(texts, languages, (text, language) => assert.ok(!hasWords(text.normalize('NFKC')) || hasWords(voiceText(text, language)))));
});

test('every sentence that is cut from a text is still one', () => {
  const cutter = new SentenceCutter();
  const text =
    '## Hours\n\nWe are open:\n\n- **Mon-Fri**: 9am-5pm\n- Sat. closed\n\n| Day | Price |\n|---|---|\n| Sun | $12,500 |\n\nSee [this](https://x.example). 🎉';
  const said = [...cutter.push(text), ...cutter.end()].map((sentence) => voiceText(sentence, 'en'));
  assert.equal(said, [
    'Hours.',
    'We are open:',
    'Monday to Friday: 9 A M to 5 P M.',
    'Sat. closed.',
    'Day, Price.',
    'Sunday, 12 thousand 500 dollars.',
    'See this.',
  ]);
});

test.run();
