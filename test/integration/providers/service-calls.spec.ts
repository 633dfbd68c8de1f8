import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { BookingService } from '#emulators/booking.js';
import { type CascadeBench, cascadeBench } from '../../support/conformance/cascade-bench.js';
import { type DeepgramAgentBench, deepgramAgentBench } from '../../support/conformance/deepgram-agent-bench.js';
import { ServiceCall } from '../../support/service-call.js';
import { TalkpathProcess } from '../../support/talkpath-process.js';

/** Whole calls with each kind of service, its tools, its budget, and the person behind all of them. */

interface Bench {
  cascade: CascadeBench;
  agent: DeepgramAgentBench;
  booking: BookingService;
  state: string;
  talkpath: TalkpathProcess;
}

const test = suite<Bench>('calls with services');

test.before(async (context) => {
  context.cascade = await cascadeBench('deepgram', 'chat', 'elevenlabs');
  context.agent = await deepgramAgentBench();
  context.state = mkdtempSync(join(tmpdir(), 'talkpath-state-'));
  context.booking = new BookingService();
  await context.booking.listen();
  context.talkpath = await TalkpathProcess.start({
    // A journal of its own, and not that of who runs the tests.
    environment: { XDG_STATE_HOME: context.state },
    settings: stringify({
      default_provider: 'cascade',
      fallback: ['cascade', 'reception'],
      providers: {
        cascade: context.cascade.settings,
        agent: { type: 'deepgram-agent', url: context.agent.service.url, api_key: context.agent.service.apiKey },
        reception: { type: 'person' },
      },
      tools: {
        book: {
          type: 'webhook',
          description: 'Books a table',
          url: `${context.booking.url}/bookings`,
          headers: { Authorization: 'Bearer booking-secret' },
          safe_to_repeat: true,
          parameters: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
        },
      },
      contexts: { default: { greeting: 'Good morning.', tools: ['hang_up', 'transfer', 'book'] } },
      health: { probe_every_s: 0 },
    }),
  });
});
test.after(async ({ cascade, agent, booking, state, talkpath }) => {
  await talkpath.stop();
  await cascade.close();
  await agent.close();
  await booking.close();
  rmSync(state, { recursive: true, force: true });
});

test('a cascade of services hears, thinks and speaks, at the telephone’s own rate', async ({ cascade, talkpath }) => {
  cascade.callerWillSay('When are you open?');
  cascade.agentWillSay('From nine to five, on every day of the week.', 0);
  const callId = randomUUID();
  const call = await ServiceCall.place(talkpath, callId);
  const greeting = await call.hearsReply();
  await call.says('When are you open?');
  await call.hearsReply(greeting.toMs + 500);
  call.hangUp();
  const record = await talkpath.endedCall(callId);
  assert.equal([record.plan.provider, record.plan.input, record.plan.output], ['cascade', 'pcm16 8000', 'mulaw 8000']);
  assert.equal(
    record.transcript.map(({ who, text }) => [who, text]),
    [
      ['agent', 'Good morning.'],
      ['caller', 'When are you open?'],
      ['agent', 'From nine to five, on every day of the week.'],
    ],
  );
  const { stagesMs } = record.turns.find(({ cause }) => cause === 'caller') ?? {};
  assert.equal(Object.keys(stagesMs ?? {}).sort(), ['llm', 'silence', 'stt', 'tts']);
  const usage = record.usage.cascade ?? {};
  assert.ok((usage.stt_seconds ?? 0) > 1 && (usage.tts_characters ?? 0) > 40 && (usage.output_text_tokens ?? 0) > 0, JSON.stringify(usage));
  assert.equal(cascade.violations(), []);
});

test('a tool is used once, and what came of it is said', async ({ cascade, booking, talkpath }) => {
  cascade.callerWillSay('A table for Monday, please.');
  cascade.agentWillUse?.('book', { day: 'Monday' }, 'It is booked.');
  const callId = randomUUID();
  const call = await ServiceCall.place(talkpath, callId);
  const greeting = await call.hearsReply();
  await call.says('A table for Monday, please.');
  await call.hearsReply(greeting.toMs + 500);
  call.hangUp();
  const record = await talkpath.endedCall(callId);
  assert.is(record.transcript.at(-1)?.text, 'It is booked.');
  assert.equal(
    record.actions.map(({ name }) => name),
    ['book'],
  );
  assert.is(booking.booked.length, 1);
});

