import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { attack } from '../support/attackers.js';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { nowMs, within } from '../support/deadline.js';
import { leave, observe } from '../support/precedence.js';
import { projectFolder } from '../support/project.js';
import { tone } from '../support/sound.js';
import { TalkpathProcess } from '../support/talkpath-process.js';

const test = suite('the line keeps its pace');
const environment = { TALKPATH_PROVIDER: 'echo' };
let talkpath: TalkpathProcess;
/** Never sends a frame; in every test it is also the undisturbed call beside. */
let mute: AudioSocketClient;
/** Through all of this file's floods, and the processes that it starts. */
const ownDelay = monitorEventLoopDelay({ resolution: 5 });
test.before(async () => {
  ownDelay.enable();
  talkpath = await TalkpathProcess.start({ environment });
  mute = await AudioSocketClient.call(talkpath.audiosocket);
});
test.after(() => talkpath.kill());

/** No frame is missing, and none comes noticeably late, beyond what the test itself may have come late to see. */
function isSteady(client: AudioSocketClient, fromFrame: number, what: string, ownLateMs = 0): number {
  const { missing, gapMs, received } = client.timing(fromFrame);
  const fromMs = client.frames[fromFrame]?.atMs ?? 0;
  const seen = `${what}: ${received} frames, ${missing} missing, gaps p50 ${gapMs.p50} p99 ${gapMs.p99} max ${gapMs.max} ms, burst ${client.largestBurst(fromMs).toFixed(1)}`;
  console.log(`  ${seen}`);
  assert.is(missing, 0, seen);
  assert.ok(Math.abs(gapMs.p50 - 20) < 1, seen);
  assert.ok(gapMs.max < 150 + ownLateMs, `${seen}; the test itself ${ownLateMs.toFixed(0)} ms`);
  return gapMs.p99;
}

test('while 200 peers dribble a header, byte by byte, for as long as they are let', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  client.talk();
  await client.hearsFor(1000);
  const before = client.timing();
  const fromFrame = client.frames.length;
  const port = Number(talkpath.audiosocket.split(':').at(-1));
  const { opened, closedAfterMs } = await within(
    8000,
    'all of them are closed',
    attack({ port, connections: 200, bytes: [0x01, 0x00, 0x10], everyMs: 300, atOnce: 50 }),
  );
  assert.is(opened, 200);
  assert.ok(Math.max(...closedAfterMs) < 2600, `the last was closed after ${Math.max(...closedAfterMs)} ms`);
  const p99Ms = isSteady(client, fromFrame, `p99 before ${before.gapMs.p99} ms, with 200 dribblers`);
  assert.ok(p99Ms < before.gapMs.p99 + 15, `p99 ${before.gapMs.p99} ms before, ${p99Ms} ms with 200 dribblers`);
  client.destroy();
});

for (const [what, message] of [
  ['frames without a sample', Buffer.from([0x10, 0, 0])],
  ['frames of one sample', Buffer.from([0x10, 0, 2, 0, 0])],
  ['digits', Buffer.from([0x03, 0, 1, 0x35])],
] as const) {
  test(`while one peer after the other sends ${what} as fast as it can`, async () => {
    const client = await AudioSocketClient.call(talkpath.audiosocket);
    await client.hearsFor(500);
    const fromFrame = client.frames.length;
    const flood = Buffer.concat(Array.from({ length: 20_000 }, () => message));
    for (let i = 0; i < 20; i += 1) {
      const peer = await AudioSocketClient.call(talkpath.audiosocket);
      for (let sent = 0; sent < 5; sent += 1) peer.send(flood);
      await within(1000, 'the flooding peer is ended', peer.closed);
      assert.is((await talkpath.endedCall(peer.callId)).endReason, 'line-flooded');
    }
    isSteady(client, fromFrame, `with 20 floods of ${what}`);
    client.destroy();
  });
}

test('while the wall clock jumps to and fro by an hour', async () => {
  const jumps = pathToFileURL(join(projectFolder, 'build/test/support/jumping-wall-clock.js')).href;
  const jumping = await TalkpathProcess.start({ environment: { ...environment, NODE_OPTIONS: `--import ${jumps}` } });
  try {
    const client = await AudioSocketClient.open(jumping.audiosocket);
    await jumping.announce(client.callId, { profile: 'wideband' });
    client.sayUuid();
    client.talk(16_000);
    const startedMs = nowMs();
    await client.hearsFor(2000);
    isSteady(client, 1, 'wall clock jumping');
    client.finish();
    const record = await jumping.endedCall(client.callId);
    assert.ok(Math.abs(record.durationMs - (nowMs() - startedMs)) < 1000, `the record says ${record.durationMs} ms`);
    const startedAt = record.startedAt;
    assert.ok(Math.abs(Date.parse(startedAt) - Date.now()) > 3_000_000, `the clock did jump: ${startedAt}`);
  } finally {
    await jumping.kill();
  }
});

