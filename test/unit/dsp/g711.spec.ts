import { g711 } from 'talkpath/dsp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcma, pcmu } from '../../support/sip/codec.js';

const allCodes = Uint8Array.from({ length: 256 }, (_, code) => code);
const allSamples = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
const laws = [
  { name: 'µ-law', encode: g711.encodeMulaw, decode: g711.decodeMulaw, reference: pcmu },
  { name: 'A-law', encode: g711.encodeAlaw, decode: g711.decodeAlaw, reference: pcma },
];

test('every code means what the recommendation says', () => {
  for (const { name, decode, reference } of laws) assert.equal(decode(allCodes), reference.decode(Buffer.from(allCodes)), name);
});

test('every code comes back, but for the second zero of µ-law', () => {
  for (const { name, encode, decode } of laws) {
    const back = encode(decode(allCodes));
    const changed = [...allCodes].filter((code) => back[code] !== code);
    assert.equal(changed, name === 'µ-law' ? [0x7f] : [], name);
  }
});

test('no sample is further from its code than half a step of its segment', () => {
  for (const { name, encode, decode } of laws) {
    const back = decode(encode(allSamples));
    const worst = Math.max(...[...allSamples].map((sample, i) => Math.abs(sample - (back[i] as number)) / Math.max(64, Math.abs(sample))));
    assert.ok(worst <= 1 / 8, `${name}: ${worst}`);
  }
});

test("a caller's own array is filled, beyond what is needed it is left alone", () => {
  const samples = Int16Array.of(0, 1000, -1000);
  const codes = new Uint8Array(5).fill(9);
  const filled = g711.encodeMulaw(samples, codes);
  assert.is(filled.buffer, codes.buffer);
  assert.equal(filled, g711.encodeMulaw(samples));
  assert.equal([...codes.subarray(3)], [9, 9]);
  const exact = new Int16Array(3);
  assert.is(g711.decodeMulaw(filled, exact), exact);
});

test('memory that is both input and output is refused', () => {
  const samples = new Int16Array(8);
  assert.throws(() => g711.encodeMulaw(samples, new Uint8Array(samples.buffer)), /memory of its own/);
});

test('nothing is encoded to nothing', () => {
  for (const { encode, decode } of laws) assert.equal([encode(new Int16Array(0)).length, decode(new Uint8Array(0)).length], [0, 0]);
});

test.run();
