import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { levelDbfs } from '../support/audio-measure.js';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { within } from '../support/deadline.js';
import { tone } from '../support/sound.js';
import { strongestHz } from '../support/spectrum.js';
import { TalkpathProcess } from '../support/talkpath-process.js';

const test = suite('the line');
let talkpath: TalkpathProcess;
test.before(async () => {
  talkpath = await TalkpathProcess.start({
    environment: { TALKPATH_PROVIDER: 'echo' },
    settings: 'profiles: {plain: {line_rate_hz: 8000, high_pass_hz: 20, noise_suppression: "off"}}',
  });
});
test.after(() => talkpath.kill());

test('a call gets frames of 20 ms of the kind that its profile says, one at a time', async () => {
  const profiles = [
    ['telephony', 0x10, 8000],
    ['wideband', 0x12, 16_000],
    ['hifi', 0x13, 24_000],
  ] as const;
  await Promise.all(
    profiles.map(async ([profile, kind, rateHz]) => {
      const client = await AudioSocketClient.open(talkpath.audiosocket);
      await talkpath.announce(client.callId, { profile });
      client.sayUuid();
      await client.hearsFor(2000);
      const frameBytes = (rateHz / 50) * 2;
      assert.equal([...new Set(client.frames.map((frame) => frame.kind))], [kind]);
      assert.equal([...new Set(client.frames.map((frame) => frame.pcm.length))], [frameBytes]);
      const alone = client.pieceBytes.filter((bytes) => bytes === 3 + frameBytes).length;
      assert.ok(alone > 0.9 * client.frames.length, `${alone} of ${client.frames.length} frames came in a piece of their own: one write each`);
      const { missing, gapMs } = client.timing();
      assert.is(missing, 0);
      assert.ok(gapMs.p50 > 19 && gapMs.p50 < 21, `p50 ${gapMs.p50} ms`);
      client.destroy();
    }),
  );
});

test('silence is there from the first moment, long before anybody speaks', async () => {
  const client = await AudioSocketClient.open(talkpath.audiosocket);
  const saidMs = performance.now();
  client.sayUuid();
  await client.hearsFor(500);
  assert.ok((client.frames[0]?.atMs ?? Infinity) - saidMs < 100, `the first frame came after ${(client.frames[0]?.atMs ?? 0) - saidMs} ms`);
  assert.ok(client.heard().every((sample) => sample === 0));
  client.destroy();
});

test('a tone comes back at its pitch and level', async () => {
  const client = await AudioSocketClient.open(talkpath.audiosocket);
  await talkpath.announce(client.callId, { profile: 'plain' });
  client.sayUuid();
  client.talk();
  client.say(tone(1000, 1500, 8000, -20));
  await client.hearsFor(1800);
  const echo = client.heard();
  const middle = echo.subarray(Math.floor(echo.length * 0.4), Math.floor(echo.length * 0.7));
  assert.ok(Math.abs(strongestHz(middle, 8000) - 1000) < 10, `${strongestHz(middle, 8000)} Hz`);
  assert.ok(Math.abs(levelDbfs(middle) + 20) < 0.5, `${levelDbfs(middle)} dBFS`);
  client.destroy();
});

test('digits stand on the record, in their order', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  for (const digit of '19*0#D') client.sendFrame(0x03, Buffer.from(digit));
  const record = await talkpath.callWhen(client.callId, 'all digits', ({ digits }) => digits.length === 6);
  assert.is(record.digits.map(({ digit }) => digit).join(''), '19*0#D');
  client.destroy();
});

test('a caller who hangs up ends the call, and the record says so', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  client.talk();
  await client.hearsFor(200);
  client.finish();
  await within(500, 'the server closes as well', client.closed);
  const record = await talkpath.endedCall(client.callId);
  assert.is(record.endReason, 'caller-hung-up');
  assert.is(record.disposition, 'completed');
  assert.ok((record.audio?.framesOut ?? 0) >= 10);
});

test('a hang-up from our side is one message and a FIN, after the audio that was due', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  await talkpath.hangUp(client.callId);
  const { how } = await within(1000, 'the server hangs up', client.closed);
  assert.is(how, 'fin');
  assert.equal(client.otherKinds, [0x00]);
  assert.is((await talkpath.endedCall(client.callId)).endReason, 'hung-up');
});

test('the server never sends anything but audio and the hang-up', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  for (const kind of [0x03, 0xff, 0x7f, 0x02]) client.sendFrame(kind, Uint8Array.of(1, 2, 3));
  await client.hearsFor(300);
  assert.equal(client.otherKinds, []);
  client.destroy();
});

test('a call whose caller says its UUID in capitals is the call that was announced', async () => {
  const callId = 'ABCDEF01-5EFD-4BD3-805F-53576E581D13';
  await talkpath.announce(callId, { profile: 'wideband' });
  const client = await AudioSocketClient.call(talkpath.audiosocket, { callId });
  assert.is(client.frames[0]?.kind, 0x12);
  assert.is((await talkpath.call(callId)).plan.profile, 'wideband');
  client.destroy();
});

test.run();
