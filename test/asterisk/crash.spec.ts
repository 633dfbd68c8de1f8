import * as assert from 'uvu/assert';
import { wentOnHz } from '../support/asterisk/dialplan.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { pathOf, toneLevelDbfs } from '../support/audio-measure.js';
import { eventually, within } from '../support/deadline.js';
import { joined, noise, silence, voiceBandNoise } from '../support/sound.js';

const suite = await asteriskSuite('a talkpath that dies', {
  environment: { TALKPATH_PROVIDER: 'echo' },
  settings: 'profiles:\n  plain: {line_rate_hz: 8000, noise_suppression: "off"}\n',
});
const rateHz = 8000;

for (const extension of ['app', 'slin16'] as const) {
  suite.scenario(`Asterisk is rid of the calls of a talkpath that was killed, and the next call works (${extension})`, async (bench) => {
    const { call } = await bench.dial(extension);
    await call.play(noise(1000, rateHz, -25));
    const wentOn = call.heard.next((_, samples) => toneLevelDbfs(samples, rateHz, wentOnHz) > -25);
    await bench.talkpath.kill();
    const outcome = await within(3000, 'the call ends, or the dialplan goes on', Promise.race([call.ended, wentOn]));
    process.stdout.write(`\n${extension}: ${'by' in outcome ? 'Asterisk hung up' : 'the dialplan went on'}\n`);
    await call.hangUp();
    await eventually(3000, 'Asterisk has no channel left', async () => (await bench.channels()).length === 0);

    await bench.restartTalkpath();
    const next = await bench.dial(extension, { announce: { profile: 'plain' } });
    await next.call.play(silence(300, rateHz));
    const said = voiceBandNoise(640, rateHz, -20);
    const { fromMs } = await next.call.play(joined(said, silence(300, rateHz)));
    const { whole } = pathOf(said, next.call.heard.sound(fromMs).samples, rateHz, 300);
    assert.ok(whole >= 0.8, `${Math.round(whole * 100)} % came back whole`);
  });
}

suite.run();
