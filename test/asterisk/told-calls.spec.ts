import * as assert from 'uvu/assert';
import { humanHz } from '../support/asterisk/dialplan.js';
import { dialplanHz } from '../support/asterisk/dialplan-tone.js';
import { dialNameless } from '../support/asterisk/nameless-call.js';
import { guideDialplan } from '../support/asterisk/pasted-dialplan.js';
import { putThrough } from '../support/asterisk/reception.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { assertTold, tellingContexts, toldCaller } from '../support/asterisk/told-call.js';
import { eventually, within } from '../support/deadline.js';

const suite = await asteriskSuite('a dialplan that asks by AGI', {
  environment: { TALKPATH_PROVIDER: 'echo' },
  settings: `${tellingContexts}audiosocket:\n  require_registration: true\nasterisk:\n  variables: [order]\n  agi:\n    port: 0\n`,
});

/** Milliseconds between the steps of a dialplan at which these were logged, by the log of Asterisk. */
function msBetween(log: string, from: RegExp, to: RegExp): number {
  const at = (pattern: RegExp): number => {
    const line = log.split('\n').findLast((text) => pattern.test(text)) ?? '';
    const [, hours, minutes, seconds] = /^\[(\d\d):(\d\d):(\d\d\.\d+)\]/.exec(line) ?? [];
    return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  };
  return at(to) - at(from);
}

suite.scenario('Asterisk reads every dialplan of docs/asterisk.md, and finds nothing wrong', async (bench) => {
  assert.equal(guideDialplan.contexts, ['talkpath-posted', 'talkpath-agi', 'talkpath-looked-up', 'people', 'talkpath-then']);
  for (const context of guideDialplan.contexts) assert.match(await bench.asterisk.command(`dialplan show ${context}`), /PJSIP\/reception|people/);
  const complaints = bench.asterisk
    .log()
    .split('\n')
    .filter((line) => /(WARNING|ERROR).*(pbx_config|pbx\.c|extensions\.conf|manager\.c|manager\.conf|res_ari|ari\.conf)/.test(line));
  assert.equal(complaints, []);
});

suite.scenario('[talkpath-agi] hands the UUID out with which the caller comes, and the record has context and caller', async (bench) => {
  const { uuid, call } = await dialNameless(bench, 'talkpath-agi', { caller: toldCaller });
  await assertTold(bench, uuid);
  assert.is(await bench.talkpath.metric('talkpath_dialplan_requests_total', { outcome: 'announced' }), 1);
  const log = bench.asterisk.log();
  assert.match(log, new RegExp(`talkpath says announced[\\s\\S]*${uuid}`));
  process.stdout.write(`\n  AGI took ${msBetween(log, /Executing .*AGI\(/, /Executing .*Verbose\(/).toFixed(0)} ms\n`);
  await call.hangUp();
  await bench.talkpath.endedCall(uuid);
});

suite.scenario('[talkpath-posted] announces the caller and the context by CURL()', async (bench) => {
  const { uuid } = await dialNameless(bench, 'talkpath-posted', { caller: toldCaller });
  await assertTold(bench, uuid);
});

for (const context of ['talkpath-posted', 'talkpath-agi']) {
  suite.scenario(`[${context}] hangs up on a caller whose call is completed, and puts nobody through`, async (bench) => {
    const before = putThrough(bench);
    const { uuid, call } = await dialNameless(bench, context, { caller: toldCaller });
    await assertTold(bench, uuid);
    await bench.talkpath.hangUp(uuid);
    assert.is((await within(10_000, 'Asterisk hangs up', call.ended)).by, 'them');
    assert.is((await bench.talkpath.endedCall(uuid)).disposition, 'completed');
    assert.is(putThrough(bench), before);
  });
}

suite.scenario('a slip in the dialplan is its status, and a UUID is there all the same', async (bench) => {
  const { call } = await bench.dial('agi-slip');
  await eventually(3000, 'the dialplan says so', () => /slip refused:unknown-context [0-9a-f-]{36} SUCCESS/.test(bench.asterisk.log()));
  assert.is(await bench.talkpath.metric('talkpath_dialplan_requests_total', { outcome: 'refused:unknown-context' }), 1);
  await call.hangUp();
});

suite.scenario('a caller is put through to a person when there is no talkpath to ask', async (bench) => {
  await bench.talkpath.kill();
  const { call } = await bench.dial('talkpath-agi');
  assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
  await bench.endCalls();
  await bench.restartTalkpath();
});

suite.run();
