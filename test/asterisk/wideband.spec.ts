import * as assert from 'uvu/assert';
import type { Bench } from '../support/asterisk/bench.js';
import { assertSteady } from '../support/asterisk/steadiness.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { pathOf } from '../support/audio-measure.js';
import { linear16k, pcmu } from '../support/sip/codec.js';
import { atLevel, joined, noise, silence, voiceBandNoise } from '../support/sound.js';
import { bandLevelDbfs } from '../support/spectrum.js';
import { Speech } from '../support/speech.js';
import type { CallAnnouncement } from '../support/talkpath-process.js';

const suite = await asteriskSuite('rates and formats of the line', {
  environment: { TALKPATH_PROVIDER: 'echo' },
  settings: 'profiles:\n  plain16: {line_rate_hz: 16000, noise_suppression: "off"}\n',
});
const speech = await Speech.fetched();
const rateHz = linear16k.rateHz;
const settle = silence(300, rateHz);

interface HighBand {
  readonly sentDbfs: number;
  readonly backDbfs: number;
  readonly lineRateHz: number;
}

/** Level above 4.2 kHz of what is sent and of what comes back, on a line of 16 kHz both ways. */
async function highBand(bench: Bench, sent: Int16Array, announce: CallAnnouncement): Promise<HighBand> {
  const { uuid, call } = await bench.dial('slin16', { codec: linear16k, announce });
  await call.play(settle);
  const { fromMs, toMs } = await call.play(joined(sent, settle));
  assertSteady(bench, call, { fromMs, toMs });
  const heard = call.heard.sound(fromMs, toMs).samples;
  const { plan } = await bench.talkpath.call(uuid);
  return { sentDbfs: bandLevelDbfs(sent, rateHz, 4200, 7800), backDbfs: bandLevelDbfs(heard, rateHz, 4200, 7800), lineRateHz: plan.lineRateHz };
}

suite.scenario('a call at 16 kHz carries what is above 4 kHz both ways', async (bench) => {
  const { sentDbfs, backDbfs, lineRateHz } = await highBand(bench, noise(2000, rateHz, -20), { profile: 'plain16', provider: 'echo' });
  assert.is(lineRateHz, 16000);
  assert.ok(Math.abs(backDbfs - sentDbfs) < 3, `sent ${sentDbfs} dBFS, back ${backDbfs} dBFS`);
});

const readerOf = (people: Speech): Int16Array => atLevel(people.read('reader').samples.subarray(0, rateHz * 4), -20);

suite.scenarioWith(speech, "the wideband profile keeps a reader's sibilants", async (bench, people) => {
  const { sentDbfs, backDbfs } = await highBand(bench, readerOf(people), { profile: 'wideband', provider: 'echo' });
  assert.ok(backDbfs > sentDbfs - 6, `sent ${sentDbfs} dBFS, back ${backDbfs} dBFS`);
});

suite.scenarioWith(speech, 'the telephony profile on the same line sends nothing above 4 kHz', async (bench, people) => {
  const { sentDbfs, backDbfs, lineRateHz } = await highBand(bench, readerOf(people), { profile: 'telephony', provider: 'echo' });
  assert.is(lineRateHz, 8000);
  assert.ok(backDbfs < sentDbfs - 20, `sent ${sentDbfs} dBFS, back ${backDbfs} dBFS`);
});

suite.scenario('a phone of 8 kHz hears a line of 16 kHz', async (bench) => {
  const { call } = await bench.dial('slin16', { announce: { profile: 'plain16' } });
  const said = voiceBandNoise(640, 8000, -20);
  await call.play(silence(300, 8000));
  const { fromMs, toMs } = await call.play(joined(said, silence(300, 8000)));
  const heard = call.heard.sound(fromMs, toMs).samples;
  const { delayMs } = pathOf(said, heard, 8000, 300);
  const back = bandLevelDbfs(heard.subarray(delayMs * 8, delayMs * 8 + said.length), 8000, 400, 2200);
  const sent = bandLevelDbfs(said, 8000, 400, 2200);
  assert.ok(Math.abs(back - sent) < 1.5, `sent ${sent} dBFS, back ${back} dBFS`);
});

suite.scenario('encoded audio, of Dial(AudioSocket/…) without c(), is noticed and named', async (bench) => {
  const { uuid, call } = await bench.dial('encoded', { codec: pcmu });
  await call.play(noise(4500, 8000, -30));
  const { notices } = await bench.talkpath.callWhen(uuid, 'a notice', (record) => record.notices.length > 0);
  assert.equal(notices, ['encoded-audio']);
  const line = bench.talkpath.log.find(({ notice }) => notice === 'encoded-audio');
  assert.is(line?.callId, uuid);
  assert.match(line?.msg ?? '', /c\(slin\)/);
});

suite.run();
