import llamaTokenizer from 'llama-tokenizer-js';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { type OnnxRuntime, sessionOptions } from './onnxruntime.js';

export const moonshineRateHz = 16000;

const startToken = 1;
const endToken = 2;
/** Faster than anyone talks; what would go on beyond it is the model repeating itself. */
const maxTokensPerSecond = 6.5;
const shortestSeconds = 0.4;
/** So many tokens in the same order as before are the model saying it again, not the caller. */
const repeatTokens = 4;

/** The decoder's cache: `layers` pairs of keys and values, each [batch, heads, position, headSize]. */
export interface MoonshineShape {
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
}

export interface MoonshineFiles {
  readonly encoder: string;
  readonly decoder: string;
}

/**
 * Speech to text for one utterance of up to about 30 s, English, with punctuation.
 * After: Moonshine (Useful Sensors, 2024), greedy decoding over a cached decoder.
 */
export class Moonshine {
  readonly #runtime: OnnxRuntime;
  readonly #shape: MoonshineShape;
  readonly #encoder: InferenceSession;
  readonly #decoder: InferenceSession;

  private constructor(runtime: OnnxRuntime, shape: MoonshineShape, encoder: InferenceSession, decoder: InferenceSession) {
    this.#runtime = runtime;
    this.#shape = shape;
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  static async load(runtime: OnnxRuntime, files: MoonshineFiles, shape: MoonshineShape): Promise<Moonshine> {
    const encoder = await runtime.InferenceSession.create(files.encoder, sessionOptions);
    const decoder = await runtime.InferenceSession.create(files.decoder, sessionOptions);
    return new Moonshine(runtime, shape, encoder, decoder);
  }

  /** The words in `samples` (mono, 16 kHz, -1 to 1); empty when there are none or it is too short to hold any. */
  async recognise(samples: Float32Array): Promise<string> {
    const seconds = samples.length / moonshineRateHz;
    if (seconds < shortestSeconds) return '';
    const tokens: number[] = [];
    for await (const token of this.#decode(samples)) {
      if (token === endToken || tokens.length >= seconds * maxTokensPerSecond) break;
      tokens.push(token);
      if (beginsAgain(tokens)) {
        tokens.length -= repeatTokens;
        break;
      }
    }
    return llamaTokenizer.decode(tokens, false, true).trim();
  }

  /** Does the work of an utterance of that many tokens, whatever is in `samples`: for measuring. */
  async exercise(samples: Float32Array, tokenCount: number): Promise<void> {
    let count = 0;
    for await (const _token of this.#decode(samples)) {
      count += 1;
      if (count >= tokenCount) break;
    }
  }

  async *#decode(samples: Float32Array): AsyncGenerator<number> {
    const { Tensor } = this.#runtime;
    const encoded = await this.#encoder.run({ input_values: new Tensor('float32', samples, [1, samples.length]) });
    const hiddenStates = encoded.last_hidden_state as Tensor;
    const cache = this.#emptyCache();
    let token = startToken;
    for (let step = 0; ; step += 1) {
      const output = await this.#decoder.run({
        ...cache,
        input_ids: new Tensor('int64', BigInt64Array.of(BigInt(token)), [1, 1]),
        encoder_hidden_states: hiddenStates,
        use_cache_branch: new Tensor('bool', Uint8Array.of(step > 0 ? 1 : 0), [1]),
      });
      for (const name of Object.keys(cache)) {
        // What the decoder makes of the encoder's output is complete after the first step.
        if (step === 0 || name.includes('.decoder.')) cache[name] = output[name.replace('past_key_values', 'present')] as Tensor;
      }
      const logits = (output.logits as Tensor).data as Float32Array;
      // Only what was found to be speech gets here, and the model gives clear speech up at once now and then.
      if (step === 0) logits[endToken] = Number.NEGATIVE_INFINITY;
      token = indexOfLargest(logits);
      yield token;
    }
  }

  #emptyCache(): Record<string, Tensor> {
    const { layers, heads, headSize } = this.#shape;
    const cache: Record<string, Tensor> = {};
    for (let layer = 0; layer < layers; layer += 1) {
      for (const part of ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value']) {
        cache[`past_key_values.${layer}.${part}`] = new this.#runtime.Tensor('float32', new Float32Array(0), [0, heads, 1, headSize]);
      }
    }
    return cache;
  }
}

/** Whether the newest tokens stand earlier in the text too, without overlapping. */
function beginsAgain(tokens: readonly number[]): boolean {
  const newest = tokens.length - repeatTokens;
  for (let at = 0; at + repeatTokens <= newest; at += 1) {
    if (tokens.slice(at, at + repeatTokens).every((token, i) => token === tokens[newest + i])) return true;
  }
  return false;
}

function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) {
    if ((values[i] as number) > (values[best] as number)) best = i;
  }
  return best;
}
