import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioSocketConnection } from '#talkpath/transports/audiosocket/connection.js';
import { encodeFrame } from '#talkpath/transports/audiosocket/frame.js';
import type { LineCounters, LineSession, RefusalReason } from '#talkpath/transports/transport.js';
import { settled } from '../../../support/call-bench.js';
import { ManualClock } from '../../../support/manual-clock.js';

const uuid = encodeFrame(0x01, new Uint8Array(16));
const frameBytes = 320;

/** The kernel's side of a socket: takes what is written as long as the peer reads. */
class FakeSocket extends Duplex {
  readonly remoteAddress = '192.0.2.1';
  readonly written: Buffer[] = [];
  peerReads = true;
  #waiting: (() => void)[] = [];

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, taken: () => void): void {
    const take = (): void => {
      this.written.push(Buffer.from(bytes));
      taken();
    };
    if (this.peerReads) take();
    else this.#waiting.push(take);
  }

  /** The peer reads again, beginning with what had waited. */
  readOn(): void {
    this.peerReads = true;
    for (const take of this.#waiting.splice(0)) take();
  }
}

/** A session that has a new frame for the line whenever it is asked. */
class FakeSession implements LineSession {
  readonly rateHz = 8000;
  readonly pushed: { bytes: number; rateHz: number }[] = [];
  framesMade = 0;

  push(_bytes: Uint8Array, _offset: number, byteCount: number, rateHz: number): number {
    this.pushed.push({ bytes: byteCount, rateHz });
    return byteCount;
  }

  drain(bytes: Uint8Array, offset: number): number {
    this.framesMade += 1;
    bytes.fill(this.framesMade, offset, offset + frameBytes);
    return frameBytes;
  }
}

function bench(answer: LineSession | RefusalReason = new FakeSession()) {
  const clock = new ManualClock();
  const socket = new FakeSocket();
  const told: string[] = [];
  let counters: LineCounters | undefined;
  const connection = new AudioSocketConnection(
    socket as unknown as Socket,
    {
      lineArrived: () => answer,
      lineDigit: (_callId, digit) => told.push(`digit ${digit}`),
      lineNotice: (_callId, notice) => told.push(notice),
      lineEnded: (_callId, reason, line) => {
        told.push(`ended: ${reason}`);
        counters = line;
      },
      lineRefused: (reason) => told.push(`refused: ${reason}`),
      identified: () => told.push('identified'),
      closed: () => told.push('closed'),
    },
    clock,
  );
  return { clock, socket, told, connection, counters: () => counters };
}

async function says(socket: FakeSocket, bytes: Uint8Array): Promise<void> {
  socket.push(bytes);
  await settled();
}

test('a peer that says nothing is closed after 2 s', async () => {
  const { clock, socket, told } = bench();
  clock.advance(1999);
  assert.equal(told, []);
  clock.advance(1);
  await settled();
  assert.equal(told, ['refused: no-uuid', 'closed']);
  assert.ok(socket.destroyed);
});

test('a peer that has said its UUID may be silent for ever', async () => {
  const { clock, socket, told } = bench();
  await says(socket, uuid);
  clock.advance(3_600_000);
  assert.equal(told, ['identified']);
  assert.is(clock.pending, 0);
});

test('each due frame is one write, with its header, and frames do not overwrite each other on their way', async () => {
  const { socket, connection } = bench();
  await says(socket, uuid);
  socket.peerReads = false;
  for (let i = 0; i < 5; i += 1) connection.writeDueFrame();
  socket.readOn();
  await settled();
  assert.equal(
    socket.written.map((bytes) => [bytes.subarray(0, 3).toString('hex'), bytes.length, bytes[3], bytes[322]]),
    [1, 2, 3, 4, 5].map((value) => ['100140', 323, value, value]),
  );
});

