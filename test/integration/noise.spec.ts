import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { eventually } from '../support/deadline.js';
import { atLevel, joined, noise, silence, tone } from '../support/sound.js';
import { Speech } from '../support/speech.js';
import { TalkpathProcess } from '../support/talkpath-process.js';

const test = suite('a line that makes noise');
const rateHz = 8000;
let talkpath: TalkpathProcess;
test.before(async () => {
  talkpath = await TalkpathProcess.start({ settings: 'turn_taking: {no_input_ms: 30000}' });
});
test.after(() => talkpath.kill());

test('knocks, tones and sudden noise are not taken for the caller', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  client.talk();
  await talkpath.callWhen(client.callId, 'the greeting', ({ transcript }) => transcript.some(({ who }) => who === 'agent'), 10_000);
  await client.hearsFor(6000);
  const knock = joined(tone(300, 60, rateHz, -12), tone(900, 60, rateHz, -12), silence(500, rateHz));
  client.say(joined(knock, knock, knock, noise(2000, rateHz, -30), silence(500, rateHz), tone(425, 1000, rateHz, -20), silence(500, rateHz)));
  await client.hearsFor(6000);
  const { turns } = await talkpath.call(client.callId);
  assert.equal(
    turns.map(({ cause }) => cause),
    ['greeting'],
  );
  client.destroy();
});

test('voices without a word are not answered, and after the third the agent asks whether anybody is there', async () => {
  const speech = await Speech.fetched();
  if (!speech) return;
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  client.talk();
  await talkpath.callWhen(client.callId, 'the greeting', ({ transcript }) => transcript.some(({ who }) => who === 'agent'), 10_000);
  await client.hearsFor(6000);
  // A tenth of a second of a vowel.
  const vowel = joined(atLevel(speech.read('woman').samples.slice(400, 1200), -16), silence(1900, rateHz));
  client.say(joined(vowel, vowel, vowel, vowel));
  const record = await talkpath.callWhen(client.callId, 'a question', ({ turns }) => turns.some(({ cause }) => cause === 'no-input'), 15_000);
  const noises = record.turns.filter(({ cause }) => cause === 'caller');
  assert.is(noises.length, 3);
  assert.ok(
    noises.every(({ replyLatencyMs }) => replyLatencyMs === undefined),
    'what was not answered has no latency',
  );
  const last = record.transcript.at(-1);
  assert.is(last?.who, 'agent');
  await eventually(5000, 'it is heard', () => Math.max(...client.heard(client.frames.length - 50)) > 1000);
  client.destroy();
});

test.run();