test('while the control thread is busy for 500 ms of every 2 s, or for 2 s once', async () => {
  await Promise.all([staysSteady('500/2000', 4600), staysSteady('2000/4000', 6100)]);
});

/** A call beside a control thread that stalls so; after `callMs` it is free for a second and more. */
async function staysSteady(stall: string, callMs: number): Promise<void> {
  const stalling = await TalkpathProcess.start({ environment: { ...environment, TALKPATH_TEST_STALL_MS: stall } });
  try {
    const client = await AudioSocketClient.call(stalling.audiosocket);
    client.talk();
    await client.hearsFor(callMs);
    isSteady(client, 1, `stall ${stall}`);
    client.say(tone(1000, 200, 8000, -15));
    await client.hearsFor(1000);
    assert.ok(Math.max(...client.heard(client.frames.length - 50)) > 3000, 'an echo that was held up once does not stay late');
    client.finish();
    await within(1000, 'the media thread ends the call by itself', client.closed);
    const record = await stalling.endedCall(client.callId);
    assert.is(record.audio?.gaps['line-back-pressure'].ms, 0);
    const all = await stalling.metric('talkpath_control_stall_seconds_count');
    const short = await stalling.metric('talkpath_control_stall_seconds_bucket', { le: '0.25' });
    assert.ok(all - short >= 1, 'the control thread did stall');
  } finally {
    await stalling.kill();
  }
}

test('and plays what is queued without a break while the control thread stalls', async () => {
  const program = join(projectFolder, 'build/test/support/queued-reply-server.js');
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, TALKPATH_TEST_STALL_MS: '2000/2200' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  observe(child.pid);
  try {
    const [address = ''] = await within(
      10_000,
      'its address',
      createInterface({ input: child.stdout })
        [Symbol.asyncIterator]()
        .next()
        .then(({ value }) => [String(value)]),
    );
    const client = await AudioSocketClient.call(address);
    await client.hearsFor(5500);
    isSteady(client, 1, 'queued reply, stall 2000/2200');
    const heard = client.heard();
    const startsAt = heard.findIndex((sample) => Math.abs(sample) > 200);
    const reply = tone(500, 5000, 8000, -20);
    const played = heard.subarray(startsAt, startsAt + reply.length);
    // A break of a single sample would show as a step; a tone of 500 Hz at -20 dBFS bends by 715 at most.
    let sharpest = 0;
    for (let i = 2; i < played.length - 200; i += 1) {
      sharpest = Math.max(sharpest, Math.abs((played[i] ?? 0) - 2 * (played[i - 1] ?? 0) + (played[i - 2] ?? 0)));
    }
    assert.ok(sharpest < 900, `the sharpest bend is ${sharpest}`);
    assert.ok(Math.max(...played.subarray(-1200, -400)) > 4000, 'the last words are heard as the first');
    client.destroy();
  } finally {
    child.kill('SIGKILL');
    leave();
  }
});

test('after the whole process stood still for 5 s, without a burst, and its calls live on', async () => {
  const stopped = await TalkpathProcess.start({ environment });
  try {
    const clients = await Promise.all([1, 2].map(() => AudioSocketClient.call(stopped.audiosocket)));
    for (const client of clients) client.talk();
    await clients[0]?.hearsFor(500);
    process.kill(stopped.pid, 'SIGSTOP');
    await mute.hearsFor(5000);
    const resumedMs = nowMs();
    process.kill(stopped.pid, 'SIGCONT');
    for (const client of clients) client.say(tone(1000, 1000, 8000, -15));
    await Promise.all(clients.map((client) => client.hearsFor(2000)));
    for (const client of clients) {
      const burst = client.largestBurst(resumedMs);
      console.log(`  after SIGCONT: ${burst.toFixed(1)} frames beyond the pace`);
      // One frame more than the regular, and as much as the call beside shows of this machine's own unrest.
      assert.ok(burst <= 2 + mute.largestBurst(resumedMs), `${burst} frames beyond the pace`);
      const heard = client.heard(client.frames.findIndex(({ atMs }) => atMs > resumedMs));
      assert.ok(Math.max(...heard) > 3000, 'the caller is heard and answered as before');
      const record = await stopped.call(client.callId);
      assert.is(record.state, 'live');
      assert.ok((record.audio?.gaps['engine-late'].ms ?? 0) > 4500, 'the gap stands on the record with its cause');
      client.destroy();
    }
  } finally {
    process.kill(stopped.pid, 'SIGCONT');
    await stopped.kill();
  }
});

test('to a peer that never says a word, for as long as it likes', async () => {
  if (mute.frames.length < 500) await mute.hears(500);
  isSteady(mute, 1, `mute peer, ${mute.frames.length} frames`, ownDelay.max / 1e6);
  assert.is((await talkpath.call(mute.callId)).state, 'live');
  mute.destroy();
});

test.run();
