import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeFrame, uuidFromText } from '#talkpath/transports/audiosocket/frame.js';
import { levelDbfs } from '../support/audio-measure.js';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { eventually, nowMs, within } from '../support/deadline.js';
import { tone } from '../support/sound.js';
import { strongestHz } from '../support/spectrum.js';
import { TalkpathProcess } from '../support/talkpath-process.js';

const test = suite('bad input');
let talkpath: TalkpathProcess;
/** Sends µ-law for 6.2 s, beside the other tests. */
let encodedLine: { client: AudioSocketClient; talking: Promise<void> };
test.before(async () => {
  talkpath = await TalkpathProcess.start({
    environment: { TALKPATH_PROVIDER: 'echo' },
    settings:
      'profiles: {telephony: {high_pass_hz: 20, noise_suppression: "off"}}\naudiosocket: {max_unidentified: 5000, max_unidentified_per_address: 5000}',
  });
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  const frames = Array.from({ length: 310 }, () => message(new Uint8Array(160).fill(0xff)));
  encodedLine = { client, talking: paced(frames, 20, (piece) => client.send(piece)) };
});
test.after(() => talkpath.kill());

/** The server turns the connection away: how long after now, in milliseconds. */
async function turnsAway(client: AudioSocketClient, withinMs: number): Promise<number> {
  const fromMs = nowMs();
  const { atMs } = await within(withinMs, 'the server closes', client.closed);
  assert.is(client.frames.length, 0);
  client.destroy();
  return atMs - fromMs;
}

const bytesOf = (samples: Int16Array): Uint8Array => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

/** The echo of a second of 1 kHz that was sent in pieces of any form. */
function isTheTone(client: AudioSocketClient, form: string): void {
  const echo = client.heard();
  const loudest = echo.findIndex((sample) => Math.abs(sample) > 2000);
  assert.ok(loudest > 0, `${form}: the tone came back`);
  const middle = echo.subarray(loudest + 1600, loudest + 6400);
  assert.ok(Math.abs(strongestHz(middle, 8000) - 1000) < 5, `${form}: ${strongestHz(middle, 8000)} Hz`);
  assert.ok(Math.abs(levelDbfs(middle) + 15) < 0.5, `${form}: ${levelDbfs(middle)} dBFS`);
}

test('peers that connect and say nothing are closed after 2 s, and cost no memory', async () => {
  const rss = async (): Promise<number> => (await talkpath.metric('talkpath_process_resident_memory_bytes')) / 2 ** 20;
  const silentPeers = async (): Promise<void> => {
    const clients = await Promise.all(Array.from({ length: 300 }, () => AudioSocketClient.open(talkpath.audiosocket)));
    const tookMs = await Promise.all(clients.map((client) => turnsAway(client, 4000)));
    assert.ok(Math.max(...tookMs) < 2600 && Math.min(...tookMs) > 1400, `closed after ${Math.min(...tookMs)} to ${Math.max(...tookMs)} ms`);
  };
  await silentPeers();
  const before = await rss();
  await silentPeers();
  assert.ok((await rss()) - before < 10, `${before} MB before, ${await rss()} MB after 300 more`);
});

test('audio before the UUID is turned away, and counted', async () => {
  const counted = (): Promise<number> => talkpath.metric('talkpath_calls_refused_total', { reason: 'audio-before-uuid' });
  const before = await counted();
  const client = await AudioSocketClient.open(talkpath.audiosocket);
  client.sendFrame(0x10, new Uint8Array(320));
  client.sayUuid();
  await turnsAway(client, 500);
  await eventually(2000, 'it is counted', async () => (await counted()) === before + 1);
});

for (const bytes of [0, 1, 15, 17, 65_535]) {
  test(`a UUID of ${bytes} bytes is turned away`, async () => {
    const client = await AudioSocketClient.open(talkpath.audiosocket);
    client.sendFrame(0x01, new Uint8Array(bytes));
    await turnsAway(client, 1000);
  });
}

