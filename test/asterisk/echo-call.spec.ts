import * as assert from 'uvu/assert';
import type { Bench } from '../support/asterisk/bench.js';
import { wentOnHz } from '../support/asterisk/dialplan.js';
import { assertSteady, machineMs } from '../support/asterisk/steadiness.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { levelDbfs, pathOf, steadyToneDbfs, toneLevelDbfs } from '../support/audio-measure.js';
import { eventually, within } from '../support/deadline.js';
import { pcma, pcmu } from '../support/sip/codec.js';
import type { PhoneCall } from '../support/sip/phone-call.js';
import { atLevel, joined, silence, tone, voiceBandNoise } from '../support/sound.js';
import { strongestHz } from '../support/spectrum.js';
import { Speech } from '../support/speech.js';

const suite = await asteriskSuite('a call to the echo provider', {
  environment: { TALKPATH_PROVIDER: 'echo' },
  settings: 'profiles:\n  plain: {line_rate_hz: 8000, noise_suppression: "off"}\n',
});
const speech = await Speech.fetched();
const rateHz = 8000;
const settle = silence(300, rateHz);
const reference = voiceBandNoise(640, rateHz, -20);

/** Plays noise, and tells how much later it came back, and how much of that the machine may have added. */
async function echoOf(bench: Bench, call: PhoneCall): Promise<{ delayMs: number; slackMs: number }> {
  await call.play(settle);
  const { fromMs, toMs } = await call.play(joined(reference, silence(300, rateHz)));
  const { delayMs, whole } = pathOf(reference, call.heard.sound(fromMs).samples, rateHz, 300);
  assert.ok(whole >= 0.8, `${Math.round(whole * 100)} % of what was sent came back whole`);
  return { delayMs, slackMs: machineMs(bench, call, { fromMs, toMs }) };
}

suite.scenario('the bench alone, with a bare server, hears itself at once', async (bench) => {
  const { delayMs, slackMs } = await echoOf(bench, bench.control);
  process.stdout.write(`\n  bare server: echo after ${delayMs} ms\n`);
  assert.ok(delayMs < 25 + slackMs, `${delayMs} ms`);
});

suite.scenario('what the caller says is on the way back within 120 ms', async (bench) => {
  const { call } = await bench.dial('app', { announce: { profile: 'plain' } });
  const { delayMs, slackMs } = await echoOf(bench, call);
  process.stdout.write(`\n  talkpath: echo after ${delayMs} ms\n`);
  assert.ok(delayMs < 120 + slackMs, `${delayMs} ms`);
});

for (const codec of [pcmu, pcma]) {
  suite.scenario(`a tone comes back at its pitch and level, a frame each 20 ms, over ${codec.name}`, async (bench) => {
    const { call } = await bench.dial('app', { codec, announce: { profile: 'plain' } });
    await call.play(settle);
    const { fromMs, toMs } = await call.play(tone(440, 2000, rateHz, -16));
    const heard = call.heard.sound(fromMs + 500, toMs).samples;
    assert.ok(Math.abs(strongestHz(heard, rateHz) - 440) < 1, `${strongestHz(heard, rateHz)} Hz`);
    assert.ok(Math.abs(steadyToneDbfs(heard, rateHz, 440) + 16) < 0.5, `${steadyToneDbfs(heard, rateHz, 440)} dBFS`);
    assertSteady(bench, call, { fromMs, toMs });
  });
}

for (const ptimeMs of [10, 60]) {
  suite.scenario(`a phone that sends ${ptimeMs} ms packets is heard whole and gets 20 ms frames`, async (bench) => {
    const { uuid, call } = await bench.dial('app', { ptimeMs, announce: { profile: 'plain' } });
    await call.play(settle);
    const { fromMs, toMs } = await call.play(tone(440, 1500, rateHz, -16));
    const heard = call.heard.sound(fromMs + 500, toMs).samples;
    assert.ok(Math.abs(steadyToneDbfs(heard, rateHz, 440) + 16) < 0.5, `${steadyToneDbfs(heard, rateHz, 440)} dBFS`);
    assertSteady(bench, call, { fromMs, toMs });
    const { audio } = await bench.talkpath.call(uuid);
    assert.is(audio?.lineSamplesDropped, 0);
  });
}

