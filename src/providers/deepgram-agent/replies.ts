import type { ReplyCause } from '../provider.js';
import { ComingReply, type Owner } from './coming-reply.js';
import type { HeldReply } from './held-reply.js';
import type { NoiseWatch } from './noise-watch.js';
import type { FunctionCall, StageTimes } from './protocol.js';
import type { TurnEvents } from './turn-events.js';

/** A turn that talkpath waits for, or of which it is being told. */
interface Asked {
  readonly turn: number;
  readonly cause: ReplyCause;
  hasBegun: boolean;
}

/** What the service will speak of next: the caller's words, what was injected, or what was injected for a turn that is over. */
type Due = 'caller' | 'injected' | 'unwanted' | undefined;

/**
 * Gives what the service says to the turn it belongs to. Neither its audio nor its messages carry a number: what they
 * belong to follows from their order, and from what has made the agent speak. Knows no socket and no time.
 */
export class Replies {
  readonly #tell: TurnEvents;
  readonly #held: HeldReply;
  readonly #noise: NoiseWatch;
  #asked: Asked | undefined;
  /** The reply whose parts arrive now. */
  #coming: ComingReply | undefined;
  #due: Due;
  #callerSpeaks = false;
  /** The end of the caller's turn was heard of before the words. */
  #owesWords = false;
  /** The caller has said words that no reply has answered. */
  #hasWords = false;
  /** The last turn that had something. */
  #lastTurn: number | undefined;
  /** What comes without a reason belongs to a reply that was cancelled. */
  #isSilenced = false;

  constructor(parts: { tell: TurnEvents; held: HeldReply; noise: NoiseWatch }) {
    this.#tell = parts.tell;
    this.#held = parts.held;
    this.#noise = parts.noise;
  }

  /** The service is in the middle of an utterance, as far as it has told. */
  get isSpeaking(): boolean {
    return this.#coming !== undefined && !this.#callerSpeaks;
  }

  /** Nothing of the turn has come. */
  isWaiting(turn: number): boolean {
    return this.#asked?.turn === turn && !this.#asked.hasBegun;
  }

  /** Nothing of the turn has come, and the service has no reason to say anything for it. */
  isUnheard(turn: number): boolean {
    return this.isWaiting(turn) && !this.#callerSpeaks && this.#due !== 'caller' && this.#due !== 'injected';
  }

  /** The turn whose agent was told what a function gave, and has not begun to speak of it. */
  get owesAnswer(): number | undefined {
    return this.#coming?.owesAnswer && typeof this.#coming.owner === 'number' ? this.#coming.owner : undefined;
  }