test('of a peer that does not read five frames wait, and further ones are dropped and counted', async () => {
  const { clock, socket, told, connection, counters } = bench();
  await says(socket, uuid);
  socket.peerReads = false;
  for (let i = 0; i < 100; i += 1) {
    clock.advance(20);
    connection.writeDueFrame();
  }
  assert.ok(socket.writableLength <= 5 * 323, `${socket.writableLength} bytes wait`);
  socket.readOn();
  await settled();
  connection.writeDueFrame();
  assert.equal(
    socket.written.map((bytes) => bytes[3]),
    [1, 2, 3, 4, 5, 101],
    'what follows is of now, not of two seconds ago',
  );
  connection.hangUp('hung-up');
  assert.equal(told, ['identified', 'ended: hung-up']);
  assert.equal([counters()?.framesOut, counters()?.framesDropped], [7, 95]);
});

test('a line that is blocked for more than 5 s is ended', async () => {
  const { clock, socket, told, connection } = bench();
  await says(socket, uuid);
  socket.peerReads = false;
  let blockedMs = 0;
  while (!socket.destroyed && blockedMs < 20_000) {
    clock.advance(20);
    blockedMs += 20;
    connection.writeDueFrame();
  }
  assert.ok(blockedMs > 5000 && blockedMs < 5500, `after ${blockedMs} ms`);
  assert.equal(told, ['identified', 'ended: line-blocked']);
});

test('a peer that takes a frame now and then keeps its line', async () => {
  const { clock, socket, told, connection } = bench();
  await says(socket, uuid);
  for (let second = 0; second < 20; second += 1) {
    socket.peerReads = false;
    for (let i = 0; i < 50; i += 1) {
      clock.advance(20);
      connection.writeDueFrame();
    }
    socket.readOn();
    await settled();
  }
  assert.equal(told, ['identified']);
});

test('hanging up sends the message and a FIN, and a peer that does not close is cut off after 2 s', async () => {
  const { clock, socket, told, connection } = bench();
  await says(socket, uuid);
  connection.hangUp('hung-up');
  await settled();
  assert.is(socket.written.at(-1)?.toString('hex'), '000000');
  assert.ok(socket.writableEnded);
  assert.not.ok(socket.destroyed);
  clock.advance(2000);
  assert.ok(socket.destroyed);
  assert.equal(
    told.filter((what) => what.startsWith('ended')),
    ['ended: hung-up'],
  );
});

test('what a peer says after it was hung up is not heard', async () => {
  const session = new FakeSession();
  const { socket, told, connection } = bench(session);
  await says(socket, uuid);
  connection.hangUp('hung-up');
  await says(socket, encodeFrame(0x03, Buffer.from('5')));
  await says(socket, encodeFrame(0x10, new Uint8Array(frameBytes)));
  assert.equal(session.pushed, []);
  assert.equal(told, ['identified', 'ended: hung-up']);
});

test('audio goes to the session at the rate of its kind, in any length', async () => {
  const session = new FakeSession();
  const { socket, counters, connection } = bench(session);
  await says(
    socket,
    Buffer.concat([uuid, encodeFrame(0x12, new Uint8Array(640)), encodeFrame(0x10, new Uint8Array(321)), encodeFrame(0x10, new Uint8Array(0))]),
  );
  assert.equal(session.pushed, [
    { bytes: 640, rateHz: 16_000 },
    { bytes: 321, rateHz: 8000 },
    { bytes: 0, rateHz: 8000 },
  ]);
  connection.hangUp('hung-up');
  assert.equal([counters()?.framesIn, counters()?.lastRateHz], [3, 8000]);
});

test('an oddity is told once a call, every digit each time', async () => {
  const { socket, told } = bench();
  const odd = [
    encodeFrame(0x7f, new Uint8Array(9)),
    encodeFrame(0x03, Uint8Array.of(0xff)),
    encodeFrame(0xff, Uint8Array.of(1)),
    encodeFrame(0x03, Buffer.from('7')),
  ];
  await says(socket, Buffer.concat([uuid, ...odd, ...odd]));
  assert.equal(told, ['identified', 'unknown-kind', 'bad-dtmf', 'error-frame', 'digit 7', 'digit 7']);
});

