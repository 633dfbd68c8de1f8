import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { eventually } from '../support/deadline.js';
import { TalkpathProcess } from '../support/talkpath-process.js';

const test = suite('memory');
const atOnce = 10;

test('a hundred short calls leave no memory, session, socket or thread behind', async () => {
  const talkpath = await TalkpathProcess.start({ environment: { TALKPATH_PROVIDER: 'echo' } });
  try {
    const calls = async (count: number): Promise<void> => {
      for (let made = 0; made < count; made += atOnce) {
        await Promise.all(Array.from({ length: atOnce }, (_, i) => shortCall(talkpath, i)));
      }
      await eventually(2000, 'no session is open', async () => (await talkpath.metric('talkpath_engine_sessions')) === 0);
    };
    const held = async () => ({
      mb: (await talkpath.metric('talkpath_process_resident_memory_bytes')) / 2 ** 20,
      // The admin API's own connections come and go.
      files: readdirSync(`/proc/${talkpath.pid}/fd`).length,
      threads: readdirSync(`/proc/${talkpath.pid}/task`).length,
    });
    await calls(50);
    const after50 = await held();
    await calls(50);
    const after100 = await held();
    console.log(`  after 50 calls ${JSON.stringify(after50)}, after 100 ${JSON.stringify(after100)}`);
    // A session's queues alone are 1.4 MB: fifty that stayed would be 70.
    assert.ok(after100.mb - after50.mb < 20, `${after50.mb} MB after 50 calls, ${after100.mb} MB after 100`);
    assert.ok(after100.files - after50.files <= 10, `${after50.files} files after 50 calls, ${after100.files} after 100`);
    assert.is(after100.threads, after50.threads);
    assert.is(await talkpath.metric('talkpath_calls_total'), 100);
    assert.is(await talkpath.metric('talkpath_calls_live'), 0);
  } finally {
    await talkpath.kill();
  }
});

/** A call of a quarter of a second that ends in one of the ways calls end. */
async function shortCall(talkpath: TalkpathProcess, way: number): Promise<void> {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  client.talk();
  await client.hearsFor(240);
  if (way % 3 === 0) client.finish();
  else if (way % 3 === 1) client.reset();
  else await talkpath.hangUp(client.callId);
  await talkpath.endedCall(client.callId);
  client.destroy();
}

test.run();