  /** Returns whether the turn's reply is here or on its way; otherwise the service has yet to be given a reason. */
  ask(turn: number, cause: ReplyCause, last: boolean): boolean {
    if (this.#asked) this.cancel(this.#asked.turn);
    this.#noise.stop();
    this.#asked = { turn, cause, hasBegun: false };
    for (const text of this.#held.takeWords()) this.#tell.words(turn, 'caller', text);
    if (cause !== 'caller' && (cause !== 'no-input' || last)) {
      this.#dropHeld();
      return false;
    }
    if (this.#coming?.owner === 'next' || this.#held.isWhole) {
      this.#release(turn);
      return true;
    }
    return this.#due === 'caller';
  }

  cancel(turn: number): void {
    if (this.#lastTurn === turn) {
      this.#lastTurn = undefined;
      if (this.#due === undefined) this.#isSilenced = true;
    }
    if (this.#asked?.turn !== turn) return;
    const { cause, hasBegun } = this.#asked;
    this.#asked = undefined;
    // Of a reply to the caller's words nothing is lost yet: it is for the next turn, unless the caller goes on.
    if (!hasBegun && cause === 'caller') {
      if (this.#due === 'caller') this.#noise.begin();
      return;
    }
    this.#hasWords = false;
    this.#isSilenced = true;
    if (this.#due === 'injected') this.#due = 'unwanted';
    if (this.#coming?.owner === turn) this.#coming.owner = 'nobody';
  }

  /** Ends a turn of which nothing more comes. */
  end(turn: number): void {
    if (this.#coming?.owner === turn) this.#coming = undefined;
    this.#end(turn);
  }

  injected(): void {
    this.#due = 'injected';
    this.#tell.newStages(false);
  }

  injectionRefused(): void {
    if (this.#due !== 'caller') this.#due = undefined;
  }

  /** The service has taken what was injected: what it says of an earlier reply is over, and speech that it heard was none. */
  injectionTaken(): void {
    if (this.#due === 'caller') return;
    this.#callerSpeaks = false;
    if (this.#coming?.owner === 'nobody') this.#coming = undefined;
  }

  /** The caller's audio as it goes to the service. */
  hear(audio: Uint8Array, speaking: boolean): void {
    if (this.#noise.hear(audio, speaking)) this.#tell.callerEnded();
  }

  /** The service cuts its reply, and drops one that it had not begun. Audio of it may still be on its way. */
  callerStarted(): void {
    this.#callerSpeaks = true;
    this.#noise.stop();
    this.#dropHeld();
    if (this.#due) this.#coming ??= new ComingReply('nobody');
    this.#due = undefined;
    if (this.#coming) this.#coming.isCut = true;
    this.#endIfCut();
  }

  callerEnded(): void {
    if (this.#callerSpeaks) this.#endCallersTurn(true);
  }

  callerSaid(text: string): void {
    const isNew = this.#callerSpeaks || !(this.#owesWords || this.#coming || this.#due);
    this.#owesWords = false;
    if (this.#asked && !(isNew && this.#asked.hasBegun)) this.#tell.words(this.#asked.turn, 'caller', text);
    else this.#held.addWords(text);
    if (isNew) this.#endCallersTurn(false);
    if (text.trim() !== '') this.#hasWords = true;
  }

  agentStarted(): void {
    this.callerEnded();
    this.#begin();
  }

  agentSays(text: string): void {
    const isLate = !this.#coming && !this.#due && (this.#callerSpeaks || !this.#asked);
    if (isLate) {
      if (!this.#isSilenced && this.#lastTurn !== undefined) this.#tell.words(this.#lastTurn, 'agent', text);
      return;
    }
    const owner = this.#takePart('text');
    if (typeof owner === 'number') this.#tell.words(owner, 'agent', text);
    else if (owner === 'next') this.#held.add({ type: 'text', text });
  }

  agentAudio(audio: Uint8Array): void {
    if (!this.#coming && !this.#isSilenced) this.callerEnded();
    const owner = this.#takePart('audio');
    if (typeof owner === 'number') this.#tell.audio(owner, audio);
    else if (owner === 'next') this.#held.add({ type: 'audio', audio });
  }

  audioDone(): void {
    this.#coming?.partDone();
    this.#finishIfOver();
  }

  took(took: StageTimes): void {
    this.#tell.noteStages(took);
    if (this.#asked?.hasBegun) this.#tell.stages(this.#asked.turn);
  }

  /** Returns the reply that waits for the answer; undefined when nobody is there for whom anything should be done. */
  called(call: FunctionCall): ComingReply | undefined {
    this.callerEnded();
    const coming = this.#begin();
    const { owner } = coming;
    if (owner === 'nobody' || coming.isCut) return undefined;
    coming.called(call.id);
    // A call that cannot be understood is answered by us.
    if (!call.arguments) return coming;
    if (owner === 'next') this.#held.add({ type: 'call', call });
    else this.#tell.call(owner, call);
    return coming;
  }

  answered(reply: ComingReply, id: string, isSpokenOf: boolean): void {
    reply.answered(id, isSpokenOf);
    this.#endIfCut();
    this.#finishIfOver();
  }

  withdrawn(reply: ComingReply, id: string): void {
    reply.withdrawn(id);
    if (reply.owner === 'next') this.#held.withdraw(id);
    this.#tell.withdrawn(id);
    this.#endIfCut();
    this.#finishIfOver();
  }

  /** From here on what the service says answers what the caller has just said. */
  #endCallersTurn(owesWords: boolean): void {
    const cut = this.#coming?.owner;
    this.#callerSpeaks = false;
    this.#owesWords = owesWords;
    this.#dropHeld();
    this.#coming = undefined;
    this.#due = 'caller';
    this.#isSilenced = false;
    if (typeof cut === 'number') this.#end(cut);
    this.#tell.newStages(true);
    if (!this.#asked) this.#tell.callerEnded();
  }

  /** The reply that what comes is a part of; a new one, if none is on its way. */
  #begin(): ComingReply {
    if (this.#coming) return this.#coming;
    const isUnwanted = this.#due === 'unwanted' || (this.#due === undefined && this.#isSilenced);
    const coming = new ComingReply(isUnwanted ? 'nobody' : this.#asked && !this.#asked.hasBegun ? this.#asked.turn : 'next');
    if (this.#due === undefined) this.#tell.newStages(false);
    this.#coming = coming;
    this.#due = undefined;
    if (typeof coming.owner === 'number') this.#hasBegun(coming.owner);
    return coming;
  }

  #hasBegun(turn: number): void {
    this.#isSilenced = false;
    this.#callerSpeaks = false;
    this.#lastTurn = turn;
    if (this.#asked?.turn === turn) this.#asked.hasBegun = true;
  }

  /** Returns whose it is. */
  #takePart(what: 'text' | 'audio'): Owner {
    const coming = this.#begin();
    coming.came(what);
    if (coming.isCut) return 'nobody';
    if (typeof coming.owner === 'number') this.#tell.stages(coming.owner);
    return coming.owner;
  }

  #finishIfOver(): void {
    const coming = this.#coming;
    if (!coming?.isOver) return;
    this.#coming = undefined;
    if (!coming.goesOn) this.#isSilenced = true;
    if (coming.owner === 'next') {
      this.#held.isWhole = true;
      this.#held.isEmpty = coming.isEmpty;
    } else if (coming.owner !== 'nobody') this.#finish(coming.owner, coming.isEmpty);
  }

  /** A turn that was cut is over for talkpath when none of its calls is at work. */
  #endIfCut(): void {
    const coming = this.#coming;
    if (!coming?.isCut || coming.hasCalls || typeof coming.owner !== 'number') return;
    const { owner } = coming;
    coming.owner = 'nobody';
    this.#end(owner);
  }

  /** What was held is the turn's. Whoever is told may cancel it in the middle. */
  #release(turn: number): void {
    const { isWhole, isEmpty } = this.#held;
    const parts = this.#held.takeParts();
    if (this.#coming?.owner === 'next') this.#coming.owner = turn;
    this.#hasBegun(turn);
    this.#tell.stages(turn);
    for (const part of parts) {
      if (this.#asked?.turn !== turn) return;
      if (part.type === 'audio') this.#tell.audio(turn, part.audio);
      else if (part.type === 'text') this.#tell.words(turn, 'agent', part.text);
      else this.#tell.call(turn, part.call);
    }
    if (isWhole) this.#finish(turn, isEmpty);
  }

  #dropHeld(): void {
    this.#held.drop();
    if (this.#coming?.owner === 'next') this.#coming.owner = 'nobody';
  }

  /** The service has said all of a reply: nothing at all is too little, unless the caller has only made a noise. */
  #finish(turn: number, isEmpty: boolean): void {
    const isMissed = isEmpty && this.#asked?.turn === turn && (this.#asked.cause !== 'caller' || this.#hasWords);
    this.#end(turn, isMissed);
  }

  #end(turn: number, isMissed = false): void {
    if (this.#asked?.turn !== turn) return;
    this.#asked = undefined;
    this.#hasWords = false;
    if (isMissed) this.#tell.missed(turn);
    else this.#tell.ended(turn);
  }
}
