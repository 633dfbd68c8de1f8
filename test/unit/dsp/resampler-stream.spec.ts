import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { bytesOf, Resampler, ResamplerStream, samplesOf } from 'talkpath/dsp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { joined, noise, seededRandom } from '../../support/sound.js';

const rates = { inputRateHz: 8000, outputRateHz: 24000 };

async function collected(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Cuts bytes anywhere, inside samples too, and sometimes gives an empty piece. */
function* shreds(bytes: Uint8Array, longest: number, seed: number): Generator<Uint8Array> {
  const random = seededRandom(seed);
  for (let at = 0; at < bytes.length; ) {
    const count = Math.floor(random() * (longest + 1));
    yield Buffer.from(bytes.subarray(at, at + count));
    at += count;
  }
}

const source = noise(700, 8000, -12);

function expectedBytes(quality: 'live' | 'recording'): Buffer {
  const resampler = new Resampler({ ...rates, quality });
  return Buffer.from(bytesOf(joined(resampler.process(source), resampler.flush())));
}

test('bytes cut anywhere become the bytes that the whole would have become', async () => {
  for (const quality of ['live', 'recording'] as const) {
    for (const [longest, seed] of [
      [1, 1],
      [7, 2],
      [641, 3],
      [100_000, 4],
    ] as const) {
      const stream = Readable.from(shreds(bytesOf(source), longest, seed)).pipe(new ResamplerStream({ ...rates, quality }));
      assert.ok((await collected(stream)).equals(expectedBytes(quality)), `${quality}, up to ${longest} bytes`);
    }
  }
});

test('an odd last byte is left out', async () => {
  const stream = new ResamplerStream(rates);
  stream.end(Buffer.concat([bytesOf(source), Buffer.of(17)]));
  assert.ok((await collected(stream)).equals(expectedBytes('live')));
});

test('a stream without a sample ends', async () => {
  for (const quality of ['live', 'recording'] as const) {
    const stream = new ResamplerStream({ ...rates, quality });
    stream.end();
    assert.is((await collected(stream)).length, 0);
  }
});

test('a reader that stops stops the writer, and nothing is lost', async () => {
  const stream = new ResamplerStream(rates);
  const second = new Uint8Array(16_000);
  let accepted = 0;
  while (stream.write(second)) accepted += 1;
  assert.ok(accepted < 20, `${accepted} s were taken although nobody reads`);
  stream.end();
  const heard = samplesOf(await collected(stream));
  assert.ok(heard.length >= (accepted + 1) * 24_000 && heard.length < (accepted + 1) * 24_000 + 500, `${heard.length}`);
});

test('a slow reader at the end of a pipeline holds the source back', async () => {
  let given = 0;
  let read = 0;
  let mostAhead = 0;
  const piece = new Uint8Array(3200);
  await pipeline(
    Readable.from(
      (function* () {
        for (let i = 0; i < 400; i++) {
          given += piece.length * 3;
          yield piece;
        }
      })(),
    ),
    new ResamplerStream(rates),
    new Writable({
      highWaterMark: 1024,
      write(bytes: Buffer, _encoding, done) {
        read += bytes.length;
        mostAhead = Math.max(mostAhead, given - read);
        setImmediate(done);
      },
    }),
  );
  assert.ok(read >= given);
  // Objects are counted by the source, 16 of them; bytes by the others.
  assert.ok(mostAhead < 400_000, `${mostAhead} of ${given} bytes were ahead of the reader`);
});

test('a piece that is no bytes is the error of the stream', async () => {
  const stream = new ResamplerStream(rates);
  stream.write('RIFF');
  const error = await new Promise<Error & { code?: string }>((resolve) => stream.once('error', resolve));
  assert.equal([error.name, error.code], ['TypeError', 'TP_ERR_DSP_TYPE']);
  assert.is(error.message, 'Expected a Uint8Array for a piece of the stream but received "RIFF" of type string');
  assert.ok(stream.destroyed);
});

test('a stream that is destroyed in the middle ends without a word', async () => {
  const stream = new ResamplerStream(rates);
  stream.write(bytesOf(source));
  stream.destroy();
  await new Promise((resolve) => stream.once('close', resolve));
  assert.is(stream.errored, null);
});

test('the end of a stream that is destroyed is an error to who asked for it, and no exception', () => {
  const stream = new ResamplerStream(rates);
  stream.destroy();
  const told: unknown[] = [];
  stream._flush((error) => told.push((error as { code?: string }).code));
  stream._transform(bytesOf(source), 'binary', (error) => told.push((error as { code?: string }).code));
  assert.equal(told, ['TP_ERR_DSP_CLOSED', 'TP_ERR_DSP_CLOSED']);
});

test('a stream that is destroyed at its end, by a reader of its last word, ends without a word', async () => {
  const stream = new ResamplerStream({ ...rates, quality: 'recording' });
  stream.on('data', () => stream.destroy());
  stream.end(bytesOf(source));
  await new Promise((resolve) => stream.once('close', resolve));
  assert.is(stream.errored, null);
});

test("what a reader throws is the reader's, and the stream is answered once", () => {
  for (const part of ['_transform', '_flush'] as const) {
    const stream = new ResamplerStream(rates);
    let answers = 0;
    const done = (): void => {
      answers += 1;
      throw new Error('a fault of the reader');
    };
    assert.throws(() => (part === '_flush' ? stream._flush(done) : stream._transform(bytesOf(source), 'binary', done)), 'a fault of the reader');
    assert.is(answers, 1, part);
    stream.destroy();
  }
});

test('the delay is that of a Resampler', () => {
  for (const quality of ['live', 'recording'] as const) {
    const [stream, resampler] = [new ResamplerStream({ ...rates, quality }), new Resampler({ ...rates, quality })];
    assert.is(stream.latencyMs, resampler.latencyMs);
    assert.is(stream.delaySamples, resampler.delaySamples);
  }
});

test('samples of another kind than int16 are refused, and are not heard as noise', async () => {
  for (const piece of [new Float32Array(160).fill(0.1), new Int16Array(160), new DataView(new ArrayBuffer(320))]) {
    const stream = new ResamplerStream({ inputRateHz: 8000, outputRateHz: 16000 });
    const told = new Promise((resolve) => stream.once('error', resolve));
    const called = new Promise((resolve) => stream.write(piece, resolve));
    const error = (await told) as { code?: string; message: string };
    assert.is(await called, error);
    assert.is(error.code, 'TP_ERR_DSP_TYPE');
    assert.match(error.message, /^Expected a Uint8Array for a piece of the stream but received/);
    assert.is(stream.read(), null);
  }
});

test.run();
