import * as assert from 'uvu/assert';
import { humanHz } from '../support/asterisk/dialplan.js';
import { dialplanHz } from '../support/asterisk/dialplan-tone.js';
import { dialNameless } from '../support/asterisk/nameless-call.js';
import { putThrough } from '../support/asterisk/reception.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { openAiRealtimeBench } from '../support/conformance/openai-realtime-bench.js';
import { eventually } from '../support/deadline.js';

const agent = await openAiRealtimeBench();
const suite = await asteriskSuite('an agent that acts in Asterisk', {
  settings: `
default_provider: agent
providers:
  agent: {type: openai-realtime, url: "${agent.service.base}", api_key: ${agent.service.key}}
contexts:
  default: {greeting: Hello., tools: [transfer, send_digits]}
transfer:
  destinations:
    sales: {description: Somebody who sells, context: people, extension: sales}
    support: {description: Somebody who helps}
    nowhere: {description: Not in the dialplan, context: people, extension: nobody}
health: {probe_every_s: 0}
asterisk:
  agi:
    port: 0
  ami:
    host: 127.0.0.1
    port: \${AMI_PORT}
    user: talkpath
    secret: change-me
`,
});
suite.after(() => agent.close());

/** The agent says something at first, and uses a tool with it. */
function agentWill(say: string, call: string, args: object): void {
  agent.service.answers.push({
    parts: [
      { say, ms: 400 },
      { call, arguments: JSON.stringify(args) },
    ],
  });
}

suite.scenario('a caller whom the agent puts through to a named destination is there, and the record says so', async (bench) => {
  agentWill('I will put you through.', 'transfer', { to: 'sales' });
  const { uuid, call } = await bench.dial('app');
  const { endReason, disposition } = await bench.talkpath.callWhen(uuid, 'it has ended', ({ state }) => state === 'ended', 10_000);
  assert.equal([endReason, disposition], ['transferred', 'transfer']);
  assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
  assert.match((await bench.channels()).join(), /PJSIP\/reception/, 'by the dialplan of people, not behind AudioSocket()');
});

suite.scenario('[talkpath-then] goes to the destination whose name the agent leaves it', async (bench) => {
  agentWill('I will put you through.', 'transfer', { to: 'support' });
  const { uuid, call } = await dialNameless(bench, 'talkpath-then');
  await bench.talkpath.callWhen(uuid, 'it has ended', ({ state }) => state === 'ended', 10_000);
  assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
  assert.match(bench.asterisk.log(), /Executing \[support@people:1\]/);
});

suite.scenario('[talkpath-then] puts a caller for whom the agent names nobody through to a person', async (bench) => {
  const before = putThrough(bench);
  agentWill('I will put you through.', 'transfer', {});
  const { uuid, call } = await dialNameless(bench, 'talkpath-then');
  await bench.talkpath.callWhen(uuid, 'it has ended', ({ state }) => state === 'ended', 10_000);
  assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
  assert.is(putThrough(bench), before + 1);
});

suite.scenario('a destination that the dialplan does not have leaves the caller to the dialplan, which is told of a transfer', async (bench) => {
  agentWill('I will put you through.', 'transfer', { to: 'nowhere' });
  const { uuid, call } = await bench.dial('app');
  const { endReason, disposition } = await bench.talkpath.callWhen(uuid, 'it has ended', ({ state }) => state === 'ended', 10_000);
  assert.equal([endReason, disposition], ['transferred', 'transfer']);
  assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
  assert.not.match((await bench.channels()).join(), /PJSIP\/reception/);
  const line = bench.talkpath.log.find(({ msg }) => msg === 'caller was not sent on');
  assert.is(line?.code, 'TP_ERR_ASTERISK_REFUSED');
});

suite.scenario('keys that the agent presses are heard by the caller, and the agent is told', async (bench) => {
  agentWill('One moment.', 'send_digits', { digits: '159#' });
  const { uuid, call } = await bench.dial('app');
  await eventually(10_000, 'four keys', () => call.heard.digits.length === 4);
  assert.is(call.heard.digits.map(({ digit }) => digit).join(''), '159#');
  await eventually(5000, 'the agent is told', () => agent.toldOf('The keys were pressed.'));
  assert.is((await bench.talkpath.call(uuid)).state, 'live');
});

suite.run();
