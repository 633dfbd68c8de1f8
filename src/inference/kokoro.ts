import { readFile } from 'node:fs/promises';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { KokoroPhonemes } from './kokoro-phonemes.js';
import { type OnnxRuntime, sessionOptions } from './onnxruntime.js';
import type { Voice } from './voice.js';

const styleSize = 256;
const longestInput = 510;
const edgeToken = 0;

export interface KokoroFiles {
  readonly model: string;
  /** A JSON file whose model.vocab maps each phoneme letter to its number. */
  readonly tokenizer: string;
  /** float32 [510][256]: the voice's style, one row for each input length. */
  readonly voice: string;
}

/** Neural speech, near human; takes about half as long as the speech lasts. After: Kokoro-82M v1.0 (hexgrad). */
export class Kokoro implements Voice {
  readonly rateHz = 24000;
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #styles: Float32Array;
  readonly #phonemes = new KokoroPhonemes();

  private constructor(runtime: OnnxRuntime, session: InferenceSession, vocabulary: ReadonlyMap<string, number>, styles: Float32Array) {
    this.#runtime = runtime;
    this.#session = session;
    this.#vocabulary = vocabulary;
    this.#styles = styles;
  }

  static async load(runtime: OnnxRuntime, files: KokoroFiles): Promise<Kokoro> {
    const tokenizer = JSON.parse(await readFile(files.tokenizer, 'utf8')) as { model: { vocab: Record<string, number> } };
    const styles = new Float32Array(new Uint8Array(await readFile(files.voice)).buffer);
    const session = await runtime.InferenceSession.create(files.model, sessionOptions);
    return new Kokoro(runtime, session, new Map(Object.entries(tokenizer.model.vocab)), styles);
  }

  async synthesise(text: string): Promise<Float32Array> {
    const ids: number[] = [];
    for (const letter of this.#phonemes.of(text)) {
      const id = this.#vocabulary.get(letter);
      if (id !== undefined) ids.push(id);
    }
    if (ids.length === 0) return new Float32Array(0);
    ids.length = Math.min(ids.length, longestInput - 1);
    const { Tensor } = this.#runtime;
    const output = await this.#session.run({
      input_ids: new Tensor('int64', BigInt64Array.from([edgeToken, ...ids, edgeToken], BigInt), [1, ids.length + 2]),
      style: new Tensor('float32', this.#styles.slice(ids.length * styleSize, (ids.length + 1) * styleSize), [1, styleSize]),
      speed: new Tensor('float32', Float32Array.of(1), [1]),
    });
    return (output.waveform as Tensor).data as Float32Array;
  }
}