test('noise instead of a protocol is turned away', async () => {
  for (const text of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '\0\0\0\0\0\0\0']) {
    const client = await AudioSocketClient.open(talkpath.audiosocket);
    client.send(Buffer.from(text, 'latin1'));
    await turnsAway(client, 3000);
  }
});

test('a UUID that a live call has is turned away, and the live call does not notice', async () => {
  const first = await AudioSocketClient.call(talkpath.audiosocket);
  first.talk();
  await first.hearsFor(200);
  const fromFrame = first.frames.length;
  for (let i = 0; i < 5; i += 1) {
    const second = await AudioSocketClient.open(talkpath.audiosocket, { callId: first.callId });
    second.sayUuid();
    await turnsAway(second, 500);
  }
  await first.hearsFor(400);
  assert.is(first.timing(fromFrame).missing, 0);
  assert.is((await talkpath.call(first.callId)).state, 'live');
  first.destroy();
});

test('a second UUID in a call ends it', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  client.sayUuid();
  await within(500, 'the server closes', client.closed);
  assert.is((await talkpath.endedCall(client.callId)).endReason, 'protocol-error');
});

test('messages of unknown kinds, as long as there are, are skipped, noted once, and cost no memory', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  const before = await talkpath.metric('talkpath_process_resident_memory_bytes');
  for (let i = 0; i < 100; i += 1) client.sendFrame(0x7f, new Uint8Array(65_535));
  client.sendFrame(0x03, Buffer.from('5'));
  const record = await talkpath.callWhen(client.callId, 'the digit behind it all', ({ digits }) => digits.length === 1);
  assert.equal(record.notices, ['unknown-kind']);
  const grownMb = ((await talkpath.metric('talkpath_process_resident_memory_bytes')) - before) / 2 ** 20;
  assert.ok(grownMb < 16, `${grownMb} MB for 6.5 MB of nothing`);
  client.destroy();
});

test('a tone comes back as it was, in whatever frames and pieces it came', async () => {
  const frames = (bytes: Uint8Array): Uint8Array[] => cut(bytes, () => 320).map(message);
  const forms: Record<string, (bytes: Uint8Array) => Uint8Array[]> = {
    'in frames of an odd length': (bytes) => cut(bytes, () => 320).map((piece) => message(Buffer.concat([piece, Uint8Array.of(0x55)]))),
    'in frames of 1 ms': (bytes) => cut(bytes, () => 16).map(message),
    'in frames of any length': (bytes) => cut(bytes, (i) => 2 * ((i * 37) % 400)).map(message),
    'cut at every byte offset in turn': (bytes) => cut(Buffer.concat(frames(bytes)), (i) => 323 + (i % 323)),
  };
  await Promise.all(
    Object.entries(forms).map(async ([form, pieces]) => {
      const client = await AudioSocketClient.call(talkpath.audiosocket);
      const sent = pieces(bytesOf(tone(1000, 1000, 8000, -15)));
      await paced(sent, 1000 / sent.length, (piece) => client.send(piece));
      await client.hearsFor(400);
      isTheTone(client, form);
      client.destroy();
    }),
  );
});

const message = (payload: Uint8Array): Uint8Array => Buffer.concat([Uint8Array.of(0x10, payload.length >> 8, payload.length & 0xff), payload]);

/** Pieces of these lengths. */
function cut(bytes: Uint8Array, lengthOf: (piece: number) => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOf(pieces.length);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** Hands the pieces out, evenly over time. */
async function paced(pieces: readonly Uint8Array[], everyMs: number, send: (piece: Uint8Array) => void): Promise<void> {
  const startMs = nowMs();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const beat = setInterval(() => {
      for (; sent < pieces.length && sent * everyMs <= nowMs() - startMs; sent += 1) send(pieces[sent] as Uint8Array);
      if (sent < pieces.length) return;
      clearInterval(beat);
      resolve();
    }, 2);
  });
}

