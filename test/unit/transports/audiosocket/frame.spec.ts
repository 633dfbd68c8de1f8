import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  audioKind,
  audioRateHz,
  encodeFrame,
  FrameDecoder,
  headerBytes,
  maxPayloadBytes,
  uuidFromText,
  uuidToText,
  writeHeader,
} from '#talkpath/transports/audiosocket/frame.js';
import { holds } from '../../../support/property.js';

interface Frame {
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** The frames that a decoder finds in these pieces, as "kind payload-in-hex". */
function decoded(pieces: readonly Uint8Array[]): string[] {
  const frames: string[] = [];
  const decoder = new FrameDecoder((kind, bytes, start, count) => frames.push(inText({ kind, payload: bytes.subarray(start, start + count) })));
  // Each piece is wiped once it was taken in, as a socket may use its buffer again.
  for (const piece of pieces) {
    const buffer = Uint8Array.from(piece);
    decoder.push(buffer);
    buffer.fill(0xee);
  }
  return frames;
}

const inText = ({ kind, payload }: Frame): string => `${kind} ${Buffer.from(payload).toString('hex')}`;
const stream = (frames: readonly Frame[]): Uint8Array => Buffer.concat(frames.map(({ kind, payload }) => encodeFrame(kind, payload)));

/** Cuts the bytes at these places, in whatever order they are named. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((cut, i) => bytes.subarray(cuts[i], cut));
}

const ramp = (count: number, from = 0): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (from + i) % 256);

test('a message is laid out as Asterisk lays it out', () => {
  const uuid = uuidFromText('00000000-0000-0000-4000-800000000000') as Uint8Array;
  assert.is(Buffer.from(encodeFrame(0x01, uuid)).toString('hex'), '01001000000000000000004000800000000000');
  assert.is(
    Buffer.from(encodeFrame(0x10, ramp(320)))
      .subarray(0, 6)
      .toString('hex'),
    '100140000102',
  );
  const header = new Uint8Array(headerBytes);
  writeHeader(header, 0x18, maxPayloadBytes);
  assert.equal([...header], [0x18, 0xff, 0xff]);
});

test('each audio kind has its rate, and each rate its kind', () => {
  const rates = [8000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000];
  rates.forEach((rateHz, i) => {
    assert.is(audioRateHz(0x10 + i), rateHz);
    assert.is(audioKind(rateHz), 0x10 + i);
  });
  for (const kind of [0x00, 0x01, 0x03, 0x0f, 0x19, 0x7f, 0xff]) assert.is(audioRateHz(kind), undefined);
  assert.throws(() => audioKind(11_025), RangeError);
});

test('a UUID keeps its value between bytes and text, whatever its case', () => {
  holds(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const text = uuidToText(bytes);
      assert.match(text, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.equal(uuidFromText(text), bytes);
      assert.equal(uuidFromText(text.toUpperCase()), bytes);
    }),
  );
  for (const text of [
    '',
    '40325ec2',
    '40325ec2-5efd-4bd3-805f-53576e581d1',
    '40325ec25efd4bd3805f53576e581d13',
    'g0325ec2-5efd-4bd3-805f-53576e581d13',
  ]) {
    assert.is(uuidFromText(text), undefined, text);
  }
});

test('a UUID inside a larger buffer is read from its own place', () => {
  assert.is(uuidToText(ramp(40).subarray(3, 19)), '03040506-0708-090a-0b0c-0d0e0f101112');
});

test('a stream cut in two at any byte gives the same frames, bit by bit', () => {
  const frames = [
    { kind: 0x01, payload: ramp(16) },
    { kind: 0x10, payload: ramp(320, 7) },
    { kind: 0x10, payload: ramp(0) },
    { kind: 0x03, payload: ramp(1, 0x35) },
    { kind: 0x13, payload: ramp(960, 3) },
  ];
  const bytes = stream(frames);
  const expected = frames.map(inText);
  for (let at = 0; at <= bytes.length; at += 1) assert.equal(decoded(cutAt(bytes, [at])), expected, `cut at ${at}`);
});

test('every stream of up to three short messages, cut in every way there is, gives the same frames', () => {
  let streams = 0;
  for (const first of [0, 1, 2]) {
    for (const second of [0, 1, 3]) {
      for (const third of [0, 2]) {
        const frames = [first, second, third].map((count, i) => ({ kind: 0x10 + i, payload: ramp(count, 1 + 7 * i) }));
        const bytes = stream(frames);
        const expected = frames.map(inText);
        // Bit i of `cuts` says whether there is a cut behind byte i.
        for (let cuts = 0; cuts < 2 ** (bytes.length - 1); cuts += 1) {
          const places = Array.from({ length: bytes.length - 1 }, (_, i) => i + 1).filter((place) => cuts & (1 << (place - 1)));
          const found = decoded(cutAt(bytes, places));
          if (found.join() !== expected.join()) assert.equal(found, expected, `cut at ${places}`);
        }
        streams += 1;
      }
    }
  }
  assert.is(streams, 18);
});

test('of any bytes at all, the frames and what is left over are the bytes again', () => {
  const header = fc.tuple(fc.nat(255), fc.nat(2), fc.nat(255)).map((bytes) => Uint8Array.from(bytes));
  const garbage = fc.array(fc.oneof(fc.uint8Array({ maxLength: 700 }), header), { maxLength: 12 }).map((parts) => Buffer.concat(parts));
  holds(
    fc.property(garbage, fc.array(fc.nat(), { maxLength: 30 }), (bytes, places) => {
      const again: Uint8Array[] = [];
      const decoder = new FrameDecoder((kind, piece, start, count) => again.push(encodeFrame(kind, piece.slice(start, start + count))));
      for (const piece of cutAt(bytes, places)) decoder.push(piece);
      const framed = Buffer.concat(again);
      assert.ok(framed.equals(bytes.subarray(0, framed.length)));
      const left = bytes.subarray(framed.length);
      assert.ok(left.length < headerBytes || left.length < headerBytes + left.readUInt16BE(1), 'no whole message is left over');
    }),
  );
});

test('a stream that comes byte by byte gives the same frames', () => {
  const frames = [
    { kind: 0x10, payload: ramp(320) },
    { kind: 0x12, payload: ramp(640, 9) },
  ];
  const bytes = stream(frames);
  assert.equal(decoded([...bytes].map((byte) => Uint8Array.of(byte))), frames.map(inText));
});

test('any stream gives the same frames however it is cut', () => {
  const frame = fc.record({
    kind: fc.nat(255),
    payload: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 2000, maxLength: 5000 })),
  });
  holds(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 30 }), (frames, places) => {
      assert.equal(decoded(cutAt(stream(frames), places)), frames.map(inText));
    }),
  );
});

test('the longest message there can be comes through, split in the middle', () => {
  const frames = [
    { kind: 0x7f, payload: ramp(maxPayloadBytes) },
    { kind: 0x10, payload: ramp(320) },
  ];
  const bytes = stream(frames);
  assert.equal(decoded(cutAt(bytes, [1, 2, 3000, 60_000])), frames.map(inText));
});

test('a message of the greatest length makes a decoder keep no more than that one message', () => {
  const pieces = cutAt(
    stream([{ kind: 0x7f, payload: ramp(maxPayloadBytes) }]),
    Array.from({ length: 64 }, (_, i) => i * 1000),
  );
  const decoders = Array.from({ length: 20 }, () => new FrameDecoder(() => {}));
  const before = process.memoryUsage().arrayBuffers;
  for (let round = 0; round < 5; round += 1) for (const piece of pieces) for (const decoder of decoders) decoder.push(piece);
  global.gc?.();
  const perDecoder = (process.memoryUsage().arrayBuffers - before) / decoders.length;
  // Each buffer it grew out of may still wait for the garbage collector.
  assert.ok(perDecoder < 2048 + 16_384 + 65_536 + 8192, `${perDecoder} bytes a decoder`);
});

test('a message that is not complete is not handed on', () => {
  const bytes = stream([{ kind: 0x10, payload: ramp(320) }]);
  assert.equal(decoded([bytes.subarray(0, bytes.length - 1)]), []);
  assert.equal(decoded([bytes.subarray(0, 2)]), []);
});

test('a decoder that was stopped hands on nothing more, not even of the same piece', () => {
  const bytes = stream([
    { kind: 0x01, payload: ramp(16) },
    { kind: 0x10, payload: ramp(4) },
    { kind: 0x10, payload: ramp(4) },
  ]);
  for (const pieces of [[bytes], cutAt(bytes, [25]), cutAt(bytes, [20, 22])]) {
    let frames = 0;
    const decoder: FrameDecoder = new FrameDecoder((kind) => {
      frames += 1;
      if (kind === 0x10) decoder.stop();
    });
    for (const piece of pieces) decoder.push(piece);
    assert.is(frames, 2);
  }
});

test('a decoder that is stopped between two pieces hands on nothing more, whatever it had kept', () => {
  const frames = [
    { kind: 0x01, payload: ramp(16) },
    { kind: 0x10, payload: ramp(8) },
  ];
  const bytes = stream(frames);
  for (let at = 0; at <= bytes.length; at += 1) {
    let found = 0;
    const decoder = new FrameDecoder(() => {
      found += 1;
    });
    decoder.push(bytes.subarray(0, at));
    const before = found;
    decoder.stop();
    decoder.push(bytes.subarray(at));
    assert.is(found, before, `stopped at ${at}`);
  }
});

test.run();
