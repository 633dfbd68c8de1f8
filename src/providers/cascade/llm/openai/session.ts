import { hasWords } from '../../../../base/text.js';
import { mostToolRounds } from '../../../../base/tool-bounds.js';
import { ProviderError } from '../../../network/provider-error.js';
import type { CallContext, Said } from '../../../provider.js';
import { SentenceCutter } from '../../sentence-cutter.js';
import { voiceText } from '../../voice-text.js';
import type { LlmPart, LlmRequest, LlmSession, ReplyMeans } from '../llm.js';
import type { EndOfAnswer, ToolCall } from './answer.js';
import { Conversation } from './conversation.js';
import { instructionsOf } from './instructions.js';
import type { ModelClient } from './model-client.js';
import { ToolRound } from './tool-round.js';
import type { Step, Turn } from './turn.js';

/** The agent's side of one call's conversation. Thread: control. */
export class OpenAiSession implements LlmSession {
  readonly #client: ModelClient;
  readonly #call: CallContext;
  readonly #instructions: string;
  readonly #conversation: Conversation;

  constructor(client: ModelClient, call: CallContext, history: readonly Said[]) {
    this.#client = client;
    this.#call = call;
    this.#instructions = instructionsOf(call);
    this.#conversation = new Conversation(history);
  }

  reply(request: LlmRequest, means: ReplyMeans): AsyncIterable<LlmPart> {
    // Taken over before a word was said, there is nothing to go on with.
    const isGreeting = request.cause === 'resume' && request.text === '' && !this.#conversation.hasBegun;
    const cause = isGreeting ? 'greeting' : request.cause;
    const turn = this.#conversation.begin({ ...request, cause }, means.signal);
    const { greeting } = this.#call;
    return cause === 'greeting' && greeting !== undefined ? this.#recite(turn, greeting) : this.#answer(turn, means);
  }

  heard(text: string, before?: string): void {
    this.#conversation.heard(text, before);
  }

  takeBack(): void {
    this.#conversation.takeBack();
  }

  /** Says what was given, without asking the model. */
  async *#recite(turn: Turn, text: string): AsyncGenerator<LlmPart> {
    const step = turn.addStep();
    const cutter = new SentenceCutter();
    step.text = text;
    yield* this.#say(step, [...cutter.push(text), ...cutter.end()], turn.signal);
    step.isWhole = !turn.signal.aborted;
  }

  async *#answer(turn: Turn, means: ReplyMeans): AsyncGenerator<LlmPart> {
    const { signal } = means;
    const { tools } = this.#call;
    for (let round = 1; round <= mostToolRounds; round += 1) {
      const calls: ToolCall[] = [];
      const why = yield* this.#step(turn, calls, round === mostToolRounds);
      if (signal.aborted || why === undefined) return;
      if (calls.length === 0 || round === mostToolRounds) return this.#checkSaid(turn, why);
      const used = new ToolRound(calls, tools, why === 'cut');
      turn.steps.at(-1)?.uses.push(...used.uses);
      const isSpokenOf = await used.run(means);
      if (signal.aborted || !isSpokenOf) return;
    }
  }

  /** Asks the model once, and says what it answers while it does. Undefined when aborted. */
  async *#step(turn: Turn, calls: ToolCall[], wordsOnly: boolean): AsyncGenerator<LlmPart, EndOfAnswer | undefined> {
    const { signal } = turn;
    const question = { instructions: this.#instructions, entries: this.#conversation.entries(), tools: this.#call.tools, wordsOnly };
    const step = turn.addStep();
    const cutter = new SentenceCutter();
    let why: EndOfAnswer | undefined;
    for await (const event of this.#client.ask(question, signal)) {
      switch (event.type) {
        case 'text':
          step.text += event.delta;
          yield* this.#say(step, cutter.push(event.delta), signal);
          break;
        case 'call':
          calls.push(event);
          break;
        case 'ended':
          why = event.why;
          yield* this.#say(step, cutter.end(), signal);
          step.isWhole = !signal.aborted;
          break;
        case 'usage':
          yield event;
          break;
        case 'calling':
          break;
      }
    }
    return why;
  }

  /** A reply of nothing at all would leave the caller waiting. */
  #checkSaid(turn: Turn, why: EndOfAnswer): void {
    if (turn.isVoiced || turn.hasUsedTools) return;
    const { who } = this.#client;
    switch (why) {
      case 'complete':
        throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} answered without a word`);
      case 'cut':
        throw new ProviderError('TP_ERR_PROVIDER_REQUEST', `${who} used max_output_tokens up before it said a word`);
      case 'withheld':
        throw new ProviderError('TP_ERR_PROVIDER_REQUEST', `${who} withheld its answer`);
    }
  }

  async *#say(step: Step, sentences: readonly string[], signal: AbortSignal): AsyncGenerator<LlmPart> {
    for (const sentence of sentences) {
      const text = voiceText(sentence, this.#call.language);
      if (signal.aborted) return;
      if (!hasWords(text)) continue;
      step.voiced.push(text);
      yield { type: 'text', text };
    }
  }
}
