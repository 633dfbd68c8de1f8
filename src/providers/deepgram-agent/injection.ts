import type { Clock } from '../../base/clock.js';
import type { ClientMessage } from './protocol.js';

/** The service lets nobody inject for a little while after speech that it has not yet done with. */
const againMs = 300;
const mostTries = 8;

export interface InjectionOptions {
  readonly clock: Clock;
  /** How long the agent may speak before it is given up. */
  readonly patienceMs: number;
  /** Whether the agent still has nothing else to say for the turn. */
  readonly isWanted: (turn: number) => boolean;
  readonly send: (message: ClientMessage) => void;
  readonly onGivenUp: (turn: number) => void;
}

/**
 * What makes the agent speak for a turn. The service refuses it while somebody speaks, by its own ears: it is sent again
 * when the agent has finished, and else a little later, some times.
 */
export class Injection {
  readonly #options: InjectionOptions;
  #current: { readonly turn: number; readonly message: ClientMessage; tries: number; isRefused: boolean } | undefined;
  #stopTimer: () => void = () => {};

  constructor(options: InjectionOptions) {
    this.#options = options;
  }

  /** Whether these are the agent's words that were to be said. */
  isSaid(text: string): boolean {
    const message = this.#current?.message;
    return message?.type === 'InjectAgentMessage' && message.message.trim() === text.trim();
  }

  start(turn: number, message: ClientMessage): void {
    this.stop();
    this.#current = { turn, message, tries: 1, isRefused: false };
    this.#options.send(message);
  }

  refused(agentSpeaks: boolean): void {
    const current = this.#current;
    if (!current || current.isRefused) return;
    current.isRefused = true;
    if (current.tries >= mostTries) this.#giveUp();
    else if (agentSpeaks) this.#after(this.#options.patienceMs, () => this.#giveUp());
    else this.#after(againMs, () => this.again());
  }

  /** Sends it again if it was refused. */
  again(): void {
    const current = this.#current;
    if (!current?.isRefused) return;
    this.#stopTimer();
    if (this.#options.isWanted(current.turn)) {
      current.isRefused = false;
      current.tries += 1;
      this.#options.send(current.message);
    } else this.stop();
  }

  stop(): void {
    this.#stopTimer();
    this.#current = undefined;
  }

  #giveUp(): void {
    const turn = this.#current?.turn;
    this.stop();
    if (turn !== undefined && this.#options.isWanted(turn)) this.#options.onGivenUp(turn);
  }

  #after(ms: number, action: () => void): void {
    this.#stopTimer();
    this.#stopTimer = this.#options.clock.after(ms, action);
  }
}
