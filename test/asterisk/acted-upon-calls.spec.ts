import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import type { AsteriskError } from '#talkpath/asterisk/asterisk-error.js';
import { controlByManager, controlByRest, type TestedControl } from '../support/asterisk/asterisk-control.js';
import type { Bench } from '../support/asterisk/bench.js';
import { humanHz } from '../support/asterisk/dialplan.js';
import { dialplanHz } from '../support/asterisk/dialplan-tone.js';
import { dialNameless } from '../support/asterisk/nameless-call.js';
import { machineMs } from '../support/asterisk/steadiness.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { eventually, nowMs, within } from '../support/deadline.js';
import type { PhoneCall } from '../support/sip/phone-call.js';
import { silence } from '../support/sound.js';

const suite = await asteriskSuite('a call that talkpath acts upon', {
  environment: { TALKPATH_PROVIDER: 'echo' },
  settings: 'asterisk:\n  agi:\n    port: 0\n',
});
const people = { context: 'people', extension: 'sales', priority: 1 };

/** Runs a scenario with a connection to the manager, or with REST, that is closed afterwards. */
async function using(tested: TestedControl | Promise<TestedControl>, run: (tested: TestedControl) => Promise<void>): Promise<void> {
  const open = await tested;
  try {
    await run(open);
  } finally {
    open.close();
  }
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing',
    (error: AsteriskError) => error.code,
  );

/** The call talks with the agent: its record is there and has a provider. */
const talks = (bench: Bench, uuid: string): Promise<unknown> => bench.talkpath.callWhen(uuid, 'it talks', ({ plan }) => plan.input !== undefined);

/** The keys that a phone has heard, once there are so many. */
async function keysHeard(call: PhoneCall, count: number): Promise<string> {
  const digits = await eventually(5000, `${count} keys are heard`, () => call.heard.digits.length >= count && call.heard.digits);
  return digits.map(({ digit }) => digit).join('');
}

for (const extension of ['app', 'slin16'] as const) {
  suite.scenario(`the manager sends a caller on to a person, out of the call with the agent (${extension})`, async (bench) => {
    await using(controlByManager(bench.asterisk), async ({ control, book }) => {
      const { uuid, call } = await bench.dial(extension);
      await talks(bench, uuid);
      assert.ok(await eventually(3000, 'the channel was told of', () => book.channelOf(uuid)));
      const startedMs = nowMs();
      await control.redirect(uuid, people);
      process.stdout.write(`\n  sent on in ${(nowMs() - startedMs).toFixed(1)} ms\n`);
      assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
      assert.is((await bench.talkpath.endedCall(uuid)).state, 'ended');
    });
  });
}

suite.scenario('a call that was there before the manager was asked is found, and one that is not is told', async (bench) => {
  const { uuid, call } = await bench.dial('app');
  await talks(bench, uuid);
  await using(controlByManager(bench.asterisk), async ({ control }) => {
    assert.is(await codeOf(control.redirect(randomUUID(), people)), 'TP_ERR_ASTERISK_CHANNEL');
    await control.redirect(uuid, people);
    assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
  });
});

suite.scenario('a caller is not sent where the dialplan has nothing, and goes on talking with the agent', async (bench) => {
  await using(controlByManager(bench.asterisk), async ({ control }) => {
    const { uuid, call } = await bench.dial('app');
    await talks(bench, uuid);
    for (const wrong of [{ extension: 'nobody' }, { context: 'nowhere' }, { priority: 99 }, { priority: 'nothing' }])
      assert.is(await codeOf(control.redirect(uuid, { ...people, ...wrong })), 'TP_ERR_ASTERISK_REFUSED', JSON.stringify(wrong));
    await call.play(silence(500, call.rateHz));
    assert.is((await bench.talkpath.call(uuid)).state, 'live');
  });
});

suite.scenario('the caller hears the keys that are played, in order, and the call goes on', async (bench) => {
  await using(controlByManager(bench.asterisk), async ({ control }) => {
    const { uuid, call } = await bench.dial('app');
    await talks(bench, uuid);
    await control.playDigits(uuid, '159*#0D');
    assert.is(await keysHeard(call, 7), '159*#0D');
    const { digits } = call.heard;
    const slackMs = machineMs(bench, call, { fromMs: digits[0]?.fromMs ?? 0, toMs: digits.at(-1)?.toMs ?? 0 });
    const lengths = digits.map(({ fromMs, toMs }) => Math.round(toMs - fromMs));
    const pauses = digits.slice(1).map(({ fromMs }, i) => Math.round(fromMs - (digits[i]?.toMs ?? 0)));
    process.stdout.write(`\n  keys of ${lengths.join(', ')} ms, ${pauses.join(', ')} ms apart\n`);
    assert.ok(
      lengths.every((ms) => ms >= 120 - slackMs),
      'each is long enough',
    );
    assert.ok(
      pauses.every((ms) => ms >= 50 - slackMs),
      'they are apart',
    );
    assert.is((await bench.talkpath.call(uuid)).state, 'live');
  });
});

