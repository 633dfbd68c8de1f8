/** What was said, and of the agent's words only what was heard: text is laid along its turn's audio and cut with it. */

export interface TranscriptEntry {
  readonly turn: number;
  readonly who: 'caller' | 'agent';
  readonly text: string;
  /** From the start of the call to the first of these words becoming known (caller) or heard (agent). */
  readonly atMs: number;
  /** The rest was never heard. */
  readonly cut?: true;
}

/** Words without their times. */
type SaidWords = Pick<TranscriptEntry, 'who' | 'text'>;

/** A stretch of an agent's text and where in its turn's audio it begins. */
interface SpokenPiece {
  readonly text: string;
  readonly startMs: number;
}

/** A stretch of a turn's audio by one speaker: a provider, or talkpath itself. */
interface Stretch {
  /** A line of talkpath's own: no provider said it. */
  readonly own: boolean;
  readonly startMs: number;
  readonly pieces: SpokenPiece[];
  /** Its provider was lost: words whose audio had not come will not be said. */
  lost: boolean;
}

interface AgentTurn {
  readonly turn: number;
  readonly stretches: Stretch[];
  atMs: number | undefined;
  /** Audio given for this turn so far. */
  givenMs: number;
  /** No more audio follows. */
  complete: boolean;
  heardMs: number | undefined;
}

interface CallerTurn {
  readonly turn: number;
  readonly text: string;
  readonly atMs: number;
}

/** English at an even pace: 15 characters a second. */
const usualMsPerCharacter = 65;

const isCaller = (entry: CallerTurn | AgentTurn): entry is CallerTurn => 'text' in entry;

/** Thread: control. Entries are in the order in which they were said. */
export class Transcript {
  readonly #entries: (CallerTurn | AgentTurn)[] = [];

  /** Words that are known only after the agent has begun to answer them stand before the answer. */
  callerSaid(turn: number, text: string, atMs: number): void {
    if (text === '') return;
    const answer = this.#entries.findIndex((entry) => !isCaller(entry) && entry.turn === turn);
    this.#entries.splice(answer < 0 ? this.#entries.length : answer, 0, { turn, text, atMs });
  }

  /** The next words of the agent, or of a line of our own; the audio that speaks them follows. */
  agentSays(turn: number, text: string, own = false): void {
    const agentTurn = this.#agentTurn(turn);
    stretchOf(agentTurn, own).pieces.push({ text, startMs: agentTurn.givenMs });
  }

  audioGiven(turn: number, ms: number, own = false): void {
    const agentTurn = this.#agentTurn(turn);
    stretchOf(agentTurn, own);
    agentTurn.givenMs += ms;
  }

  /** All audio of the turn was given. */
  audioEnds(turn: number): void {
    this.#agentTurn(turn).complete = true;
  }

  /** The first sample of the turn went out. */
  turnHeardFrom(turn: number, atMs: number): void {
    this.#agentTurn(turn).atMs = atMs;
  }

  /** The turn was cut (or never began: 0) after this much of its audio. */
  turnCut(turn: number, heardMs: number): void {
    this.#agentTurn(turn).heardMs = heardMs;
  }

  /** The provider that was speaking is lost: of its words only those are said whose audio has come. */
  speakerLost(turn: number): void {
    if (this.#agentTurn(turn).complete) return;
    for (const stretch of this.#agentTurn(turn).stretches) stretch.lost ||= !stretch.own;
  }

  /** Whether a provider has begun to say something in the turn. */
  speaks(turn: number): boolean {
    return this.#agentTurn(turn).stretches.some(({ own, lost }) => !own && !lost);
  }

  /** Where in the turn's audio its provider begins, behind lines of our own; undefined before that. */
  providerFromMs(turn: number): number | undefined {
    return this.#agentTurn(turn).stretches.find(({ own }) => !own)?.startMs;
  }

  /** Of the words and the audio of the provider that speaks now, what the caller heard of the turn. */
  heard(turn: number): { readonly ms: number; readonly text: string } {
    const agentTurn = this.#agentTurn(turn);
    const ofProvider = agentTurn.stretches.filter(({ own, lost }) => !own && !lost);
    const heardMs = agentTurn.heardMs ?? agentTurn.givenMs;
    const ms = ofProvider.reduce((sum, stretch) => sum + Math.max(0, Math.min(heardMs, endOf(agentTurn, stretch)) - stretch.startMs), 0);
    return { ms, text: heardWords(agentTurn, ofProvider).text };
  }

  /** Of the words of providers that were lost over the turn, those that the caller heard; undefined when it was all that had audio. */
  heardBefore(turn: number): string | undefined {
    const agentTurn = this.#agentTurn(turn);
    const lost = agentTurn.stretches.filter((stretch) => !stretch.own && stretch.lost);
    const { text } = heardWords(agentTurn, lost);
    return text === heardWords({ ...agentTurn, heardMs: undefined }, lost).text ? undefined : text;
  }

  /** What another provider needs to know to go on: lines of our own are no part of the conversation. */
  history(): SaidWords[] {
    return this.#entries.flatMap((entry): SaidWords[] => {
      if (isCaller(entry)) return [{ who: 'caller', text: entry.text }];
      const { text } = heardWords(
        entry,
        entry.stretches.filter(({ own }) => !own),
      );
      return text === '' || entry.givenMs === 0 ? [] : [{ who: 'agent', text }];
    });
  }

