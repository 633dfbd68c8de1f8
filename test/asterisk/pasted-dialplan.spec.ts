import * as assert from 'uvu/assert';
import type { CallRecordView } from '#talkpath/call/call-record.js';
import { agentSpeaks, agentStops } from '../support/asterisk/agent-speech.js';
import type { Bench, BenchCall } from '../support/asterisk/bench.js';
import { humanHz } from '../support/asterisk/dialplan.js';
import { dialplanHz } from '../support/asterisk/dialplan-tone.js';
import { pastedDialplan } from '../support/asterisk/pasted-dialplan.js';
import { putThrough } from '../support/asterisk/reception.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { within } from '../support/deadline.js';
import { type Codec, linear16k, pcmu } from '../support/sip/codec.js';
import { resampled } from '../support/sound.js';
import { telephoneSentence } from '../support/telephone-sentence.js';

const suite = await asteriskSuite('the dialplan of README.md', {});
const endOfReplyMs = 1200;

/** What each of its contexts promises. */
const lines: Readonly<Record<string, { readonly codec: Codec; readonly profile: string }>> = {
  talkpath: { codec: pcmu, profile: 'telephony' },
  'talkpath-wideband': { codec: linear16k, profile: 'wideband' },
};

/** The record of the call that came last: the dialplan makes its UUID itself. */
async function newestCall(bench: Bench): Promise<CallRecordView> {
  const { calls } = (await bench.talkpath.request('GET', '/v1/calls?limit=1')) as { calls: CallRecordView[] };
  return calls[0] as CallRecordView;
}

/** Dials a context of the dialplan, hears the greeting out, and says something. */
async function sayAfterGreeting(bench: Bench, context: string, text: string): Promise<BenchCall> {
  const said = await telephoneSentence(text);
  const { call } = await bench.dial(context, { codec: lines[context]?.codec ?? pcmu });
  await agentSpeaks(call, 2000);
  const { callId: uuid } = await newestCall(bench);
  await agentStops(call, endOfReplyMs, 15_000);
  await call.play(resampled({ samples: said, rateHz: pcmu.rateHz }, call.rateHz));
  return { uuid, call };
}

suite.scenario('Asterisk reads all of it, and finds nothing wrong', async (bench) => {
  assert.equal(pastedDialplan.contexts, Object.keys(lines));
  for (const context of pastedDialplan.contexts) assert.match(await bench.asterisk.command(`dialplan show ${context}`), /AudioSocket/);
  const complaints = bench.asterisk
    .log()
    .split('\n')
    .filter((line) => /(WARNING|ERROR).*(pbx_config|pbx\.c|extensions\.conf)/.test(line));
  assert.equal(complaints, []);
});

for (const [context, { profile }] of Object.entries(lines)) {
  suite.scenario(`[${context}] connects with the agent, and puts a caller who asks for a person through to PJSIP/reception`, async (bench) => {
    const { uuid, call } = await sayAfterGreeting(bench, context, 'I want to talk to a person.');
    assert.is((await bench.talkpath.call(uuid)).plan.profile, profile);
    const { disposition } = await bench.talkpath.callWhen(uuid, 'it has ended', ({ state }) => state === 'ended', 20_000);
    assert.is(disposition, 'transfer');
    assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
    assert.match((await bench.channels()).join(), /PJSIP\/reception/);
  });

  suite.scenario(`[${context}] hangs up on a caller to whom the agent has said goodbye`, async (bench) => {
    const before = putThrough(bench);
    const { uuid, call } = await sayAfterGreeting(bench, context, 'Thank you, goodbye.');
    const { by } = await within(20_000, 'Asterisk hangs up', call.ended);
    assert.is(by, 'them');
    assert.is((await bench.talkpath.endedCall(uuid)).disposition, 'completed');
    assert.is(putThrough(bench), before);
  });
}

for (const [context, { codec }] of Object.entries(lines)) {
  suite.scenario(
    `[${context}] puts the caller through to a person when talkpath dies in the middle of the call, and when it is not there`,
    async (bench) => {
      const { call } = await bench.dial(context, { codec });
      await agentSpeaks(call, 2000);
      await bench.talkpath.kill();
      assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5, 'it dies');
      await bench.endCalls();
      const { call: next } = await bench.dial(context, { codec });
      assert.ok(Math.abs((await dialplanHz(next)) - humanHz) < 5, 'it is not there');
      await bench.endCalls();
      await bench.restartTalkpath();
    },
  );
}

suite.run();
