import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import { readWav, toMono, writeWav } from '#talkpath/caller/wav.js';
import { holds } from '../../support/property.js';

const folder = mkdtempSync(join(tmpdir(), 'talkpath-wav-'));
const path = join(folder, 'file.wav');
test.after(() => rmSync(folder, { recursive: true }));

const pcm16 = (...samples: readonly number[]): Uint8Array => {
  const bytes = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => bytes.writeInt16LE(sample, i * 2));
  return bytes;
};

const chunk = (id: string, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(8);
  head.write(id, 0, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
};

const riff = (...chunks: readonly Uint8Array[]): Buffer => chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]));

function format({ kind = 1, channels = 1, rateHz = 8000, bits = 16 } = {}): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt16LE(kind, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(rateHz, 4);
  body.writeUInt32LE((rateHz * channels * bits) / 8, 8);
  body.writeUInt16LE((channels * bits) / 8, 12);
  body.writeUInt16LE(bits, 14);
  return chunk('fmt ', body);
}

function read(file: Uint8Array) {
  writeFileSync(path, file);
  return readWav(path);
}

function refusal(file: Uint8Array): string {
  try {
    read(file);
  } catch (error) {
    assert.instance(error, TalkpathError);
    assert.is((error as TalkpathError).code, 'TP_ERR_WAV_FORMAT');
    return (error as Error).message.replace(path, 'FILE');
  }
  throw new Error('this file is not refused');
}

test('what is written is read back as it was', () => {
  const audio = { pcm: pcm16(0, 1, -1, 32_767, -32_768, 1234), rateHz: 24_000, channels: 2 };
  writeWav(path, audio);
  const { pcm, ...rest } = readWav(path);
  assert.equal(Buffer.from(pcm), Buffer.from(audio.pcm));
  assert.equal(rest, { rateHz: 24_000, channels: 2 });
  assert.is(readFileSync(path).length, 44 + audio.pcm.length);
});

const anyAudio = fc
  .record({
    frames: fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 8, maxLength: 60 }),
    rateHz: fc.integer({ min: 1000, max: 384_000 }),
    channels: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ frames, rateHz, channels }) => ({ pcm: pcm16(...frames.slice(0, frames.length - (frames.length % channels))), rateHz, channels }));

test('any audio is read back as it was written, and its mean has one sample a frame', () => {
  holds(
    fc.property(anyAudio, (audio) => {
      writeWav(path, audio);
      const { pcm, rateHz, channels } = readWav(path);
      assert.equal([...pcm], [...audio.pcm]);
      assert.equal([rateHz, channels], [audio.rateHz, audio.channels]);
      assert.is(toMono({ pcm, rateHz, channels }).length, pcm.length / channels);
    }),
  );
});

test('a file that was cut or spoilt anywhere is read or refused, and never anything else', () => {
  const spoiling = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 });
  holds(
    fc.property(anyAudio, fc.nat(), spoiling, (audio, cut, spoilt) => {
      writeWav(path, audio);
      const file = readFileSync(path);
      for (const [at, byte] of spoilt) file[at % file.length] = byte;
      const piece = file.subarray(0, cut % (file.length + 1));
      writeFileSync(path, piece);
      try {
        const { pcm, channels, rateHz } = readWav(path);
        assert.ok(pcm.length <= piece.length && pcm.length % (2 * channels) === 0);
        assert.ok(rateHz >= 1000 && rateHz <= 384_000);
        // What was cut off and not spoilt is what it was.
        if (spoilt.length === 0) assert.equal([...pcm], [...audio.pcm.subarray(0, pcm.length)]);
      } catch (error) {
        if (!(error instanceof TalkpathError)) throw error;
        assert.is(error.code, 'TP_ERR_WAV_FORMAT');
      }
    }),
  );
});

test('chunks that say something else are passed over, of an odd length too', () => {
  const { pcm } = read(riff(chunk('LIST', Buffer.from('odd')), format(), chunk('fact', Buffer.alloc(4)), chunk('data', pcm16(5, 6))));
  assert.equal(Buffer.from(pcm), Buffer.from(pcm16(5, 6)));
});

test('the extensible form of the same format is read', () => {
  assert.is(read(riff(format({ kind: 0xfffe, rateHz: 44_100 }), chunk('data', pcm16(1)))).rateHz, 44_100);
});

