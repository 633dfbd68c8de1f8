import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { voices } from '#talkpath/inference/voices.js';
import type { Tier } from '#talkpath/models/catalogue.js';
import { createLocalTts } from '#talkpath/providers/cascade/tts/local.js';
import { within } from '../../support/deadline.js';
import { collected } from '../../support/phone-speech.js';
import { haveModels } from '../../support/speech-models.js';
import type { Sound } from '../../support/wav.js';

const deadlineMs = 120_000;
const never = new AbortController().signal;

/** RMS of the 20 ms blocks that are at most 25 dB below the loudest, in dBFS. */
function activeLevelDbfs({ samples, rateHz }: Sound): number {
  const size = rateHz / 50;
  const powers: number[] = [];
  for (let at = 0; at + size <= samples.length; at += size) {
    powers.push(samples.subarray(at, at + size).reduce((sum, sample) => sum + (sample / 32768) ** 2, 0) / size);
  }
  const floor = Math.max(...powers) / 10 ** 2.5;
  const active = powers.filter((power) => power > floor);
  return 10 * Math.log10(active.reduce((sum, power) => sum + power, 0) / active.length);
}

async function spokenBy(tier: Tier, voice: string, text: string): Promise<Sound & { pieces: number }> {
  const tts = await createLocalTts({ tier, voice });
  try {
    return await within(deadlineMs, voice, collected(tts.speak(text, never)));
  } finally {
    await tts.close();
  }
}

function levels(tier: Tier, names: readonly string[]): void {
  for (const voice of names) {
    test(`${voice} (${tier}) speaks at -20 dBFS without clipping, and begins at once`, async () => {
      const sound = await spokenBy(tier, voice, 'Our office is open from nine to five.');
      const level = activeLevelDbfs(sound);
      assert.ok(Math.abs(level + 20) < 2.5, `${level.toFixed(1)} dBFS`);
      const peak = sound.samples.reduce((largest, sample) => Math.max(largest, Math.abs(sample)), 0);
      assert.ok(peak < 32700, `peak ${peak}`);
      const loudFrom = sound.samples.findIndex((sample) => Math.abs(sample) > 300) / (sound.rateHz / 1000);
      assert.ok(loudFrom < 60, `${loudFrom} ms of silence first`);
      if (tier === 'neural') assert.ok(sound.pieces >= 2, 'its first words come before the rest is made');
    });
  }
}

if (await haveModels(['tts', 'light'])) levels('light', voices.light);
if (await haveModels(['tts', 'neural'])) levels('neural', voices.neural.slice(0, 1));

test.run();
