import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activeIntervals, clicksMs, delayOf, levelDbfs, pathOf, steadyToneDbfs, toneLevelDbfs } from '../../support/audio-measure.js';
import { atLevel, joined, noise, resampled, silence, tone, voiceBandNoise } from '../../support/sound.js';
import { bandLevelDbfs, strongestHz } from '../../support/spectrum.js';

const rateHz = 8000;
const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);

test('a tone has its level, its pitch, and no level at another pitch', () => {
  const sound = tone(440, 1000, rateHz, -16);
  near(levelDbfs(sound), -16, 0.1);
  near(toneLevelDbfs(sound, rateHz, 440), -16, 0.1);
  near(strongestHz(sound, rateHz), 440, 0.2);
  assert.ok(toneLevelDbfs(sound, rateHz, 600) < -80);
});

test('a tone with a slip in the middle keeps its steady level, one that is too quiet does not', () => {
  const slipped = joined(tone(440, 500, rateHz, -16), silence(9, rateHz), tone(440, 500, rateHz, -16));
  near(steadyToneDbfs(slipped, rateHz, 440), -16, 0.3);
  near(steadyToneDbfs(tone(440, 1000, rateHz, -22), rateHz, 440), -22, 0.3);
});

test('the level of a band is that of what lies in it', () => {
  const high = tone(6000, 1000, 16000, -40);
  const both = tone(1000, 1000, 16000, -20).map((sample, i) => sample + (high[i] ?? 0));
  near(bandLevelDbfs(both, 16000, 500, 2000), -20, 0.3);
  near(bandLevelDbfs(both, 16000, 5000, 7000), -40, 0.3);
});

test('sounds are found where they are, short pauses bridged, clicks left out', () => {
  const sound = joined(
    silence(500, rateHz),
    tone(300, 400, rateHz),
    silence(100, rateHz),
    tone(300, 200, rateHz),
    silence(600, rateHz),
    tone(300, 20, rateHz),
  );
  assert.equal(activeIntervals(sound, rateHz), [{ fromMs: 500, toMs: 1200 }]);
});

test('a delay is found to the sample, and somebody else is not taken for the sound', () => {
  const said = voiceBandNoise(320, rateHz, -20, 1);
  const later = joined(silence(47.5, rateHz), said, silence(300, rateHz));
  near(delayOf(said, later, rateHz, 200).delayMs, 47.5, 0.01);
  assert.is(pathOf(said, later, rateHz, 200).whole, 1);
  assert.is(pathOf(voiceBandNoise(320, rateHz, -20, 2), later, rateHz, 200).whole, 0);
});

test('a slip in the middle spoils the pieces around it alone', () => {
  const said = voiceBandNoise(640, rateHz, -20, 3);
  const slipped = joined(silence(40, rateHz), said.subarray(0, 2240), silence(20, rateHz), said.subarray(2240), silence(300, rateHz));
  const { delayMs, whole } = pathOf(said, slipped, rateHz, 200);
  near(delayMs, 50, 11);
  assert.ok(whole >= 0.75 && whole < 1, `${whole}`);
});

test('a break in the waveform is a click, a tone has none', () => {
  const smooth = tone(440, 500, rateHz, -16);
  assert.equal(clicksMs(smooth, rateHz, 0.1), []);
  const broken = joined(smooth.subarray(0, 2005), silence(50, rateHz));
  assert.is(clicksMs(broken, rateHz, 0.05).length, 1);
});

test('a sound keeps its pitch and level when its rate changes', () => {
  const up = resampled({ samples: tone(1000, 500, 8000, -16), rateHz: 8000 }, 24000);
  near(strongestHz(up, 24000), 1000, 1);
  near(levelDbfs(up.subarray(2400, 9600)), -16, 0.2);
  near(levelDbfs(atLevel(noise(500, rateHz, -50), -20)), -20, 0.1);
});

test.run();
