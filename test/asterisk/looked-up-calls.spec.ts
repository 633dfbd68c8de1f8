import * as assert from 'uvu/assert';
import type { Bench } from '../support/asterisk/bench.js';
import { dialNameless } from '../support/asterisk/nameless-call.js';
import { putThrough } from '../support/asterisk/reception.js';
import { type AsteriskSuite, asteriskSuite } from '../support/asterisk/suite.js';
import { assertTold, tellingContexts, toldCaller } from '../support/asterisk/told-call.js';
import { eventually, within } from '../support/deadline.js';

/** Settings of each way, with the user of docs/asterisk.md. */
const ways = {
  REST: `
  ari:
    url: http://127.0.0.1:\${ARI_PORT}/ari
    user: talkpath
    password: change-me
`,
  'the manager': `
  ami:
    host: 127.0.0.1
    port: \${AMI_PORT}
    user: talkpath
    secret: change-me
`,
};

const lookUps = (bench: Bench, outcome: string): Promise<number> => bench.talkpath.metric('talkpath_call_lookups_total', { outcome });
const suites: AsteriskSuite[] = [];

for (const [way, settings] of Object.entries(ways)) {
  const lookedUp = await asteriskSuite(`a call that is looked up by ${way}`, {
    environment: { TALKPATH_PROVIDER: 'echo' },
    settings: `${tellingContexts}asterisk:\n  variables: [order]${settings}`,
  });
  suites.push(lookedUp);

  lookedUp.scenario('[talkpath-looked-up] need not announce anything: the record has context and caller', async (bench) => {
    if (way === 'the manager')
      await eventually(5000, 'the manager is connected', async () => (await bench.talkpath.metric('talkpath_asterisk_connected')) === 1);
    const { uuid, call } = await dialNameless(bench, 'talkpath-looked-up', { caller: toldCaller });
    await assertTold(bench, uuid);
    assert.is(await lookUps(bench, 'found'), 1);
    await bench.talkpath.hangUp(uuid);
    await within(10_000, 'Asterisk hangs up', call.ended);
    assert.is(putThrough(bench), 0, 'a call that is completed goes to nobody');
  });

  lookedUp.scenario('a call by Dial(AudioSocket/…) is found too, and has the caller that called', async (bench) => {
    const { uuid } = await bench.dial('dialled', { caller: toldCaller });
    await assertTold(bench, uuid);
    assert.is(await lookUps(bench, 'found'), 2);
  });

  lookedUp.scenario('a profile that comes too late is told in the record, and the call goes on without it', async (bench) => {
    const { uuid } = await bench.dial('late-profile');
    const { plan, notices } = await bench.talkpath.callWhen(uuid, 'it has its provider', (record) => record.plan.input !== undefined);
    assert.equal([plan.profile, plan.lineRateHz, notices], ['telephony', 8000, ['profile-too-late']]);
  });

  lookedUp.scenario('a call that was announced is not looked up', async (bench) => {
    const before = await lookUps(bench, 'found');
    const { uuid } = await bench.dial('app', { announce: { context: 'sales' } });
    await bench.talkpath.callWhen(uuid, 'it has its provider', ({ plan }) => plan.input !== undefined);
    assert.is(await lookUps(bench, 'found'), before);
  });
}

for (const each of suites) each.run();
