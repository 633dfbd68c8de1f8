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

/** A stretch of an agent's text and where in its turn's audio it begins. */
interface SpokenPiece {
  readonly text: string;
  readonly startMs: number;
}

interface AgentTurn {
  readonly turn: number;
  pieces: SpokenPiece[];
  atMs: number | undefined;
  /** Audio given for this turn so far. */
  givenMs: number;
  /** No more audio follows. */
  complete: boolean;
  heardMs: number | undefined;
}

/** English at an even pace: 15 characters a second. */
const usualMsPerCharacter = 65;

/** Thread: control. Entries are in the order in which they were said. */
export class Transcript {
  readonly #entries: (TranscriptEntry | AgentTurn)[] = [];

  callerSaid(turn: number, text: string, atMs: number): void {
    if (text !== '') this.#entries.push({ turn, who: 'caller', text, atMs });
  }

  /** The agent's next words; the audio that speaks them follows. */
  agentSays(turn: number, text: string): void {
    const agentTurn = this.#agentTurn(turn);
    agentTurn.pieces.push({ text, startMs: agentTurn.givenMs });
  }

  audioGiven(turn: number, ms: number): void {
    this.#agentTurn(turn).givenMs += ms;
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

  /** What the caller heard of the turn's words. */
  heardText(turn: number): string {
    return heardWords(this.#agentTurn(turn)).text;
  }

  entries(): TranscriptEntry[] {
    return this.#entries.flatMap((entry) => {
      if ('text' in entry) return [entry];
      const { text, cut } = heardWords(entry);
      if (text === '' || entry.atMs === undefined) return [];
      return [{ turn: entry.turn, who: 'agent' as const, text, atMs: entry.atMs, ...(cut ? { cut: true as const } : {}) }];
    });
  }

  #agentTurn(turn: number): AgentTurn {
    for (let i = this.#entries.length - 1; i >= 0; i -= 1) {
      const entry = this.#entries[i];
      if (entry && !('text' in entry) && entry.turn === turn) return entry;
    }
    const created: AgentTurn = { turn, pieces: [], atMs: undefined, givenMs: 0, complete: false, heardMs: undefined };
    this.#entries.push(created);
    return created;
  }
}

/**
 * Of a cut turn the whole pieces that were heard, and of the piece at the cut as many words as its share of audio. A
 * piece whose audio was still on its way is taken to last as long as it takes to say.
 */
function heardWords({ pieces, givenMs, complete, heardMs }: AgentTurn): { text: string; cut: boolean } {
  const whole = pieces.map((piece) => piece.text).join(' ');
  if (heardMs === undefined) return { text: whole, cut: false };
  const heard = pieces.flatMap(({ text, startMs }, i) => {
    const next = pieces[i + 1];
    const given = (next?.startMs ?? givenMs) - startMs;
    const audioMs = next || complete ? given : Math.max(given, text.length * usualMsPerCharacter);
    if (audioMs <= 0) return [];
    const share = Math.min(1, Math.max(0, (heardMs - startMs) / audioMs));
    const words = text.split(/\s+/);
    return share === 1 ? [text] : words.slice(0, Math.floor(share * words.length));
  });
  const text = heard.join(' ');
  return { text, cut: text !== whole };
}