test('of a file that was cut off the whole samples of all channels are read', () => {
  const whole = riff(format({ channels: 2 }), chunk('data', pcm16(1, 2, 3, 4)));
  assert.equal(Buffer.from(read(whole.subarray(0, whole.length - 1)).pcm), Buffer.from(pcm16(1, 2)));
});

test('a stream of unknown length, whose size says more than there is, is read to its end', () => {
  const file = riff(format(), chunk('data', pcm16(1, 2, 3)));
  file.writeUInt32LE(0xffffffff, file.length - 6 - 4);
  assert.equal(Buffer.from(read(file).pcm), Buffer.from(pcm16(1, 2, 3)));
});

test('several channels become one, their mean', () => {
  const mono = toMono({ pcm: pcm16(100, 300, -100, -200, 32_767, 32_767), rateHz: 8000, channels: 2 });
  assert.equal(Buffer.from(mono), Buffer.from(pcm16(200, -150, 32_767)));
  const same = pcm16(1, 2);
  assert.is(toMono({ pcm: same, rateHz: 8000, channels: 1 }), same);
});

test('what is no 16-bit PCM file is refused with the reason', () => {
  const data = chunk('data', pcm16(1));
  assert.is(refusal(Buffer.from('')), 'Expected a 16-bit PCM WAV file for FILE but it does not begin with RIFF and WAVE');
  assert.is(refusal(Buffer.from('ID3 and so on, an MP3')), 'Expected a 16-bit PCM WAV file for FILE but it does not begin with RIFF and WAVE');
  assert.is(refusal(riff(format({ bits: 8 }), data)), 'Expected a 16-bit PCM WAV file for FILE but its format is 1 with 8 bits');
  assert.is(refusal(riff(format({ kind: 7, bits: 8 }), data)), 'Expected a 16-bit PCM WAV file for FILE but its format is 7 with 8 bits');
  assert.is(refusal(riff(format({ kind: 3, bits: 32 }), data)), 'Expected a 16-bit PCM WAV file for FILE but its format is 3 with 32 bits');
  assert.is(refusal(riff(data)), 'Expected a 16-bit PCM WAV file for FILE but its data comes before its fmt chunk');
  assert.is(refusal(riff(format({ channels: 0 }), data)), 'Expected a 16-bit PCM WAV file for FILE but it has 0 channels');
  assert.is(refusal(riff(format({ rateHz: 0 }), data)), 'Expected a 16-bit PCM WAV file for FILE but its rate is 0 Hz');
  assert.is(refusal(riff(chunk('fmt ', Buffer.alloc(8)), data)), 'Expected a 16-bit PCM WAV file for FILE but its fmt chunk is cut short');
  assert.is(refusal(riff(format())), 'Expected a 16-bit PCM WAV file for FILE but it has no data chunk');
});

test('a file in which nothing can be heard is refused, and one whose samples are of another size', () => {
  assert.is(
    refusal(riff(format(), chunk('data', Buffer.alloc(0)))),
    'Expected a 16-bit PCM WAV file for FILE but its data chunk says that it is empty',
  );
  const headless = riff(format(), chunk('data', pcm16(1)));
  assert.is(refusal(headless.subarray(0, headless.length - 1)), 'Expected a 16-bit PCM WAV file for FILE but it ends before its first sample');
  const wide = riff(format(), chunk('data', pcm16(1, 2)));
  wide.writeUInt16LE(4, 32);
  assert.is(refusal(wide), 'Expected a 16-bit PCM WAV file for FILE but a sample of its 1 channels takes 4 bytes');
});

test('the extensible form of another format is refused', () => {
  const body = Buffer.alloc(40);
  body.writeUInt16LE(0xfffe, 0);
  body.writeUInt16LE(1, 2);
  body.writeUInt32LE(8000, 4);
  body.writeUInt16LE(2, 12);
  body.writeUInt16LE(16, 14);
  body.writeUInt16LE(3, 24);
  assert.is(refusal(riff(chunk('fmt ', body), chunk('data', pcm16(1)))), 'Expected a 16-bit PCM WAV file for FILE but its format is 3 with 16 bits');
});

test('a file that is not there is refused with its path', () => {
  assert.throws(
    () => readWav(join(folder, 'none.wav')),
    (error: TalkpathError) => error.code === 'TP_ERR_WAV_READ' && error.message.includes('none.wav cannot be read: ENOENT'),
  );
});

test.run();
