import * as assert from 'uvu/assert';
import { assertSteady, cadenceLine } from '../support/asterisk/steadiness.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { pathOf, percentile } from '../support/audio-measure.js';
import { joined, silence, voiceBandNoise } from '../support/sound.js';

const suite = await asteriskSuite('many calls at once', {
  environment: { TALKPATH_PROVIDER: 'echo' },
  settings: 'profiles:\n  plain: {line_rate_hz: 8000, noise_suppression: "off"}\n',
});
const rateHz = 8000;
const callCount = 20;
const sayMs = 6000;

suite.scenario(`${callCount} callers at once each hear themselves alone, a frame each 20 ms`, async (bench) => {
  const numbers = Array.from({ length: callCount }, (_, index) => index);
  const sounds = numbers.map((index) => voiceBandNoise(640, rateHz, -20, 100 + index));
  const calls = await Promise.all(numbers.map(() => bench.dial('app', { announce: { profile: 'plain' } })));
  const played = await Promise.all(
    calls.map(({ call }, index) => call.play(joined(silence(500, rateHz), sounds[index] as Int16Array, silence(sayMs - 1140, rateHz)))),
  );
  const cadences = calls.map(({ call }, index) => call.heard.cadence(played[index]?.fromMs, played[index]?.toMs));
  const worst = [...cadences].sort((a, b) => b.longestGapMs - a.longestGapMs)[0];
  if (worst) process.stdout.write(`\nworst of ${callCount}: ${cadenceLine(worst)}\n`);
  process.stdout.write(
    `longest gaps: median ${percentile(
      cadences.map((cadence) => cadence.longestGapMs),
      0.5,
    ).toFixed(1)} ms\n`,
  );
  for (const [index, { call }] of calls.entries()) {
    const { fromMs = 0, toMs = 0 } = played[index] ?? {};
    assertSteady(call, cadences[index] as (typeof cadences)[number], toMs - fromMs);
    const heard = call.heard.sound(fromMs + 500, toMs).samples;
    const { whole } = pathOf(sounds[index] as Int16Array, heard, rateHz, 300);
    assert.ok(whole >= 0.6, `caller ${index} got ${Math.round(whole * 100)} % of the own sound back`);
  }
});

suite.run();