for (const [what, bytes, reason] of [
  ['audio', encodeFrame(0x10, new Uint8Array(320)), 'audio-before-uuid'],
  ['a digit', encodeFrame(0x03, Buffer.from('1')), 'no-uuid'],
  ['a UUID of 15 bytes', encodeFrame(0x01, new Uint8Array(15)), 'bad-uuid'],
  ['a UUID of 17 bytes', encodeFrame(0x01, new Uint8Array(17)), 'bad-uuid'],
  ['an empty UUID', encodeFrame(0x01, new Uint8Array(0)), 'bad-uuid'],
] as const) {
  test(`a peer whose first message is ${what} is turned away`, async () => {
    const { socket, told } = bench();
    await says(socket, Buffer.concat([bytes, uuid]));
    assert.equal(told, [`refused: ${reason}`, 'closed']);
    assert.ok(socket.destroyed);
  });
}

test('a peer whom the server does not want is turned away with its reason', async () => {
  const { socket, told, clock } = bench('not-registered');
  await says(socket, uuid);
  assert.equal(told, ['refused: not-registered', 'closed']);
  assert.is(clock.pending, 0);
});

test('a second UUID ends the call', async () => {
  const { socket, told } = bench();
  await says(socket, Buffer.concat([uuid, uuid]));
  assert.equal(told, ['identified', 'ended: protocol-error', 'closed']);
});

test('a call ends once, however its line goes', async () => {
  const { socket, told } = bench();
  await says(socket, uuid);
  socket.push(null);
  await settled();
  socket.destroy(new Error('late'));
  await settled();
  assert.equal(
    told.filter((what) => what.startsWith('ended')),
    ['ended: caller-hung-up'],
  );
});

test('a line that is torn is a reset connection', async () => {
  const { socket, told } = bench();
  await says(socket, uuid);
  socket.destroy(new Error('ECONNRESET'));
  await settled();
  assert.equal(told, ['identified', 'ended: connection-reset', 'closed']);
});

test('a peer that sends more messages than any line does is ended, and a minute that comes at once is not', async () => {
  const { clock, socket, told } = bench();
  await says(socket, uuid);
  const frame = encodeFrame(0x10, new Uint8Array(320));
  await says(socket, Buffer.concat(Array.from({ length: 5900 }, () => frame)));
  for (let ms = 0; ms < 60_000; ms += 20) {
    clock.advance(20);
    await says(socket, frame);
  }
  assert.equal(told, ['identified']);
  await says(socket, Buffer.concat(Array.from({ length: 9000 }, () => Buffer.from([0x10, 0, 0]))));
  assert.equal(told.slice(1), ['ended: line-flooded', 'closed']);
});

test('a peer that sends more bytes than any line does is ended', async () => {
  const { socket, told } = bench();
  await says(socket, uuid);
  const message = encodeFrame(0x7f, new Uint8Array(65_535));
  for (let i = 0; i < 360; i += 1) await says(socket, message);
  assert.equal(told, ['identified', 'unknown-kind']);
  for (let i = 0; i < 20; i += 1) if (!socket.destroyed) await says(socket, message);
  assert.equal(told.slice(2), ['ended: line-flooded', 'closed']);
});

test('digits that come faster than anybody presses them are skipped and noted once', async () => {
  const { clock, socket, told } = bench();
  await says(socket, uuid);
  const digit = encodeFrame(0x03, Buffer.from('7'));
  await says(socket, Buffer.concat(Array.from({ length: 1000 }, () => digit)));
  assert.is(told.filter((what) => what === 'digit 7').length, 100);
  assert.is(told.filter((what) => what === 'dtmf-flood').length, 1);
  clock.advance(1000);
  await says(socket, digit);
  assert.is(told.at(-1), 'digit 7', 'what is pressed later is heard');
});

test.run();
