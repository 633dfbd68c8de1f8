import * as assert from 'uvu/assert';
import { assertSteady } from '../support/asterisk/steadiness.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { noise } from '../support/sound.js';

const suite = await asteriskSuite('a stalled control thread', {
  environment: { TALKPATH_PROVIDER: 'echo', TALKPATH_TEST_STALL_MS: '500/2000' },
});
const rateHz = 8000;

suite.scenario('the line gets every frame in time while the control thread stands still for 500 ms of every 2 s', async (bench) => {
  const { uuid, call } = await bench.dial('app');
  const { fromMs, toMs } = await call.play(noise(9000, rateHz, -25));
  assertSteady(bench, call, { fromMs: fromMs + 200, toMs });
  await call.hangUp();
  const { audio } = await bench.talkpath.endedCall(uuid);
  assert.ok((audio?.gaps['control-stalled'].ms ?? 0) >= 300, `the stall was real, and is named: ${JSON.stringify(audio?.gaps)}`);
});

suite.run();
