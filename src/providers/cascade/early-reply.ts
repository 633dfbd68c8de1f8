import type { Usage } from '../../base/usage.js';
import type { ToolAnswer } from '../provider.js';
import type { LlmPart, LlmRequest, LlmSession, ReplyMeans } from './llm/llm.js';
import { readAhead } from './read-ahead.js';
import { sameWords } from './same-words.js';
import { eachOf } from './stage.js';

type UseTool = ReplyMeans['useTool'];
/** Told as soon as it is known: it was spent, whatever becomes of the reply. */
export type OnUsage = (usage: Usage) => void;
/** What a reply consists of. */
type ReplyPart = Exclude<LlmPart, { readonly type: 'usage' }>;

/**
 * A reply that the language model begins while it is not yet sure that the caller has finished, or said just these
 * words. It is held until it is wanted, and does nothing in the world before; a wrong guess is taken back.
 */
export class EarlyReply {
  readonly #words: string;
  readonly #llm: LlmSession;
  readonly #abort = new AbortController();
  readonly #parts: AsyncGenerator<ReplyPart>;
  #hasFailed = false;
  #allow: (useTool: UseTool) => void = () => {};

  constructor(llm: LlmSession, words: string, onUsage: OnUsage) {
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
    this.#parts = begun(readAhead(this.#watched(replyParts(eachOf('language model', asked), onUsage))));
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
  adopt({ signal, useTool }: ReplyMeans): AsyncIterable<ReplyPart> {
    if (signal.aborted) this.#abort.abort(signal.reason);
    else signal.addEventListener('abort', () => this.#abort.abort(signal.reason), { once: true });
    this.#allow(useTool);
    return this.#parts;
  }

  /** As if the model had not been asked. */
  takeBack(): void {
    this.#abort.abort(new Error('The caller said something else'));
    this.#llm.takeBack?.();
  }

  async *#watched(parts: AsyncIterable<ReplyPart>): AsyncGenerator<ReplyPart> {
    try {
      yield* parts;
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }
}

/** What the model answers: what it has begun early, or, where that fails before a word or a deed, when it is asked anew. */
export async function* partsOf(
  llm: LlmSession,
  request: LlmRequest,
  means: ReplyMeans,
  onUsage: OnUsage,
  early?: EarlyReply,
): AsyncGenerator<ReplyPart> {
  if (early && (yield* wasGiven(early, means))) return;
  if (early) llm.takeBack?.();
  yield* readAhead(
    replyParts(
      eachOf('language model', () => llm.reply(request, means)),
      onUsage,
    ),
  );
}

/** All of an early reply; false when it has failed before anything came of it. */
async function* wasGiven(early: EarlyReply, means: ReplyMeans): AsyncGenerator<ReplyPart, boolean> {
  let hasBegun = false;
  const useTool: UseTool = (name, args) => {
    hasBegun = true;
    return means.useTool(name, args);
  };
  try {
    for await (const part of early.adopt({ ...means, useTool })) {
      hasBegun = true;
      yield part;
    }
    return true;
  } catch (error) {
    if (hasBegun || means.signal.aborted) throw error;
    return false;
  }
}

async function* replyParts(parts: AsyncIterable<LlmPart>, onUsage: OnUsage): AsyncGenerator<ReplyPart> {
  for await (const part of parts) {
    if (part.type === 'usage') onUsage(part.usage);
    else yield part;
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
