import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLocalStt } from '#talkpath/providers/cascade/stt/local.js';
import { within } from '../../support/deadline.js';
import { overThePhone, sayTo } from '../../support/phone-speech.js';
import { type Recording, Speech } from '../../support/speech.js';
import { haveModels } from '../../support/speech-models.js';
import { wordErrors } from '../../support/word-errors.js';

const deadlineMs = 60_000;
const largestErrorRate = 0.1;

/** What the people in the recordings say. */
const said: Partial<Record<Recording, string>> = {
  man: 'that frog jumped through the weeds',
  woman: "don't throw trash on the street",
  truck: "it's easy to tell the depth of a well",
  command: 'go forward ten meters',
  reader: 'and mr john dashwood had then leisure to consider how much there might be prudently in his power to do for them',
};

const test = suite('people');
const speech = await Speech.fetched();

for (const tier of ['light', 'neural'] as const) {
  const wherePossible = speech && (await haveModels(['stt', tier])) ? test : test.skip;
  wherePossible(`people on a telephone line are understood by the ${tier} recogniser, in noise too`, async () => {
    assert.ok(speech);
    const stt = await createLocalStt({ tier });
    const sum = { errors: 0, words: 0 };
    const heard: string[] = [];
    for (const [recording, text] of Object.entries(said) as [Recording, string][]) {
      const session = stt.open();
      sayTo(session, overThePhone(speech.read(recording)));
      heard.push(await within(deadlineMs, recording, session.take()));
      session.close();
      const { errors, words } = wordErrors(text, heard.at(-1)?.replace('10', 'ten') ?? '');
      sum.errors += errors;
      sum.words += words;
    }
    await stt.close();
    assert.ok(sum.errors / sum.words <= largestErrorRate, `${sum.errors} of ${sum.words} words: ${heard.join(' | ')}`);
  });
}

test.run();
