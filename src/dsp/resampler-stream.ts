import { Transform, type TransformCallback } from 'node:stream';
import { types } from 'node:util';
import { checkBytes } from './arguments.js';
import { bytesOf, samplesOf } from './pcm.js';
import { Resampler, type ResamplerOptions } from './resampler.js';

/**
 * A Node stream that changes the sample rate of int16 PCM, little endian, mono: bytes in, bytes out. They may be cut
 * anywhere, inside a sample too; an odd last byte of the whole stream is left out. At the end comes what flush() of a
 * Resampler gives. The constructor throws as Resampler does; anything else that is written is
 * the error of the stream, or refused by write() as every stream of Node does.
 */
export class ResamplerStream extends Transform {
  readonly #resampler: Resampler;
  /** The first half of a sample that a piece ended in. */
  #half: number | undefined;

  constructor(options: ResamplerOptions) {
    super({ decodeStrings: false });
    this.#resampler = new Resampler(options);
  }

  /** From a sample's coming in to its coming out, in milliseconds. */
  get latencyMs(): number {
    return this.#resampler.latencyMs;
  }

  /** How far the signal is shifted, in samples of the output: 0 with 'recording'. */
  get delaySamples(): number {
    return this.#resampler.delaySamples;
  }

  /** Node takes any typed array for its bytes: of other samples than int16 those would be noise. */
  override write(piece: unknown, ...rest: unknown[]): boolean {
    if (ArrayBuffer.isView(piece) && !types.isUint8Array(piece)) {
      const done = rest.at(-1);
      answer(
        (error) => {
          this.destroy(error as Error);
          if (typeof done === 'function') process.nextTick(done, error);
        },
        () => {
          checkBytes('a piece of the stream', piece);
          return new Int16Array();
        },
      );
      return false;
    }
    return (super.write as (...args: unknown[]) => boolean).call(this, piece, ...rest);
  }

  override _transform(piece: unknown, _encoding: BufferEncoding, done: TransformCallback): void {
    answer(done, () => {
      checkBytes('a piece of the stream', piece);
      return this.#resampler.process(samplesOf(this.#whole(piece)));
    });
  }

  override _flush(done: TransformCallback): void {
    answer(done, () => this.#resampler.flush());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#resampler.close();
    done(error);
  }

  /** What was left of the piece before, and this one, up to the last whole sample. */
  #whole(piece: Uint8Array): Uint8Array {
    if (piece.length === 0) return piece;
    const before = this.#half;
    const count = piece.length + (before === undefined ? 0 : 1);
    this.#half = count % 2 === 1 ? piece[piece.length - 1] : undefined;
    if (before === undefined) return piece;
    const joined = new Uint8Array(count);
    joined[0] = before;
    joined.set(piece, 1);
    return joined;
  }
}

/** Tells the stream what was made, nothing rather than no bytes, or what was thrown; once, as what it then does may throw too. */
function answer(done: TransformCallback, make: () => Int16Array): void {
  let samples: Int16Array;
  try {
    samples = make();
  } catch (error) {
    done(error as Error);
    return;
  }
  done(null, samples.length === 0 ? null : Buffer.from(bytesOf(samples).buffer, samples.byteOffset, samples.byteLength));
}
