import { Transform, type TransformCallback } from 'node:stream';
import { checkBytes } from './arguments.js';
import { bytesOf, samplesOf } from './pcm.js';
import { Resampler, type ResamplerOptions } from './resampler.js';

/**
 * A Node stream that changes the sample rate of int16 PCM, little endian, mono: bytes in, bytes out. Chunks may be cut
 * anywhere, inside a sample too; an odd last byte of the whole stream is left out. At the end comes what flush() of a
 * Resampler gives. The constructor throws as Resampler does; a chunk that is no bytes is the error of the stream.
 */
export class ResamplerStream extends Transform {
  readonly #resampler: Resampler;
  /** The first half of a sample that a chunk ended in. */
  #half: number | undefined;

  constructor(options: ResamplerOptions) {
    super({ decodeStrings: false });
    this.#resampler = new Resampler(options);
  }

  /** From a sample's coming in to its coming out, in milliseconds. */
  get latencyMs(): number {
    return this.#resampler.latencyMs;
  }

  override _transform(chunk: unknown, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      checkBytes('a chunk', chunk);
      done(null, this.#give(this.#resampler.process(samplesOf(this.#whole(chunk)))));
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#give(this.#resampler.flush()));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#resampler.close();
    done(error);
  }

  /** What was left of the chunk before, and this one, up to the last whole sample. */
  #whole(chunk: Uint8Array): Uint8Array {
    if (chunk.length === 0) return chunk;
    const before = this.#half;
    const count = chunk.length + (before === undefined ? 0 : 1);
    this.#half = count % 2 === 1 ? chunk[chunk.length - 1] : undefined;
    if (before === undefined) return chunk;
    const joined = new Uint8Array(count);
    joined[0] = before;
    joined.set(chunk, 1);
    return joined;
  }

  /** Nothing, rather than an empty chunk. */
  #give(samples: Int16Array): Buffer | null {
    return samples.length === 0 ? null : Buffer.from(bytesOf(samples).buffer, samples.byteOffset, samples.byteLength);
  }
}