suite.scenario('keys for a caller who hangs up meanwhile end with the call', async (bench) => {
  await using(controlByManager(bench.asterisk), async ({ control }) => {
    const { uuid, call } = await bench.dial('app');
    await talks(bench, uuid);
    const playing = codeOf(control.playDigits(uuid, '1'.repeat(60)));
    await keysHeard(call, 2);
    await call.hangUp();
    assert.is(await within(3000, 'it ends', playing), 'TP_ERR_ASTERISK_CHANNEL');
  });
});

suite.scenario('[talkpath-then] goes where the variable says that the agent has left', async (bench) => {
  await using(controlByManager(bench.asterisk), async ({ control }) => {
    const { uuid, call } = await dialNameless(bench, 'talkpath-then');
    await control.setVariable(uuid, 'TALKPATH_NEXT', 'sales');
    await bench.talkpath.hangUp(uuid);
    assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
  });
});

suite.scenario('a value reaches the dialplan as it is', async (bench) => {
  await using(controlByManager(bench.asterisk), async ({ control, book }) => {
    const { uuid } = await bench.dial('app');
    await talks(bench, uuid);
    const value = 'a "b", ${X} $[1+1] ü; c=d & \\ e';
    await control.setVariable(uuid, 'LEFT', value);
    await control.setVariable(uuid, 'LONG', 'x'.repeat(1000));
    const shown = await bench.asterisk.command(`core show channel ${(await bench.channels())[0]}`);
    assert.ok(shown.includes(`LEFT=${value}\n`), shown);
    assert.ok(shown.includes(`LONG=${'x'.repeat(1000)}\n`), shown);
    assert.ok(book.channelOf(uuid));
  });
});

suite.scenario('a manager that was restarted is connected with again', async (bench) => {
  await using(controlByManager(bench.asterisk), async ({ control }) => {
    const { uuid, call } = await bench.dial('app');
    await talks(bench, uuid);
    assert.is(await bench.asterisk.dropManagers(), 1);
    await eventually(10_000, 'it is connected again', async () => (await codeOf(control.setVariable(uuid, 'A', 'b'))) === 'nothing');
    await control.redirect(uuid, people);
    assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
  });
});

suite.scenario('by REST a caller in AudioSocket() cannot be had, and the code says so', async (bench) => {
  await using(controlByRest(bench.asterisk), async ({ control }) => {
    const { uuid } = await bench.dial('app');
    await talks(bench, uuid);
    assert.is(await codeOf(control.playDigits(uuid, '1')), 'TP_ERR_ASTERISK_UNSET');
    assert.is(await codeOf(control.setVariable(uuid, 'A', 'b')), 'TP_ERR_ASTERISK_UNSET');
    assert.is(await codeOf(control.redirect(uuid, people)), 'TP_ERR_ASTERISK_UNSET');
  });
});

suite.scenario('by REST a caller in Stasis() hears keys, gets a variable, and is sent on', async (bench) => {
  const { httpPort } = bench.asterisk;
  const events = new WebSocket(`ws://127.0.0.1:${httpPort}/ari/events?app=talkpath&api_key=stasis:change-me`);
  await within(3000, 'the application is there', new Promise((resolve, reject) => events.once('open', resolve).once('error', reject)));
  try {
    await using(controlByRest(bench.asterisk), async ({ control }) => {
      const { uuid, call } = await bench.dial('stasis');
      await eventually(3000, 'the caller is in Stasis()', async () => (await codeOf(control.setVariable(uuid, 'A', 'b & c'))) === 'nothing');
      await control.playDigits(uuid, '27#');
      assert.is(await keysHeard(call, 3), '27#');
      assert.is(await codeOf(control.redirect(uuid, { ...people, extension: 'nobody' })), 'TP_ERR_ASTERISK_REFUSED');
      await control.redirect(uuid, people);
      assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
    });
  } finally {
    events.terminate();
  }
});

suite.run();