test('an agent that hangs up is heard to its end, and the call is completed', async ({ cascade, talkpath }) => {
  cascade.callerWillSay('That was all, thank you.');
  cascade.llm.answers.push({ text: 'Goodbye, and have a nice day.', calls: [{ name: 'hang_up', arguments: '{}' }] });
  const callId = randomUUID();
  const call = await ServiceCall.place(talkpath, callId);
  const greeting = await call.hearsReply();
  await call.says('That was all, thank you.');
  await call.client.closed;
  const record = await talkpath.endedCall(callId);
  assert.equal([record.endReason, record.disposition], ['agent-hung-up', 'completed']);
  assert.is(record.transcript.at(-1)?.text, 'Goodbye, and have a nice day.');
  assert.ok(call.sounds.at(-1) && (call.sounds.at(-1)?.fromMs ?? 0) > greeting.toMs);
});

test('Deepgram’s voice agent leads a call', async ({ agent, talkpath }) => {
  agent.callerWillSay('When are you open?');
  agent.agentWillSay('From nine to five.', 1000);
  const callId = randomUUID();
  await talkpath.announce(callId, { provider: 'agent' });
  const call = await ServiceCall.place(talkpath, callId);
  const greeting = await call.hearsReply();
  await call.says('When are you open?');
  await call.hearsReply(greeting.toMs + 500);
  call.hangUp();
  const record = await talkpath.endedCall(callId);
  assert.equal([record.plan.provider, record.plan.input], ['agent', 'pcm16 8000']);
  assert.equal(
    record.transcript.map(({ who, text }) => [who, text]),
    [
      ['agent', 'Good morning.'],
      ['caller', 'When are you open?'],
      ['agent', 'From nine to five.'],
    ],
  );
  assert.equal(agent.violations(), []);
});

test('a caller who goes on after a pause that the service took for the end is answered to all of it', async ({ agent, talkpath }) => {
  agent.callerWillSay('Count,');
  agent.callerWillSay('please.');
  agent.agentWillSay('Count what?', 3000);
  agent.agentWillSay('One, two, three.', 1000);
  const callId = randomUUID();
  await talkpath.announce(callId, { provider: 'agent' });
  const call = await ServiceCall.place(talkpath, callId);
  const greeting = await call.hearsReply();
  // Its pause is longer than the 200 ms of the service, and shorter than what the engine calls the end of speech.
  await call.says('Count, please.');
  const reply = await call.hearsReply(greeting.toMs + 500, 1500);
  call.hangUp();
  const record = await talkpath.endedCall(callId);
  assert.is(record.transcript.at(-1)?.text, 'One, two, three.');
  assert.ok(reply.toMs - greeting.toMs < 6000, 'soon');
  assert.equal(agent.violations(), []);
});

test('a service of another kind goes on where one was lost in the middle of a sentence', async ({ agent, cascade, talkpath }) => {
  const words = 'one two three four five six seven eight nine ten eleven twelve';
  agent.callerWillSay('When are you open?');
  agent.agentWillSay(words, 6000);
  cascade.agentWillSay('And so on.', 0);
  const callId = randomUUID();
  await talkpath.announce(callId, { provider: 'agent' });
  const call = await ServiceCall.place(talkpath, callId);
  const greeting = await call.hearsReply();
  agent.setFault({ type: 'close-in-reply', afterMs: 2500 });
  await call.says('When are you open?');
  await call.hearsReply(greeting.toMs + 500, 1500);
  call.hangUp();
  agent.setFault(undefined);
  const record = await talkpath.endedCall(callId);
  assert.equal(
    record.providers.map(({ provider, level }) => [provider, level]),
    [
      ['agent', 0],
      ['cascade', 1],
    ],
  );
  const reply = call.sounds.filter(({ fromMs }) => fromMs > greeting.toMs + 500);
  const gaps = reply.slice(1).map(({ fromMs }, i) => fromMs - (reply[i]?.toMs ?? 0));
  assert.ok(
    gaps.every((ms) => ms <= 1000),
    `${gaps} ms`,
  );
  const said = record.transcript.at(-1)?.text ?? '';
  assert.ok(/^one two three .*And so on\.$/.test(said) && !said.includes('twelve'), said);
  assert.equal(cascade.violations(), []);
});

test('when no service can be had the caller hears so, and is handed to a person', async ({ cascade, talkpath }) => {
  cascade.setFault({ type: 'status', status: 503, retryAfterS: 1 });
  const callId = randomUUID();
  const call = await ServiceCall.place(talkpath, callId);
  const line = await call.hearsSound();
  assert.ok(line.fromMs < 2000, `${line.fromMs} ms`);
  await call.client.closed;
  cascade.setFault(undefined);
  const record = await talkpath.endedCall(callId);
  assert.equal([record.plan.provider, record.disposition], ['reception', 'transfer']);
  assert.equal(
    record.providerFailures.map(({ provider, code }) => [provider, code]),
    [['cascade', 'TP_ERR_PROVIDER_BUSY']],
  );
});

test.run();
