import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Bench } from '../support/asterisk/bench.js';
import { humanHz } from '../support/asterisk/dialplan.js';
import { dialplanHz } from '../support/asterisk/dialplan-tone.js';
import { dialNameless } from '../support/asterisk/nameless-call.js';
import { guideDialplan } from '../support/asterisk/pasted-dialplan.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { eventually } from '../support/deadline.js';
import { projectFolder } from '../support/project.js';

const contexts = `
providers:
  telling: {type: scripted, script: ${join(projectFolder, 'test/support/asterisk/telling-dialogue.yaml')}}
contexts:
  sales: {provider: telling}
`;
const agi = `${contexts}audiosocket:\n  require_registration: true\nasterisk:\n  variables: [order]\n  agi:\n    port: 0\n`;
const ari = `${contexts}asterisk:
  variables: [order]
  ari:
    url: http://127.0.0.1:\${ARI_PORT}/ari
    user: talkpath
    password: change-me
`;
const ami = `${contexts}asterisk:
  variables: [order]
  ami:
    host: 127.0.0.1
    port: \${AMI_PORT}
    user: talkpath
    secret: change-me
`;
const environment = { TALKPATH_PROVIDER: 'echo' };

const caller = '"An Na" <sip:+41791234567@127.0.0.1>';

/** The call was set up with what its channel says, and the agent says so. */
async function assertTold(bench: Bench, uuid: string): Promise<void> {
  const { plan, transcript, notices } = await bench.talkpath.callWhen(uuid, 'the agent speaks', (record) => record.transcript.length > 0);
  assert.equal([plan.context, plan.provider, notices], ['sales', 'telling', []]);
  assert.is(
    transcript[0]?.text,
    'Hello An Na, you call from plus four one seven, nine one two three, four five six seven, and your order is forty two.',
  );
}

/** Milliseconds between the steps of a dialplan at which these were logged, by the log of Asterisk. */
function msBetween(log: string, from: RegExp, to: RegExp): number {
  const at = (pattern: RegExp): number => {
    const line = log.split('\n').findLast((text) => pattern.test(text)) ?? '';
    const [, hours, minutes, seconds] = /^\[(\d\d):(\d\d):(\d\d\.\d+)\]/.exec(line) ?? [];
    return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  };
  return at(to) - at(from);
}

const asks = await asteriskSuite('a dialplan that asks by AGI', { environment, settings: agi });

asks.scenario('Asterisk reads every dialplan of docs/asterisk.md, and finds nothing wrong', async (bench) => {
  assert.equal(guideDialplan.contexts, ['talkpath-posted', 'talkpath-agi', 'talkpath-looked-up', 'people', 'talkpath-then']);
  for (const context of guideDialplan.contexts) assert.match(await bench.asterisk.command(`dialplan show ${context}`), /PJSIP\/reception|people/);
  const complaints = bench.asterisk
    .log()
    .split('\n')
    .filter((line) => /(WARNING|ERROR).*(pbx_config|pbx\.c|extensions\.conf|manager\.c|manager\.conf|res_ari|ari\.conf)/.test(line));
  assert.equal(complaints, []);
});

asks.scenario('[talkpath-agi] hands the UUID out with which the caller comes, and the record has context and caller', async (bench) => {
  const { uuid, call } = await dialNameless(bench, 'talkpath-agi', { caller });
  await assertTold(bench, uuid);
  assert.is(await bench.talkpath.metric('talkpath_dialplan_requests_total', { outcome: 'announced' }), 1);
  const log = bench.asterisk.log();
  assert.match(log, new RegExp(`talkpath says announced[\\s\\S]*${uuid}`));
  process.stdout.write(`\n  AGI took ${msBetween(log, /Executing .*AGI\(/, /Executing .*Verbose\(/).toFixed(0)} ms\n`);
  await call.hangUp();
  await bench.talkpath.endedCall(uuid);
});

asks.scenario('[talkpath-posted] announces the caller and the context by CURL()', async (bench) => {
  const { uuid } = await dialNameless(bench, 'talkpath-posted', { caller });
  await assertTold(bench, uuid);
});

asks.scenario('a slip in the dialplan is its status, and a UUID is there all the same', async (bench) => {
  const { call } = await bench.dial('agi-slip');
  await eventually(3000, 'the dialplan says so', () => /slip refused:unknown-context [0-9a-f-]{36} SUCCESS/.test(bench.asterisk.log()));
  assert.is(await bench.talkpath.metric('talkpath_dialplan_requests_total', { outcome: 'refused:unknown-context' }), 1);
  await call.hangUp();
});

asks.scenario('a caller is put through to a person when there is no talkpath to ask', async (bench) => {
  await bench.talkpath.kill();
  const { call } = await bench.dial('talkpath-agi');
  assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
  await bench.endCalls();
  await bench.restartTalkpath();
});

asks.run();

for (const [way, settings] of [
  ['REST', ari],
  ['the manager', ami],
] as const) {
  const lookedUp = await asteriskSuite(`a call that is looked up by ${way}`, { environment, settings });
  const outcome = (bench: Bench, name: string): Promise<number> => bench.talkpath.metric('talkpath_call_lookups_total', { outcome: name });

  lookedUp.scenario('[talkpath-looked-up] need not announce anything: the record has context and caller', async (bench) => {
    if (way === 'the manager')
      await eventually(5000, 'the manager is connected', async () => (await bench.talkpath.metric('talkpath_asterisk_connected')) === 1);
    const { uuid } = await dialNameless(bench, 'talkpath-looked-up', { caller });
    await assertTold(bench, uuid);
    assert.is(await outcome(bench, 'found'), 1);
  });

  lookedUp.scenario('a call by Dial(AudioSocket/…) is found too, and has the caller that called', async (bench) => {
    const { uuid } = await bench.dial('dialled', { caller });
    await assertTold(bench, uuid);
    assert.is(await outcome(bench, 'found'), 2);
  });

  lookedUp.scenario('a profile that comes too late is told in the record, and the call goes on without it', async (bench) => {
    const { uuid } = await bench.dial('late-profile');
    const { plan, notices } = await bench.talkpath.callWhen(uuid, 'it has its provider', (record) => record.plan.input !== undefined);
    assert.equal([plan.profile, plan.lineRateHz, notices], ['telephony', 8000, ['profile-too-late']]);
  });

  lookedUp.scenario('a call that was announced is not looked up', async (bench) => {
    const before = await outcome(bench, 'found');
    const { uuid } = await bench.dial('app', { announce: { context: 'sales' } });
    await bench.talkpath.callWhen(uuid, 'it has its provider', ({ plan }) => plan.input !== undefined);
    assert.is(await outcome(bench, 'found'), before);
  });

  lookedUp.run();
}