test('fifty frames in one segment make no burst, and what follows them is not held up', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  await client.hearsFor(100);
  const fromMs = nowMs();
  client.send(Buffer.concat(cut(bytesOf(tone(1000, 1000, 8000, -15)), () => 320).map(message)));
  await client.hearsFor(1200);
  // Fifty at once would be some forty beyond it.
  assert.ok(client.largestBurst(fromMs) < 5, `${client.largestBurst(fromMs)} frames beyond the pace`);
  const fromFrame = client.frames.length;
  client.talk();
  client.say(tone(1000, 200, 8000, -15));
  await client.hearsFor(500);
  assert.ok(Math.max(...client.heard(fromFrame)) > 3000, 'the echo is as quick as before');
  client.destroy();
});

test('audio without samples changes nothing', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  for (let i = 0; i < 50; i += 1) client.sendFrame(0x10, new Uint8Array(0));
  client.sendFrame(0x03, Buffer.from('8'));
  const record = await talkpath.callWhen(client.callId, 'the digit behind it', ({ digits }) => digits.length === 1);
  assert.is(record.audio?.lineSamplesIn, 0);
  client.destroy();
});

test('digits that are none are noted once and skipped, those around them are kept', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  for (const payload of [[0x31], [0xff], [0x00], [0xc3, 0xa9], [], [0x31, 0x32], [0x45], [0x32]]) client.sendFrame(0x03, Uint8Array.from(payload));
  const record = await talkpath.callWhen(client.callId, 'both digits', ({ digits }) => digits.length === 2);
  assert.is(record.digits.map(({ digit }) => digit).join(''), '12');
  assert.equal(record.notices, ['bad-dtmf']);
  client.destroy();
});

for (const [what, leave, endReason] of [
  ['tears the line in the middle of a frame', (client: AudioSocketClient) => client.reset(), 'connection-reset'],
  ['closes in the middle of a frame', (client: AudioSocketClient) => client.finish(), 'caller-hung-up'],
] as const) {
  test(`a caller who ${what} ends the call within 100 ms, and the record is written`, async () => {
    const client = await AudioSocketClient.call(talkpath.audiosocket);
    client.send(message(new Uint8Array(320)).subarray(0, 100));
    await client.hearsFor(100);
    const fromMs = nowMs();
    leave(client);
    const record = await talkpath.callWhen(client.callId, 'it has ended', ({ state }) => state === 'ended');
    assert.is(record.endReason, endReason);
    const leftMs = fromMs - (client.frames[0]?.atMs ?? 0);
    assert.ok(record.durationMs - leftMs < 100, `the call went on for ${record.durationMs - leftMs} ms`);
    assert.is(record.audio?.framesOut !== undefined, true);
    client.destroy();
  });
}

test('a caller who closes its half is hung up, though it would listen on', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  const fromMs = nowMs();
  client.finish();
  const { atMs } = await within(1000, 'the server closes', client.closed);
  assert.ok(atMs - fromMs < 100, `after ${atMs - fromMs} ms`);
  client.destroy();
});

test('a caller who is gone at once, with a digit on the way, leaves a record', async () => {
  for (const leave of ['finish', 'reset'] as const) {
    const client = await AudioSocketClient.open(talkpath.audiosocket);
    client.send(Buffer.concat([encodeFrame(0x01, uuidFromText(client.callId) as Uint8Array), encodeFrame(0x03, Buffer.from('7'))]));
    if (leave === 'reset') await client.hears(1);
    client[leave]();
    const record = await talkpath.endedCall(client.callId);
    assert.is(record.endReason, leave === 'reset' ? 'connection-reset' : 'caller-hung-up');
    assert.equal(
      record.digits.map(({ digit }) => digit),
      ['7'],
    );
    client.destroy();
  }
});

test('a line that sends µ-law as linear audio is told apart within 6 s, with what to write in the dialplan', async () => {
  await encodedLine.talking;
  const record = await talkpath.callWhen(encodedLine.client.callId, 'the notice', ({ notices }) => notices.length > 0);
  assert.equal(record.notices, ['encoded-audio']);
  assert.ok(talkpath.log.some(({ msg }) => msg.includes('c(slin)')));
  encodedLine.client.destroy();
});

test.run();
