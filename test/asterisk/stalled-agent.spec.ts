import * as assert from 'uvu/assert';
import { agentSpeaks, agentStops } from '../support/asterisk/agent-speech.js';
import type { Bench } from '../support/asterisk/bench.js';
import { assertSteady } from '../support/asterisk/steadiness.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { pathOf } from '../support/audio-measure.js';

const suite = await asteriskSuite('an agent whose control thread stalls', { environment: { TALKPATH_TEST_STALL_MS: '500/2000' } });
const rateHz = 8000;
const callCount = 3;

/** The greeting of one call, from its first sound to its last. */
async function greeting(bench: Bench): Promise<Int16Array> {
  const { uuid, call } = await bench.dial('app');
  const fromMs = await agentSpeaks(call, 3000);
  const toMs = (await agentStops(call, 1000, 15_000)) + 20;
  const { audio } = await bench.talkpath.call(uuid);
  await call.hangUp();
  assert.is(audio?.gaps['control-stalled'].ms, 0);
  assertSteady(bench, call, { fromMs, toMs });
  return call.heard.sound(fromMs, toMs).samples;
}

suite.scenario('a greeting of 2 s and more is heard whole, although the control thread stands still in the middle of it', async (bench) => {
  const greetings: Int16Array[] = [];
  for (let i = 0; i < callCount; i++) greetings.push(await greeting(bench));
  const [first, ...others] = greetings;
  assert.ok(first && first.length > 2 * rateHz, `the greeting lasts ${(first?.length ?? 0) / rateHz} s`);
  for (const other of others) {
    const { whole } = pathOf(first, other, rateHz, 60);
    assert.ok(whole > 0.95, `${Math.round(whole * 100)} % of the greeting is as it was in the first call`);
  }
});

suite.run();
