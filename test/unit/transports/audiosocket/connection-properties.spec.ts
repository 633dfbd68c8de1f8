import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioSocketConnection } from '#talkpath/transports/audiosocket/connection.js';
import { encodeFrame } from '#talkpath/transports/audiosocket/frame.js';
import { settled } from '../../../support/call-bench.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { holdsInTime } from '../../../support/property.js';

const rates = [8000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000];

/** A socket of which only the reading side matters. */
class Line extends Duplex {
  readonly remoteAddress = '192.0.2.1';
  override _read(): void {}
  override _write(_bytes: Buffer, _encoding: string, taken: () => void): void {
    taken();
  }
}

/** Everything a host and a session hear of one connection, in order. */
class Witness {
  readonly heard: string[] = [];
  readonly line = new Line();
  readonly clock = new ManualClock();
  readonly connection: AudioSocketConnection;

  constructor() {
    const session = {
      rateHz: 8000,
      push: (bytes: Uint8Array, offset: number, count: number, rateHz: number) => {
        assert.ok(offset >= 0 && offset + count <= bytes.byteLength && rates.includes(rateHz), 'a session gets audio that is there');
        this.heard.push(`audio ${rateHz} ${Buffer.from(bytes.subarray(offset, offset + count)).toString('hex')}`);
        return count;
      },
      drain: () => 0,
    };
    this.connection = new AudioSocketConnection(
      this.line as unknown as Socket,
      {
        lineArrived: (callId) => {
          this.heard.push(`arrived ${callId}`);
          return session;
        },
        lineDigit: (_callId, digit) => this.heard.push(`digit ${digit}`),
        lineNotice: (_callId, notice) => this.heard.push(`notice ${notice}`),
        lineEnded: (_callId, reason) => this.heard.push(`ended ${reason}`),
        lineRefused: (reason) => this.heard.push(`refused ${reason}`),
        identified: () => {},
        closed: () => this.heard.push('closed'),
      },
      this.clock,
    );
  }

  async says(piece: Uint8Array): Promise<void> {
    if (!this.line.destroyed) this.line.push(piece);
    await settled();
  }
}

const kind = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(0x00, 0x01, 0x03, 0x10, 0x12, 0xff) }, { weight: 1, arbitrary: fc.nat(255) });
const message = fc
  .tuple(kind, fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 16, maxLength: 16 })))
  .map(([of, payload]) => encodeFrame(of, payload));
const hello = encodeFrame(0x01, new Uint8Array(16));
/** What a peer may send: messages in any order, most often after a proper beginning, and garbage. */
const speech = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.oneof({ weight: 6, arbitrary: message }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }) }), { maxLength: 8 }),
  )
  .map(([proper, parts]) => Buffer.concat(proper ? [hello, ...parts] : parts));

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((to, i) => bytes.subarray(cuts[i], to));
}

/** What must hold of every life of a connection. */
function checkLife(heard: readonly string[]): void {
  const count = (word: string): number => heard.filter((line) => line.startsWith(word)).length;
  assert.ok(count('arrived') <= 1, 'a call arrives once');
  assert.ok(count('ended') + count('refused') <= 1, 'a line ends once');
  assert.is(count('ended') > count('arrived'), false, 'only what has arrived ends');
  const over = heard.findIndex((line) => line.startsWith('ended') || line.startsWith('refused'));
  if (over >= 0)
    assert.equal(
      heard.slice(over + 1).filter((line) => line !== 'closed'),
      [],
      'nothing is heard of a line that is over',
    );
  const arrived = heard.findIndex((line) => line.startsWith('arrived'));
  assert.ok(
    heard.every((line, i) => !/^(audio|digit|notice)/.test(line) || (arrived >= 0 && i > arrived)),
    'nothing is heard before the call has arrived',
  );
}

test('whatever a peer sends, the call hears the same however it was cut, and each life is a proper one', () =>
  holdsInTime(
    fc.asyncProperty(speech, fc.array(fc.nat(), { maxLength: 12 }), async (bytes, places) => {
      const whole = new Witness();
      await whole.says(bytes);
      const pieces = new Witness();
      for (const piece of cut(bytes, places)) await pieces.says(piece);
      assert.equal(pieces.heard, whole.heard);
      checkLife(whole.heard);
    }),
  ));

test('a hang-up of ours at any byte ends the life, whatever still comes', () =>
  holdsInTime(
    fc.asyncProperty(speech, fc.nat(), fc.boolean(), async (bytes, place, late) => {
      const witness = new Witness();
      const [before = bytes, after = bytes] = cut(bytes, [place]);
      await witness.says(before);
      if (late) witness.clock.advance(3000);
      witness.connection.hangUp('hung-up');
      const heard = witness.heard.filter((line) => line !== 'closed').length;
      await witness.says(after);
      assert.is(witness.heard.filter((line) => line !== 'closed').length, heard, 'nothing is heard any more');
      checkLife(witness.heard);
    }),
  ));

test.run();
