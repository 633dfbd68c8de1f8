import type { LlmPart, LlmSession } from '#talkpath/providers/cascade/llm/llm.js';
import { createScriptedModel } from '#talkpath/providers/cascade/llm/scripted/model.js';
import type { Script } from '#talkpath/providers/cascade/llm/scripted/schema.js';
import type { CallContext, ReplyCause, Said } from '#talkpath/providers/provider.js';
import { callContext } from './call-context.js';
import { withoutTools } from './reply-means.js';

export interface Reply {
  readonly sentences: readonly string[];
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }[];
  readonly parts: readonly LlmPart[];
}

/** One call with a scripted dialogue, as a provider drives it. */
export class ScriptedCall {
  readonly #session: LlmSession;
  #abort = new AbortController();

  /** @param history what was said with another agent before */
  constructor(script: Script, call: Partial<CallContext> = {}, history: readonly Said[] = []) {
    this.#session = createScriptedModel(script).open(callContext(call), history);
  }

  /** Another agent was lost in the middle of its reply. */
  takeUp(): Promise<Reply> {
    return this.#request('resume', '');
  }

  greet(): Promise<Reply> {
    return this.#request('greeting', '');
  }

  say(words: string, last = false): Promise<Reply> {
    return this.#request('caller', words, last);
  }

  /** Says one thing after the other. @returns the last reply */
  async sayAll(...remarks: readonly string[]): Promise<Reply> {
    let reply = await this.say(remarks[0] ?? '');
    for (const words of remarks.slice(1)) reply = await this.say(words);
    return reply;
  }

  silence(last = false): Promise<Reply> {
    return this.#request('no-input', '', last);
  }

  /** The caller comes in after these words of the last reply. */
  cutAfter(heard: string): void {
    this.#abort.abort();
    this.#session.heard(heard);
  }

  /** Takes so many parts of the answer and then gives it up, without a word of it having been heard. */
  async abortAfter(words: string, partCount: number): Promise<LlmPart[]> {
    this.#abort = new AbortController();
    const parts: LlmPart[] = [];
    const reply = this.#session.reply({ cause: 'caller', text: words, last: false }, withoutTools(this.#abort.signal))[Symbol.asyncIterator]();
    for (let i = 0; i < partCount; i += 1) {
      const { value, done } = await reply.next();
      if (!done) parts.push(value);
    }
    this.#abort.abort();
    return parts;
  }

  async #request(cause: ReplyCause, text: string, last = false): Promise<Reply> {
    this.#abort = new AbortController();
    const parts: LlmPart[] = [];
    for await (const part of this.#session.reply({ cause, text, last }, withoutTools(this.#abort.signal))) parts.push(part);
    const sentences = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
    const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [{ name: part.name, arguments: part.arguments }] : []));
    return { sentences, text: sentences.join(' '), calls, parts };
  }
}
