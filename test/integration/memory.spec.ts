import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { levelDbfs } from '../support/audio-measure.js';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { eventually } from '../support/deadline.js';
import { haveModels } from '../support/speech-models.js';
import { TalkpathProcess } from '../support/talkpath-process.js';
import { telephoneSentence } from '../support/telephone-sentence.js';

const test = suite('memory');
const atOnce = 10;

interface Held {
  readonly mb: number;
  readonly files: number;
  readonly threads: number;
}

async function heldBy(talkpath: TalkpathProcess): Promise<Held> {
  return {
    mb: (await talkpath.metric('talkpath_process_resident_memory_bytes')) / 2 ** 20,
    // The admin API's own connections come and go.
    files: readdirSync(`/proc/${talkpath.pid}/fd`).length,
    threads: readdirSync(`/proc/${talkpath.pid}/task`).length,
  };
}

/** Places so many calls, ten at a time, twice: the second half must leave nothing more behind than the first. */
async function leavesNothingBehind(talkpath: TalkpathProcess, half: number, place: (call: number) => Promise<void>): Promise<void> {
  const calls = async (): Promise<Held> => {
    for (let made = 0; made < half; made += atOnce) await Promise.all(Array.from({ length: atOnce }, (_, i) => place(made + i)));
    await eventually(2000, 'no session is open', async () => (await talkpath.metric('talkpath_engine_sessions')) === 0);
    return heldBy(talkpath);
  };
  const before = await calls();
  const after = await calls();
  console.log(`  after ${half} calls ${JSON.stringify(before)}, after ${2 * half} ${JSON.stringify(after)}`);
  // A session's queues alone are 1.4 MB: fifty that stayed would be 70, and twenty 28.
  assert.ok(after.mb - before.mb < 20, `${before.mb} MB after ${half} calls, ${after.mb} MB after ${2 * half}`);
  assert.ok(after.files - before.files <= 10, `${before.files} files after ${half} calls, ${after.files} after ${2 * half}`);
  assert.is(after.threads, before.threads);
  assert.is(await talkpath.metric('talkpath_calls_total'), 2 * half);
  assert.is(await talkpath.metric('talkpath_calls_live'), 0);
}

test('a hundred short calls leave no memory, session, socket or thread behind', async () => {
  const talkpath = await TalkpathProcess.start({ environment: { TALKPATH_PROVIDER: 'echo' } });
  try {
    await leavesNothingBehind(talkpath, 50, async (call) => {
      const client = await AudioSocketClient.call(talkpath.audiosocket);
      client.talk();
      await client.hearsFor(240);
      await end(talkpath, client, call);
    });
  } finally {
    await talkpath.kill();
  }
});

const agentTest = (await haveModels(['stt', 'light'], ['tts', 'light'])) ? test : test.skip;

agentTest('forty calls in which the agent greets and is spoken to leave nothing behind either', async () => {
  const settings = 'default_provider: small\nproviders: { small: { type: scripted, tier: light } }\n';
  const talkpath = await TalkpathProcess.start({ settings });
  try {
    const word = (await telephoneSentence('Yes, please.')).subarray(0, 8 * 450);
    const callIds: string[] = [];
    await leavesNothingBehind(talkpath, 20, async (call) => {
      const client = await AudioSocketClient.call(talkpath.audiosocket);
      callIds.push(client.callId);
      client.talk();
      await eventually(5000, 'the agent speaks', () => firstLoudFrame(client), 20);
      await client.hearsFor(400);
      client.say(word);
      // In the middle of the words, while they are recognised, or when they are answered.
      await client.hearsFor(200 + (call % 4) * 400);
      await end(talkpath, client, call);
    });
    const records = await Promise.all(callIds.map((callId) => talkpath.call(callId)));
    for (const { transcript, turns } of records) {
      assert.is(transcript[0]?.who, 'agent');
      assert.is(turns[0]?.cause, 'greeting');
    }
    assert.ok(records.filter(({ turns }) => turns.some(({ cause }) => cause === 'caller')).length >= 5);
  } finally {
    await talkpath.kill();
  }
});

function firstLoudFrame(client: AudioSocketClient): number | undefined {
  const found = client.frames.findIndex(({ pcm }) => levelDbfs(new Int16Array(pcm.buffer)) > -40);
  return found < 0 ? undefined : found;
}

/** Ends a call in one of the ways calls end. */
async function end(talkpath: TalkpathProcess, client: AudioSocketClient, way: number): Promise<void> {
  if (way % 3 === 0) client.finish();
  else if (way % 3 === 1) client.reset();
  else await talkpath.hangUp(client.callId);
  await talkpath.endedCall(client.callId);
  client.destroy();
}

test.run();