suite.scenarioWith(speech, 'speech comes back at its level with the default profile', async (bench, people) => {
  const { call } = await bench.dial('app');
  await call.play(settle);
  const said = atLevel(people.read('prompt').samples.subarray(rateHz * 2, rateHz * 5), -20);
  const { fromMs } = await call.play(joined(said, settle));
  const heard = call.heard.sound(fromMs).samples;
  const { delayMs, whole } = pathOf(said, heard, rateHz, 300);
  assert.ok(whole > 0.7, `${Math.round(whole * 100)} % of what was said came back whole`);
  const back = heard.subarray((delayMs * rateHz) / 1000, (delayMs * rateHz) / 1000 + said.length);
  assert.ok(Math.abs(levelDbfs(back) - levelDbfs(said)) < 1.5, `${levelDbfs(back)} dBFS`);
});

suite.scenario('keys that the caller presses are in the record, in order, and the call goes on', async (bench) => {
  const { uuid, call } = await bench.dial('app', { announce: { profile: 'plain' } });
  await call.play(settle);
  await call.press('159*#0');
  const record = await bench.talkpath.callWhen(uuid, 'six digits', ({ digits }) => digits.length === 6);
  assert.is(record.digits.map(({ digit }) => digit).join(''), '159*#0');
  await echoOf(bench, call);
});

suite.scenario('a phone that sends nothing for 3 s keeps its call, and a frame each 20 ms', async (bench) => {
  const { call } = await bench.dial('app', { announce: { profile: 'plain' } });
  await call.play(settle);
  call.mute(true);
  const { fromMs, toMs } = await call.play(silence(3000, rateHz));
  call.mute(false);
  assertSteady(bench, call, { fromMs, toMs });
  await echoOf(bench, call);
});

suite.scenario('a caller who gives up while it rings leaves nothing behind', async (bench) => {
  const { uuid, call } = await bench.ring('ringing');
  await eventually(3000, 'it rings', async () => (await bench.channels()).length === 1);
  assert.is((await call.hangUp()).status, 487);
  await eventually(3000, 'Asterisk has no channel left', async () => (await bench.channels()).length === 0);
  assert.is(await bench.talkpath.call(uuid).catch(() => 'no such call'), 'no such call');
});

suite.scenario('a caller who hangs up leaves no channel behind, and the record says so', async (bench) => {
  const { uuid, call } = await bench.dial('app');
  await call.play(settle);
  await call.hangUp();
  const { endReason, disposition } = await bench.talkpath.endedCall(uuid);
  assert.is(endReason, 'caller-hung-up');
  assert.is(disposition, 'completed');
  await eventually(3000, 'Asterisk has no channel left', async () => (await bench.channels()).length === 0);
});

suite.scenario('a call that talkpath hangs up goes on in the dialplan', async (bench) => {
  const { uuid, call } = await bench.dial('app');
  await call.play(settle);
  const wentOn = call.heard.next((_, samples) => toneLevelDbfs(samples, rateHz, wentOnHz) > -25);
  await bench.talkpath.hangUp(uuid);
  const { arrivedMs } = await within(2000, 'the tone of the dialplan', wentOn);
  const { toMs } = await call.play(settle);
  assert.ok(Math.abs(strongestHz(call.heard.sound(arrivedMs, toMs).samples, rateHz) - wentOnHz) < 5);
  assert.is((await bench.talkpath.endedCall(uuid)).endReason, 'hung-up');
  await call.hangUp();
  await eventually(3000, 'Asterisk has no channel left', async () => (await bench.channels()).length === 0);
});

suite.run();
