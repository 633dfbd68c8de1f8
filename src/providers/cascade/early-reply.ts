import type { ToolAnswer } from '../provider.js';
import type { LlmPart, LlmRequest, LlmSession, ReplyMeans } from './llm/llm.js';
import { readAhead } from './read-ahead.js';
import { sameWords } from './same-words.js';
import { eachOf } from './stage.js';

type UseTool = ReplyMeans['useTool'];

/**
 * A reply that the language model begins while it is not yet sure that the caller has finished, or said just these
 * words. It is held until it is wanted, and does nothing in the world before; a wrong guess is taken back.
 */
export class EarlyReply {
  readonly #words: string;
  readonly #llm: LlmSession;
  readonly #abort = new AbortController();
  readonly #parts: AsyncGenerator<LlmPart>;
  #hasFailed = false;
  #allow: (useTool: UseTool) => void = () => {};

  constructor(llm: LlmSession, words: string) {
    this.#words = words;
    this.#llm = llm;
    const { signal } = this.#abort;
    const allowed = new Promise<UseTool>((resolve, reject) => {
      this.#allow = resolve;
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    allowed.catch(() => {});
    const useTool = async (...use: Parameters<UseTool>): Promise<ToolAnswer> => (await allowed)(...use);
    const asked = (): AsyncIterable<LlmPart> => llm.reply({ cause: 'caller', text: words, last: false }, { signal, useTool });
    this.#parts = begun(readAhead(this.#watched(eachOf('language model', asked))));
  }

  /** The model could not be had for it. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** It answers what the caller has said, but for case and punctuation. */
  answers(text: string): boolean {
    return sameWords(text, this.#words);
  }

  /** From now on it is the reply, until `signal` is aborted. */
  adopt({ signal, useTool }: ReplyMeans): AsyncIterable<LlmPart> {
    if (signal.aborted) this.#abort.abort(signal.reason);
    else signal.addEventListener('abort', () => this.#abort.abort(signal.reason), { once: true });
    this.#allow(useTool);
    return this.#parts;
  }

  /** As if the model had not been asked. What it has told of its cost goes to `onPart`; of a request that is broken off it tells nothing. */
  takeBack(onPart: (part: LlmPart) => void): void {
    this.#abort.abort(new Error('The caller said something else'));
    this.#llm.takeBack?.();
    const rest = async (): Promise<void> => {
      for await (const part of this.#parts) onPart(part);
    };
    rest().catch(() => {});
  }

  async *#watched(parts: AsyncIterable<LlmPart>): AsyncGenerator<LlmPart> {
    try {
      yield* parts;
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }
}

/** What the model answers: what it has begun early, or, where that fails before a word or a deed, when it is asked anew. */
export async function* partsOf(llm: LlmSession, request: LlmRequest, means: ReplyMeans, early?: EarlyReply): AsyncGenerator<LlmPart> {
  if (early && (yield* wasGiven(early, means))) return;
  if (early) llm.takeBack?.();
  yield* readAhead(eachOf('language model', () => llm.reply(request, means)));
}

/** All of an early reply; false when it has failed before anything came of it. */
async function* wasGiven(early: EarlyReply, means: ReplyMeans): AsyncGenerator<LlmPart, boolean> {
  let hasBegun = false;
  const useTool: UseTool = (name, args) => {
    hasBegun = true;
    return means.useTool(name, args);
  };
  try {
    for await (const part of early.adopt({ ...means, useTool })) {
      hasBegun ||= part.type !== 'usage';
      yield part;
    }
    return true;
  } catch (error) {
    if (hasBegun || means.signal.aborted) throw error;
    return false;
  }
}

/** The same items, the first of which is asked for at once. */
function begun<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  const first = items.next();
  first.catch(() => {});
  return (async function* () {
    const { done, value } = await first;
    if (done) return;
    yield value;
    yield* items;
  })();
}
