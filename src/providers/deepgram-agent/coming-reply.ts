/** Of a turn, of the turn that will be asked for next, or of nobody: it was cancelled, or the caller has cut it. */
export type Owner = number | 'next' | 'nobody';

/**
 * A reply of the service whose parts arrive. With a function call it has several: what the agent says before it, and
 * what it says of the answer. Each ends with AgentAudioDone, and one may come too early: right after the call.
 */
export class ComingReply {
  owner: Owner;
  /** The caller has spoken over it: no more of it counts, but a call of it may still be at work. */
  isCut = false;
  readonly #calls = new Set<string>();
  /** Audio or text has come since the last part ended. */
  #isInPart = false;
  #hasSpoken = false;
  /** A function was answered, and the agent has not yet begun to speak of it. */
  #owesAnswer = false;
  /** What still comes is of the part that led to the call. */
  #isFinishingPart = false;
  #goesOn = true;
  #isEmpty = true;

  constructor(owner: Owner) {
    this.owner = owner;
  }

  get owesAnswer(): boolean {
    return this.#owesAnswer;
  }

  get hasCalls(): boolean {
    return this.#calls.size > 0;
  }

  /** Whether more of it may come when it is over: not when nobody wants what the agent says of a function's answer. */
  get goesOn(): boolean {
    return this.#goesOn;
  }

  /** Nothing of it could be heard, and nothing was to be done for it. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  get isOver(): boolean {
    return !this.#isInPart && !this.#owesAnswer && !this.hasCalls;
  }

  /** Text comes before the audio that speaks it: with new text a new part has begun. */
  came(what: 'text' | 'audio'): void {
    if (what === 'text' || !this.#isFinishingPart) this.#owesAnswer = false;
    this.#isInPart = true;
    this.#hasSpoken = true;
    if (what === 'audio') this.#isEmpty = false;
  }

  partDone(): void {
    this.#isInPart = false;
    this.#isFinishingPart = false;
  }

  called(id: string): void {
    this.#calls.add(id);
    this.#isEmpty = false;
  }

  /** A reply in which nothing was said yet goes on even if the answer needs no words: a farewell may follow it. */
  answered(id: string, isSpokenOf: boolean): void {
    if (!this.#calls.delete(id)) return;
    this.#owesAnswer = isSpokenOf || !this.#hasSpoken;
    this.#isFinishingPart = this.#isInPart;
    this.#goesOn = isSpokenOf;
  }

  withdrawn(id: string): void {
    this.#calls.delete(id);
  }
}
