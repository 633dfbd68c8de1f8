import type { Said } from '../../../provider.js';
import type { LlmPart, LlmRequest, LlmSession, ReplyMeans } from '../llm.js';
import { advance, type Dialogue } from './dialogue/dialogue.js';
import { cutShort, type DialogueState, initialState, wordCount } from './dialogue/state.js';
import type { Step } from './dialogue/turn.js';
import { wordsOf } from './matching/words.js';

const longestText = 2000;

/** A reply that may still prove not to have been heard. */
interface Pending {
  readonly before: DialogueState;
  readonly words: string;
  readonly step: Step;
  readonly signal: AbortSignal;
  /** All of it was given away to be spoken. */
  isGiven: boolean;
  heard: string | undefined;
}

/**
 * The dialogue of one call. A reply takes effect when the next one is asked for: as a whole if it was not cut; as far
 * as it was heard if it was cut; and not at all if it was aborted before a word of it was heard, when its words are
 * joined to the next.
 */
export class ScriptedSession implements LlmSession {
  readonly #dialogue: Dialogue;
  /** Calls that were made; what they hand over is not handed over again by a reply that was taken back. */
  readonly #made = new Set<string>();
  #state: DialogueState;
  #unanswered = '';
  /** What the caller said last to another agent, which was lost over its answer. */
  #handedOver: string;
  #pending: Pending | undefined;

  constructor(dialogue: Dialogue, history: readonly Said[] = []) {
    this.#dialogue = dialogue;
    this.#state = { ...initialState, greeted: history.some(({ who }) => who === 'agent') };
    this.#handedOver = history.findLast(({ who }) => who === 'caller')?.text ?? '';
  }

  reply(request: LlmRequest, { signal }: Pick<ReplyMeans, 'signal'>): AsyncIterable<LlmPart> {
    this.#settle();
    const isTakenUp = request.cause === 'resume' && request.text === '';
    const words = joined(this.#unanswered, isTakenUp ? this.#handedOver : request.text).slice(0, longestText);
    this.#handedOver = '';
    const step = advance(this.#dialogue, this.#state, { ...request, text: words });
    this.#pending = { before: this.#state, words, step, signal, isGiven: false, heard: undefined };
    return this.#parts(this.#pending);
  }

  heard(text: string): void {
    if (this.#pending) this.#pending.heard = text;
  }

  /** Decides what became of the last reply. */
  #settle(): void {
    if (!this.#pending) return;
    const { before, words, step, signal, isGiven, heard } = this.#pending;
    const isUnheard = heard === undefined ? signal.aborted && !isGiven : wordCount(heard) === 0;
    this.#state = isUnheard ? before : heard === undefined ? step.state : cutShort(step.state, step.sentences, heard);
    this.#unanswered = isUnheard ? words : '';
    this.#pending = undefined;
  }

  async *#parts(pending: Pending): AsyncGenerator<LlmPart> {
    const { step, signal } = pending;
    for (const part of partsOf(step)) {
      if (signal.aborted) return;
      if (part.type === 'tool-call' && step.callsBefore.some((call) => call.name === part.name)) {
        const call = JSON.stringify([part.name, part.arguments]);
        if (this.#made.has(call)) continue;
        this.#made.add(call);
      }
      yield part;
    }
    pending.isGiven = !signal.aborted;
  }
}

function* partsOf({ callsBefore, sentences, callsAfter }: Step): Generator<LlmPart> {
  for (const { name, arguments: values } of callsBefore) yield { type: 'tool-call', name, arguments: values };
  for (const text of sentences) yield { type: 'text', text };
  for (const { name, arguments: values } of callsAfter) yield { type: 'tool-call', name, arguments: values };
}

/** Words said before and after a reply that nobody heard; the same words said again count once. */
function joined(before: string, after: string): string {
  const isRepeated = wordsOf(before).join(' ') === wordsOf(after).join(' ');
  return isRepeated ? after : `${before} ${after}`.trim();
}
