import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linear16k, pcma, pcmu } from '../../support/sip/codec.js';
import { formatRtp, parseRtp } from '../../support/sip/rtp-packet.js';
import { formatSipMessage, header, parseSipMessage, responseTo } from '../../support/sip/sip-message.js';

test('G.711 has the codes that ITU-T G.711 lists', () => {
  // After ITU-T G.711, tables 1 and 2, scaled to 16 bits: largest, smallest and zero.
  assert.equal([...pcmu.decode(Buffer.of(0x80, 0x00, 0xff, 0x7f, 0xfe))], [32124, -32124, 0, 0, 8]);
  assert.equal([...pcma.decode(Buffer.of(0xaa, 0x2a, 0xd5, 0x55))], [32256, -32256, 8, -8]);
});

for (const codec of [pcmu, pcma]) {
  test(`${codec.name} brings every one of its values back`, () => {
    const codes = Buffer.from(Uint8Array.from({ length: 256 }, (_, code) => code));
    const values = codec.decode(codes);
    assert.equal(codec.decode(codec.encode(values)), values);
  });
}

test('linear audio travels in network byte order', () => {
  assert.equal(linear16k.encode(Int16Array.of(0x0102, -2)), Buffer.of(1, 2, 0xff, 0xfe));
  assert.equal(linear16k.decode(Buffer.of(1, 2, 0xff, 0xfe)), Int16Array.of(0x0102, -2));
});

test('an RTP packet is read as it was written', () => {
  const packet = { payloadType: 8, marker: true, sequence: 65_535, timestamp: 0xfffffff0, source: 0xdeadbeef, payload: Buffer.of(1, 2, 3) };
  assert.equal(parseRtp(formatRtp(packet)), packet);
  assert.is(parseRtp(Buffer.from('no RTP at all')), undefined);
});

test('a SIP request is read as it was written, and its answer repeats what it must', () => {
  const request = {
    method: 'BYE',
    uri: 'sip:phone@127.0.0.1',
    headers: [
      ['Via', 'a'],
      ['Via', 'b'],
      ['To', '<sip:x>'],
      ['Call-ID', '7'],
    ] as const,
    body: '',
  };
  const parsed = parseSipMessage(formatSipMessage(request));
  assert.is(parsed?.method, 'BYE');
  const answer = parseSipMessage(formatSipMessage(responseTo(parsed ?? request, 200, 'OK', 'tag1')));
  assert.is(answer?.status, 200);
  assert.equal(
    answer?.headers.filter(([name]) => name === 'Via').map(([, value]) => value),
    ['a', 'b'],
  );
  assert.is(header(answer ?? request, 'to'), '<sip:x>;tag=tag1');
});

test.run();