  /** Whether the words of that turn of the caller's are known. */
  isCallerKnown(turn: number): boolean {
    return this.#entries.some((entry) => isCaller(entry) && entry.turn === turn);
  }

  entries(): TranscriptEntry[] {
    return this.#entries.flatMap((entry): TranscriptEntry[] => {
      if (isCaller(entry)) return [{ turn: entry.turn, who: 'caller', text: entry.text, atMs: entry.atMs }];
      const { text, cut } = heardWords(entry, entry.stretches);
      if (text === '' || entry.atMs === undefined) return [];
      return [{ turn: entry.turn, who: 'agent', text, atMs: entry.atMs, ...(cut ? { cut: true } : {}) }];
    });
  }

  #agentTurn(turn: number): AgentTurn {
    for (let i = this.#entries.length - 1; i >= 0; i -= 1) {
      const entry = this.#entries[i];
      if (entry && !isCaller(entry) && entry.turn === turn) return entry;
    }
    const created: AgentTurn = { turn, stretches: [], atMs: undefined, givenMs: 0, complete: false, heardMs: undefined };
    this.#entries.push(created);
    return created;
  }
}

/** The stretch that goes on, or a new one when another speaks. */
function stretchOf({ stretches, givenMs }: AgentTurn, own: boolean): Stretch {
  const last = stretches.at(-1);
  if (last && last.own === own && !last.lost) return last;
  const created = { own, startMs: givenMs, pieces: [], lost: false };
  stretches.push(created);
  return created;
}

const endOf = ({ stretches, givenMs }: AgentTurn, stretch: Stretch): number => stretches[stretches.indexOf(stretch) + 1]?.startMs ?? givenMs;

function heardWords(turn: AgentTurn, stretches: readonly Stretch[]): { text: string; cut: boolean } {
  const heard = stretches.map((stretch) => wordsOf(turn, stretch, turn.heardMs)).filter((text) => text !== '');
  const said = stretches.map((stretch) => wordsOf(turn, stretch, undefined)).filter((text) => text !== '');
  return { text: heard.join(' '), cut: heard.join(' ') !== said.join(' ') };
}

/** Words that came together ahead of their audio share it. */
function spansOf(pieces: readonly SpokenPiece[]): readonly SpokenPiece[] {
  const spans: SpokenPiece[] = [];
  for (const piece of pieces) {
    const last = spans.at(-1);
    if (last?.startMs === piece.startMs) spans[spans.length - 1] = { text: `${last.text} ${piece.text}`, startMs: last.startMs };
    else spans.push(piece);
  }
  return spans;
}

/**
 * Of a stretch that was cut the whole pieces that were heard, and of the piece at the cut as many words as its share of
 * audio. A piece whose audio was still on its way is taken to last as long as it takes to say.
 */
function wordsOf(turn: AgentTurn, stretch: Stretch, heardMs: number | undefined): string {
  const { pieces, lost } = stretch;
  const endMs = endOf(turn, stretch);
  const isLast = turn.stretches.at(-1) === stretch;
  const untilMs = lost ? Math.min(endMs, heardMs ?? endMs) : heardMs;
  if (untilMs === undefined) return pieces.map(({ text }) => text).join(' ');
  const spans = spansOf(pieces);
  const heard = spans.flatMap(({ text, startMs }, i) => {
    const next = spans[i + 1];
    const given = (next?.startMs ?? endMs) - startMs;
    const isWhole = next || (isLast ? turn.complete && !lost : !lost);
    const audioMs = isWhole ? given : Math.max(given, text.length * usualMsPerCharacter);
    if (audioMs <= 0) return [];
    const share = Math.min(1, Math.max(0, (untilMs - startMs) / audioMs));
    const words = text.split(/\s+/);
    return share === 1 ? [text] : words.slice(0, Math.floor(share * words.length));
  });
  return heard.join(' ');
}
