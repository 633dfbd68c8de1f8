import { mostToolRounds } from '../../base/tool-bounds.js';
import { SpokenWords } from './spoken-words.js';

/** A message of the agent in the conversation, as far as it has come. */
interface SpokenItem {
  readonly id: string;
  readonly words: SpokenWords;
  audioMs: number;
  /** Nothing more of it comes. */
  isWhole: boolean;
}

/** What is to be done to an item of which the caller heard only so much, or nothing. */
export type Cut =
  | { readonly type: 'truncate'; readonly itemId: string; readonly audioEndMs: number }
  | { readonly type: 'delete'; readonly itemId: string };

/** The agent's reply of a turn: one response, or several with tools between them. */
export class Reply {
  readonly turn: number;
  /** Nothing more is told of it: it has ended, failed, or is over for the caller. */
  isOver = false;
  /** Its first audio has come. */
  hasAudio = false;
  /** Something was to be done for it: it may end without a word. */
  hasCalls = false;
  /** Responses that were asked for. */
  rounds = 0;
  readonly #isOwed: () => boolean;
  /** In the order in which they came. */
  readonly #items = new Map<string, SpokenItem>();

  /** `isOwed`: whether the caller waits for words. It is asked at the end, when what the caller said may be known. */
  constructor(turn: number, isOwed: () => boolean = () => false) {
    this.turn = turn;
    this.#isOwed = isOwed;
  }

  /** The response that is asked for is the last one: it is to be words. */
  get isLastRound(): boolean {
    return this.rounds >= mostToolRounds;
  }

  /** It would leave the caller in silence if it ended now. */
  get isMissed(): boolean {
    return !this.hasAudio && !this.hasCalls && this.#isOwed();
  }

  /** The item with this id, a new one if there is none. */
  item(id: string): SpokenItem {
    const known = this.#items.get(id);
    if (known) return known;
    const created = { id, words: new SpokenWords(), audioMs: 0, isWhole: false };
    this.#items.set(id, created);
    return created;
  }

  /** All that was begun is whole. Returns the words that were still waiting for more. */
  complete(): string[] {
    return [...this.#items.values()].flatMap((item) => {
      item.isWhole = true;
      return item.words.end();
    });
  }

  /**
   * Cuts the conversation down to what was heard of the reply, laid along its items in order. An item that was heard to
   * its end stays as it is; of one that is not whole the service may have made more than has come.
   */
  cutsAfter(heardMs: number): Cut[] {
    let leftMs = heardMs;
    return [...this.#items.values()].flatMap(({ id, audioMs, isWhole }): Cut[] => {
      const ms = Math.min(leftMs, audioMs);
      leftMs -= ms;
      if (isWhole && ms === audioMs && ms > 0) return [];
      const audioEndMs = Math.floor(ms);
      return audioEndMs > 0 ? [{ type: 'truncate', itemId: id, audioEndMs }] : [{ type: 'delete', itemId: id }];
    });
  }
}
