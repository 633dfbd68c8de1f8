import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import { chooseTier, type Machine } from '#talkpath/inference/tier.js';
import { tierOfVoice, voiceFor, voices } from '#talkpath/inference/voices.js';
import type { SpeechModel } from '#talkpath/models/catalogue.js';

const machine = (cores: number, factor: number, present = true): Machine & { readonly measured: string[] } => {
  const measured: string[] = [];
  return {
    cores,
    measured,
    isPresent: () => present,
    speedOf: async ({ name }: SpeechModel) => {
      measured.push(name);
      return factor;
    },
  };
};

test('a tier that is set is taken without a look at the machine', async () => {
  const never = machine(1, 99, false);
  assert.is((await chooseTier('tts', 'neural', never)).tier, 'neural');
  assert.is((await chooseTier('stt', 'light', never)).tier, 'light');
  assert.equal(never.measured, []);
});

test('auto takes the neural model where it runs fast enough for several calls', async () => {
  assert.is((await chooseTier('tts', 'auto', machine(8, 0.2))).tier, 'neural');
  assert.is((await chooseTier('tts', 'auto', machine(8, 0.7))).tier, 'light');
  assert.is((await chooseTier('stt', 'auto', machine(2, 0.08))).tier, 'neural');
  assert.is((await chooseTier('stt', 'auto', machine(2, 0.5))).tier, 'light');
});

test('auto keeps a small machine for its calls, and measures nothing there', async () => {
  const small = machine(2, 0.1);
  assert.equal(await chooseTier('tts', 'auto', small), { tier: 'light', reason: 'fewer than 4 cores' });
  assert.equal(small.measured, []);
});

test('auto makes do with what is there', async () => {
  const bare = machine(8, 0.1, false);
  assert.equal(await chooseTier('stt', 'auto', bare), { tier: 'light', reason: 'moonshine-base is not on this machine' });
  assert.equal(bare.measured, []);
});

test('each tier has voices of its own, the first of them its default', () => {
  assert.is(voiceFor('light', undefined), voices.light[0]);
  assert.is(voiceFor('neural', 'puck'), 'puck');
  assert.is(tierOfVoice('slt'), 'light');
  assert.is(tierOfVoice('nobody'), undefined);
});

test('a voice of the other tier is refused by name', () => {
  try {
    voiceFor('light', 'heart');
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TalkpathError);
    assert.is((error as TalkpathError).code, 'TP_ERR_USAGE');
    assert.is((error as Error).message, 'Expected one of rms, slt, awb, kal16 for the voice of tier light but received "heart"');
  }
});

test.run();
