import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Playout } from '#talkpath/call/playout.js';
import { holds } from '../../support/property.js';

const roomy = 1e9;

/** An engine's queue with room for so many bytes; `take` plays some of them. */
class Queue {
  readonly pushed: { turn: number; pcm: number[]; rateHz: number; endsReply: boolean }[] = [];
  /** -1 when not even a mark fits. */
  room: number;

  constructor(room = roomy) {
    this.room = room;
  }

  push(turn: number, pcm: Uint8Array, rateHz: number, endsReply: boolean): number {
    if (this.room < 0) return -1;
    const taken = Math.min(pcm.byteLength, this.room & ~1);
    this.room -= taken;
    if (taken > 0 || (endsReply && taken === pcm.byteLength)) this.pushed.push({ turn, pcm: [...pcm.subarray(0, taken)], rateHz, endsReply });
    return taken;
  }

  bytesOf(turn: number): number[] {
    return this.pushed.filter((piece) => piece.turn === turn).flatMap((piece) => piece.pcm);
  }
}

const ramp = (from: number, count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (from + i) % 256);

test('audio goes straight into the engine, and the mark of its end after it', () => {
  const queue = new Queue();
  const playout = new Playout(queue);
  assert.ok(playout.push(1, ramp(0, 320), 24_000));
  playout.end(1);
  assert.equal(
    queue.pushed.map(({ turn, rateHz, endsReply, pcm }) => [turn, rateHz, endsReply, pcm.length]),
    [
      [1, 24_000, false, 320],
      [1, 24_000, true, 0],
    ],
  );
});

test('half a sample is joined to nothing of another rate or turn', () => {
  const queue = new Queue();
  const playout = new Playout(queue);
  playout.push(1, ramp(0, 3), 24_000);
  playout.push(1, ramp(100, 4), 16_000);
  playout.push(1, ramp(50, 1), 16_000);
  playout.push(2, ramp(200, 2), 16_000);
  assert.equal(queue.bytesOf(1), [0, 1, 100, 101, 102, 103]);
  assert.equal(queue.bytesOf(2), [200, 201]);
});

test('what does not fit waits, in order, and moves on as there is room', () => {
  const queue = new Queue(100);
  const playout = new Playout(queue);
  playout.push(1, ramp(0, 300), 8000);
  playout.push(1, ramp(300, 100), 8000);
  playout.end(1);
  assert.is(queue.bytesOf(1).length, 100);
  for (let i = 0; i < 4; i += 1) {
    queue.room = 100;
    playout.pump();
  }
  assert.equal(queue.bytesOf(1), [...ramp(0, 400)]);
  assert.ok(queue.pushed.at(-1)?.endsReply);
});

test('a mark that does not fit waits too', () => {
  const queue = new Queue(-1);
  const playout = new Playout(queue);
  playout.end(1);
  assert.equal(queue.pushed, []);
  queue.room = 0;
  playout.pump();
  assert.ok(queue.pushed[0]?.endsReply);
});

test('audio that waits is a copy: its buffer may be used again', () => {
  const queue = new Queue(0);
  const playout = new Playout(queue);
  for (const [turn, buffer] of [
    [1, ramp(0, 64)],
    [2, Buffer.from(ramp(0, 64))],
  ] as const) {
    queue.room = 0;
    playout.push(turn, buffer, 8000);
    buffer.fill(255);
    queue.room = 64;
    playout.pump();
    assert.equal(queue.bytesOf(turn), [...ramp(0, 64)]);
  }
});

test('a turn that is over is dropped where it waits and when it comes, and the next one is not', () => {
  const queue = new Queue(0);
  const playout = new Playout(queue);
  playout.push(1, ramp(0, 64), 8000);
  playout.push(2, ramp(64, 64), 8000);
  playout.drop(1);
  assert.not.ok(playout.push(1, ramp(0, 10), 8000));
  playout.end(1);
  queue.room = 1000;
  playout.pump();
  assert.equal(
    queue.pushed.map(({ turn }) => turn),
    [2],
  );
  assert.is(playout.dropped.lateMs, 10 / 16);
});

