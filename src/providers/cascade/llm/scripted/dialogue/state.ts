/** Where a dialogue stands: a value, so that a reply that nobody heard can be taken back. */
export interface DialogueState {
  readonly greeted: boolean;
  readonly task: TaskState | undefined;
  /** The yes/no question that the last reply ended in, other than a task's. */
  readonly question: OpenQuestion | undefined;
  /** Remarks that were not understood, one after the other. */
  readonly misses: number;
  /** Silences, one after the other. */
  readonly silences: number;
  /** How often each list of variants was used. */
  readonly uses: ReadonlyMap<readonly string[], number>;
  /** What "say that again" repeats. */
  readonly said: readonly string[];
  /** Set if the caller cut the last reply. */
  readonly cut: Cut | undefined;
}

/** The intents that yes and no stand for. */
export interface OpenQuestion {
  readonly yes?: string | undefined;
  readonly no?: string | undefined;
}

export interface TaskState {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
  readonly stage: Stage;
  /** Digits of a number that is not whole yet. */
  readonly partial: string;
  /** The slot that was filled last. */
  readonly filled: string | undefined;
}

export type Stage =
  | { readonly type: 'slot'; readonly slot: string }
  | { readonly type: 'confirm' }
  /** The caller has said that something is wrong, and is asked what. */
  | { readonly type: 'change' };

export interface Cut {
  /** The sentences that were not heard to their end. */
  readonly unheard: readonly string[];
  /** Whether the last sentence, which asks, was begun. */
  readonly questionHeard: boolean;
}

export const initialState: DialogueState = {
  greeted: false,
  task: undefined,
  question: undefined,
  misses: 0,
  silences: 0,
  uses: new Map(),
  said: [],
  cut: undefined,
};

/** The state after a reply of which only the words of `heard` reached the caller. */
export function cutShort(state: DialogueState, sentences: readonly string[], heard: string): DialogueState {
  const heardWords = wordCount(heard);
  let ahead = 0;
  let before = 0;
  const unheard = sentences.filter((sentence, index) => {
    if (index === sentences.length - 1) before = ahead;
    ahead += wordCount(sentence);
    return ahead > heardWords;
  });
  return unheard.length === 0 ? state : { ...state, cut: { unheard, questionHeard: heardWords > before } };
}

export const wordCount = (text: string): number => text.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
