import * as assert from 'uvu/assert';
import { assertSteady } from '../support/asterisk/steadiness.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { pathOf } from '../support/audio-measure.js';
import type { Played } from '../support/sip/rtp-sender.js';
import { joined, silence, voiceBandNoise } from '../support/sound.js';

const suite = await asteriskSuite('many calls at once', {
  environment: { TALKPATH_PROVIDER: 'echo' },
  settings: 'profiles:\n  plain: {line_rate_hz: 8000, noise_suppression: "off"}\n',
});
const rateHz = 8000;
const callCount = 20;
const beforeMs = 500;
const sayMs = 6000;

suite.scenario(`${callCount} callers at once each hear themselves alone, a frame each 20 ms`, async (bench) => {
  const numbers = Array.from({ length: callCount }, (_, index) => index);
  const sounds = numbers.map((index) => voiceBandNoise(640, rateHz, -20, 100 + index));
  const calls = await Promise.all(numbers.map(() => bench.dial('app', { announce: { profile: 'plain' } })));
  const played = await Promise.all(
    calls.map(({ call }, index) =>
      call.play(joined(silence(beforeMs, rateHz), sounds[index] as Int16Array, silence(sayMs - beforeMs - 640, rateHz))),
    ),
  );
  for (const [index, { call }] of calls.entries()) {
    const { fromMs, toMs } = played[index] as Played;
    assertSteady(bench, call, { fromMs, toMs });
    // From the first packet on, which may have been the late one.
    const heard = call.heard.sound(fromMs, toMs).samples;
    const { whole } = pathOf(sounds[index] as Int16Array, heard, rateHz, beforeMs + 300);
    assert.ok(whole >= 0.6, `caller ${index} got ${Math.round(whole * 100)} % of the own sound back`);
  }
});

suite.run();
