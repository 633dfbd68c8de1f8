import * as assert from 'uvu/assert';
import { agentSpeaks, agentStops } from '../support/asterisk/agent-speech.js';
import { humanHz, wentOnHz } from '../support/asterisk/dialplan.js';
import { dialplanHz } from '../support/asterisk/dialplan-tone.js';
import { assertSteady, machineMs } from '../support/asterisk/steadiness.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { activeIntervals, totalMs } from '../support/audio-measure.js';
import { atLevel, joined, silence } from '../support/sound.js';
import { Speech } from '../support/speech.js';
import { telephoneSentence } from '../support/telephone-sentence.js';

const suite = await asteriskSuite('a conversation with the agent that needs no key', {});
const rateHz = 8000;
const endOfReplyMs = 1200;
const speech = await Speech.fetched();

/** Recorded people, from a clear first sound on, in milliseconds. */
const interrupters = {
  'a woman': { recording: 'woman', fromMs: 30 },
  'a man': { recording: 'man', fromMs: 50 },
  'an announcer': { recording: 'prompt', fromMs: 1570 },
} as const;

/** How far the waveform jumps where it falls silent, of full scale: a cut without a fade is a click. */
function lastStep(samples: Int16Array): number {
  const end = samples.findLastIndex((sample) => Math.abs(sample) >= 64);
  return Math.abs((samples[end] ?? 0) - (samples[end + 1] ?? 0)) / 32768;
}

suite.scenario('the agent greets within 2 s, answers a spoken question, and both are in the transcript', async (bench) => {
  const question = await telephoneSentence('What are your opening hours?');
  const { uuid, call } = await bench.dial('app');
  const answeredMs = await call.answered;
  const greetedMs = await agentSpeaks(call, 2000);
  await agentStops(call, endOfReplyMs, 15_000);
  const asked = await call.play(question);
  const repliedMs = await agentSpeaks(call, 8000);
  await agentStops(call, endOfReplyMs, 15_000);
  const reply = activeIntervals(call.heard.sound(repliedMs).samples, rateHz);
  const latencyMs = repliedMs - asked.toMs;
  process.stdout.write(`\ngreeted after ${Math.round(greetedMs - answeredMs)} ms, replied ${Math.round(latencyMs)} ms after the question\n`);
  assert.ok(totalMs(reply) > 1000, `the reply has ${totalMs(reply)} ms of speech`);

  const { transcript, turns } = await bench.talkpath.call(uuid);
  const [greeting, heard, answer] = transcript;
  assert.is(greeting?.who, 'agent');
  assert.is(heard?.who, 'caller');
  assert.match(heard?.text.toLowerCase() ?? '', 'opening hours');
  assert.is(answer?.who, 'agent');
  assert.match(answer?.text ?? '', /Monday/);
  const recorded = turns.find(({ cause }) => cause === 'caller')?.replyLatencyMs ?? Number.NaN;
  assert.ok(Math.abs(recorded - latencyMs) < 250, `the record says ${recorded} ms, the line ${Math.round(latencyMs)} ms`);
  assertSteady(bench, call, { fromMs: greetedMs, toMs: (call.heard.packets.at(-1)?.arrivedMs ?? 0) + 20 });
});

for (const [who, { recording, fromMs: startMs }] of Object.entries(interrupters)) {
  suite.scenarioWith(speech, `${who} who talks over the greeting silences the agent within 250 ms, without a click`, async (bench, people) => {
    const said = atLevel(people.read(recording).samples.subarray(startMs * 8, (startMs + 2000) * 8), -20);
    const { uuid, call } = await bench.dial('app');
    await agentSpeaks(call, 2000);
    await call.play(silence(600, rateHz));
    const playing = call.play(said);
    const lastHeardMs = await agentStops(call, 600, 5000);
    const { fromMs, toMs } = await playing;
    const stopMs = lastHeardMs + 20 - fromMs;
    process.stdout.write(`\nbarge-in by ${who}: silent ${Math.round(stopMs)} ms after the caller began\n`);
    assert.ok(stopMs > 0, 'the agent was speaking when the caller began');
    assert.ok(stopMs < 250 + machineMs(bench, call, { fromMs, toMs }), `silent after ${stopMs} ms`);
    assert.ok(lastHeardMs < toMs, 'silent while the caller spoke');
    const heard = call.heard.sound(fromMs, lastHeardMs + 100).samples;
    assert.ok(lastStep(heard) < 0.02, `the agent's last step is ${lastStep(heard)} of full scale`);

    const record = await bench.talkpath.callWhen(uuid, 'a cut greeting', ({ transcript }) => transcript[0]?.cut === true);
    const [turn] = record.turns;
    assert.ok((turn?.cutAfterMs ?? 0) > 500, `cut after ${turn?.cutAfterMs} ms`);
    assert.ok(Math.abs((turn?.bargeInStopMs ?? Number.NaN) - stopMs) < 120, `the record says ${turn?.bargeInStopMs} ms, the line ${stopMs} ms`);
  });
}

suite.scenario('what a caller asks over the greeting is answered', async (bench) => {
  const question = await telephoneSentence('What are your opening hours?');
  const { uuid, call } = await bench.dial('app');
  await agentSpeaks(call, 2000);
  await call.play(joined(silence(600, rateHz), question));
  const { transcript } = await bench.talkpath.callWhen(uuid, 'an answer', (record) => record.transcript.length >= 3, 8000);
  assert.equal(
    transcript.map(({ who }) => who),
    ['agent', 'caller', 'agent'],
  );
  assert.is(transcript[0]?.cut, true);
  assert.match(transcript[2]?.text ?? '', /Monday/);
});

suite.scenario('a caller who asks for a person is put through by the dialplan', async (bench) => {
  const request = await telephoneSentence('I want to talk to a person.');
  const { uuid, call } = await bench.dial('app');
  await agentSpeaks(call, 2000);
  await agentStops(call, endOfReplyMs, 15_000);
  await call.play(request);
  const { endReason, disposition } = await bench.talkpath.callWhen(uuid, 'it has ended', ({ state }) => state === 'ended', 20_000);
  assert.is(disposition, 'transfer');
  assert.is(endReason, 'transferred');
  assert.ok(Math.abs((await dialplanHz(call)) - humanHz) < 5);
});

suite.scenario('an agent that says goodbye hangs up itself, and the dialplan goes on', async (bench) => {
  const goodbye = await telephoneSentence('Thank you, goodbye.');
  const { uuid, call } = await bench.dial('app');
  await agentSpeaks(call, 2000);
  await agentStops(call, endOfReplyMs, 15_000);
  await call.play(goodbye);
  const { endReason, disposition } = await bench.talkpath.callWhen(uuid, 'it has ended', ({ state }) => state === 'ended', 20_000);
  assert.is(disposition, 'completed');
  assert.is(endReason, 'agent-hung-up');
  assert.ok(Math.abs((await dialplanHz(call)) - wentOnHz) < 5);
});

suite.scenario('keys pressed in a conversation are in the record', async (bench) => {
  const { uuid, call } = await bench.dial('app');
  await agentSpeaks(call, 2000);
  await call.press('42#');
  const { digits, state } = await bench.talkpath.callWhen(uuid, 'three digits', (record) => record.digits.length === 3);
  assert.is(digits.map(({ digit }) => digit).join(''), '42#');
  assert.is(state, 'live');
});

suite.run();
