import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { speechWindow } from '#talkpath/inference/speech-window.js';
import { joined, noise, silence, tone } from '../../support/sound.js';

const rateHz = 16000;
const peakOf = (samples: Float32Array): number => samples.reduce((largest, sample) => Math.max(largest, Math.abs(sample)), 0);

test('silence, line noise and a click are nothing to recognise', () => {
  assert.is(speechWindow(new Int16Array(0)), undefined);
  assert.is(speechWindow(silence(2000, rateHz)), undefined);
  assert.is(speechWindow(noise(2000, rateHz, -60)), undefined);
  assert.is(speechWindow(joined(silence(400, rateHz), tone(900, 8, rateHz, -6), silence(600, rateHz))), undefined);
});

test('the silence around speech is cut to 80 ms', () => {
  const window = speechWindow(joined(silence(300, rateHz), tone(300, 500, rateHz, -20), silence(700, rateHz)));
  assert.ok(window);
  const ms = window.length / 16;
  assert.ok(ms >= 640 && ms <= 700, `${ms} ms`);
});

test('a quiet voice and a loud one reach the recogniser with the same peak', () => {
  for (const dbfs of [-40, -20, -6]) {
    const window = speechWindow(tone(300, 500, rateHz, dbfs));
    assert.ok(window);
    assert.ok(Math.abs(peakOf(window) - 0.9) < 0.001);
  }
});

test('speech that fills the whole stretch is kept whole', () => {
  const speech = noise(1000, rateHz, -20);
  assert.is(speechWindow(speech)?.length, speech.length);
});

test.run();
