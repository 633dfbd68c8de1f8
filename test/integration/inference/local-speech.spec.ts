import { monitorEventLoopDelay } from 'node:perf_hooks';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Tier } from '#talkpath/models/catalogue.js';
import { createLocalStt, type LocalStt } from '#talkpath/providers/cascade/stt/local.js';
import { createLocalTts, type LocalTts } from '#talkpath/providers/cascade/tts/local.js';
import { within } from '../../support/deadline.js';
import { heardOverThePhone, sayTo } from '../../support/phone-speech.js';
import { joined, noise, silence, tone } from '../../support/sound.js';
import { haveModels } from '../../support/speech-models.js';
import { wordErrors } from '../../support/word-errors.js';

const deadlineMs = 120_000;
const sentences = [
  'Hello, I would like to book a table for four people tomorrow evening.',
  'My order number is four seven one nine.',
  'Can you tell me when you are open on Saturday?',
  'I have a problem with my last invoice, it was charged twice.',
  'Could you please repeat that?',
  'I need to speak with a human agent right now.',
  'Please transfer me to the billing department.',
  'What is the balance of my account?',
];
const largestErrorRate = 0.12;
const longestLoopDelayMs = 100;

function describe(sttTier: Tier, ttsTier: Tier, spoken: readonly string[]): void {
  const test = suite<{ stt: LocalStt; tts: LocalTts }>(`${sttTier} ears, ${ttsTier} voice`);

  test.before(async (context) => {
    context.stt = await within(deadlineMs, 'the recogniser is loaded', createLocalStt({ tier: sttTier }));
    context.tts = await within(deadlineMs, 'the voice is loaded', createLocalTts({ tier: ttsTier }));
  });
  test.after(async ({ stt, tts }) => {
    await Promise.all([stt?.close(), tts?.close()]);
  });

  test('sentences spoken over a telephone line are understood', async ({ stt, tts }) => {
    const session = stt.open();
    const sum = { errors: 0, words: 0 };
    const heard: string[] = [];
    for (const sentence of spoken) {
      const text = await within(deadlineMs, sentence, heardOverThePhone(sentence, tts, session));
      const { errors, words } = wordErrors(sentence, text);
      sum.errors += errors;
      sum.words += words;
      heard.push(text);
    }
    session.close();
    assert.ok(sum.errors / sum.words <= largestErrorRate, `${sum.errors} of ${sum.words} words: ${heard.join(' | ')}`);
  });

  test('two callers at once are each given their own words', async ({ stt, tts }) => {
    const texts = spoken.slice(-2);
    const heard = await within(deadlineMs, 'both', Promise.all(texts.map((text) => heardOverThePhone(text, tts, stt.open()))));
    heard.forEach((text, i) => assert.ok(wordErrors(texts[i] ?? '', text).errors <= 2, text));
  });

  test('the control thread goes on while models compute', async ({ stt, tts }) => {
    const session = stt.open();
    const speech = joined(...Array.from({ length: 4 }, (_, i) => joined(noise(900, 16000, -20, i + 1), silence(300, 16000))));
    const delay = monitorEventLoopDelay({ resolution: 5 });
    sayTo(session, speech);
    delay.enable();
    const pieces: Uint8Array[] = [];
    const speak = async (): Promise<void> => {
      for await (const { pcm } of tts.speak('Nobody said this before.', new AbortController().signal)) pieces.push(pcm);
    };
    await within(deadlineMs, 'both models have answered', Promise.all([session.take(), speak()]));
    delay.disable();
    session.close();
    assert.ok(pieces.length > 0);
    assert.ok(delay.max / 1e6 < longestLoopDelayMs, `${delay.max / 1e6} ms`);
  });

  test.run();
}

const test = suite<{ stt: LocalStt }>('no words');

const wordless: Readonly<Record<string, Int16Array>> = {
  silence: silence(2000, 16000),
  'line noise': noise(2000, 16000, -55),
  'a click': joined(silence(500, 16000), tone(1200, 6, 16000, -6), silence(500, 16000)),
  'a knock': joined(silence(500, 16000), noise(60, 16000, -12), silence(500, 16000)),
};

if (await haveModels(['stt', 'light'], ['tts', 'light'])) {
  test.before(async (context) => {
    context.stt = await within(deadlineMs, 'the recogniser is loaded', createLocalStt({ tier: 'light' }));
  });
  test.after(({ stt }) => stt.close());
  for (const [name, samples] of Object.entries(wordless)) {
    test(`${name}, taken for speech by the detector, is no words`, async ({ stt }) => {
      const session = stt.open();
      sayTo(session, samples);
      assert.is(await within(deadlineMs, 'the answer', session.take()), '');
      session.close();
    });
  }
  describe('light', 'light', sentences);
  if (await haveModels(['stt', 'neural'])) describe('neural', 'light', sentences);
  if (await haveModels(['stt', 'neural'], ['tts', 'neural'])) describe('neural', 'neural', sentences.slice(4, 7));
} else {
  test.skip('wordless sounds', () => {});
}

test.run();
