import * as assert from 'uvu/assert';
import { assertSteady } from '../support/asterisk/steadiness.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { activeIntervals, totalMs } from '../support/audio-measure.js';
import { atLevel, noise, silence } from '../support/sound.js';
import { Speech } from '../support/speech.js';

const suite = await asteriskSuite('a bad network', { environment: { TALKPATH_PROVIDER: 'echo' } });
const speech = await Speech.fetched();
const rateHz = 8000;

suite.scenario('60 ms of jitter and 5 % of loss on the way in leave the way out untouched', async (bench) => {
  const said = speech ? atLevel(speech.read('prompt').samples.subarray(0, rateHz * 8), -20) : noise(8000, rateHz, -20);
  const { uuid, call } = await bench.dial('app', { network: { jitterMs: 60, lossRatio: 0.05, seed: 7 } });
  await call.play(silence(300, rateHz));
  const played = await call.play(said);
  const { state, audio } = await bench.talkpath.call(uuid);
  process.stdout.write(`\n${call.packetsLost} packets lost, ${audio?.lineMsMissing} ms missing at the line\n`);
  assert.ok(call.packetsLost >= 10, `${call.packetsLost} packets lost: the network did its work`);
  assertSteady(bench, call, played);
  assert.is(state, 'live');
  assert.ok((audio?.lineMsMissing ?? 0) > 200, `${audio?.lineMsMissing} ms missing are counted`);
  const heardMs = totalMs(activeIntervals(call.heard.sound(played.fromMs, played.toMs).samples, rateHz));
  const saidMs = totalMs(activeIntervals(said, rateHz));
  assert.ok(heardMs > 0.7 * saidMs, `${heardMs} ms of ${saidMs} ms are heard`);
});

suite.run();