test('dropping an earlier turn later brings none back', () => {
  const playout = new Playout(new Queue());
  playout.drop(5);
  playout.drop(2);
  assert.not.ok(playout.push(5, ramp(0, 2), 8000));
});

test('what waits has a bound of five minutes at 24 kHz', () => {
  const playout = new Playout(new Queue(0));
  const minute = new Uint8Array(60 * 24_000 * 2);
  for (let i = 0; i < 7; i += 1) playout.push(1, minute, 24_000);
  assert.is(playout.dropped.noRoomMs, 120_000);
});

test('pieces of any size, odd ones too, come out as the samples they are, whatever room there is', () => {
  holds(
    fc.property(fc.array(fc.nat(40), { maxLength: 30 }), fc.array(fc.nat(60), { maxLength: 30 }), (sizes, rooms) => {
      const queue = new Queue(0);
      const playout = new Playout(queue);
      const stream = ramp(
        0,
        sizes.reduce((sum, size) => sum + size, 0),
      );
      let at = 0;
      sizes.forEach((size, i) => {
        queue.room = rooms[i] ?? 7;
        playout.push(1, stream.subarray(at, at + size), 8000);
        playout.pump();
        at += size;
      });
      playout.end(1);
      queue.room = roomy;
      playout.pump();
      assert.equal(queue.bytesOf(1), [...stream.subarray(0, stream.length & ~1)]);
      assert.ok(queue.pushed.every(({ pcm }) => pcm.length % 2 === 0));
      assert.ok(queue.pushed.at(-1)?.endsReply);
    }),
  );
});

test('turns in any pieces, some of them dropped in the middle, never mix, never shift and never come back', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ type: fc.constant('piece' as const), turn: fc.integer({ min: 1, max: 4 }), size: fc.nat(25) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('drop' as const), turn: fc.integer({ min: 1, max: 4 }), size: fc.constant(0) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('room' as const), turn: fc.constant(0), size: fc.integer({ min: -1, max: 40 }) }) },
  );
  holds(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const queue = new Queue(30);
      const playout = new Playout(queue);
      const given = new Map<number, number[]>();
      let deadThrough = 0;
      let openTurn = 1;
      for (const { type, turn, size } of steps) {
        const pushedBefore = queue.pushed.length;
        if (type === 'room') {
          queue.room = size;
          playout.pump();
        } else if (type === 'drop') {
          playout.drop(turn);
          deadThrough = Math.max(deadThrough, turn);
        } else {
          openTurn = Math.max(openTurn, turn); // a provider answers in turn
          const soFar = given.get(openTurn) ?? [];
          // The high bits say the turn, the low ones the place.
          const piece = Uint8Array.from({ length: size }, (_, i) => openTurn * 64 + ((soFar.length + i) % 64));
          assert.is(playout.push(openTurn, piece, 8000), openTurn > deadThrough);
          if (openTurn > deadThrough) given.set(openTurn, [...soFar, ...piece]);
        }
        assert.ok(queue.pushed.slice(pushedBefore).every((pushed) => pushed.turn > deadThrough && pushed.pcm.length % 2 === 0));
      }
      for (const [turn, bytes] of given) assert.equal(queue.bytesOf(turn), bytes.slice(0, queue.bytesOf(turn).length));
      queue.room = roomy;
      playout.pump();
      for (const [turn, bytes] of given) if (turn > deadThrough) assert.equal(queue.bytesOf(turn), bytes.slice(0, bytes.length & ~1));
      const order = queue.pushed.map((pushed) => pushed.turn);
      assert.equal(
        order,
        order.toSorted((a, b) => a - b),
      );
    }),
  );
});

test('half a sample at the end of a turn is not carried into the next', () => {
  const queue = new Queue();
  const playout = new Playout(queue);
  playout.push(1, ramp(0, 5), 8000);
  playout.push(2, ramp(10, 4), 8000);
  assert.equal(queue.bytesOf(1), [0, 1, 2, 3]);
  assert.equal(queue.bytesOf(2), [10, 11, 12, 13]);
});

test.run();
