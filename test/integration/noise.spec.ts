import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { eventually } from '../support/deadline.js';
import { joined, silence, tone } from '../support/sound.js';
import { TalkpathProcess } from '../support/talkpath-process.js';

const test = suite('a line that makes noise');
const rateHz = 8000;
let talkpath: TalkpathProcess;
test.before(async () => {
  talkpath = await TalkpathProcess.start({ settings: 'turn_taking: {no_input_ms: 30000}' });
});
test.after(() => talkpath.kill());

test('noises without a word are not answered, and after the third the agent asks whether anybody is there', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  client.talk();
  await talkpath.callWhen(client.callId, 'the greeting', ({ transcript }) => transcript.some(({ who }) => who === 'agent'), 10_000);
  await client.hearsFor(6000);
  const knock = joined(tone(300, 60, rateHz, -12), tone(900, 60, rateHz, -12), silence(1900, rateHz));
  client.say(joined(knock, knock, knock, knock));
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
