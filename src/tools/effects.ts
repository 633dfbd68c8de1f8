import { setMaxListeners } from 'node:events';
import { messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { answerTo, calledOff, doneWithOthers, journalFailed, left, repeated, unknown } from './answers.js';
import type { Ending, Wish } from './attempts.js';
import { type Effect, sha256 } from './effect.js';
import type { Journal } from './journal.js';
import type { JournalEntry } from './journal-entry.js';
import type { KeptAnswers } from './kept-answers.js';
import type { ToolResult } from './tool.js';

/** How something is done, once it has been decided that it may be. */
export interface Deed {
  readonly effect: Effect;
  /** Of an effect that may have happened already, it may be tried again. */
  readonly isSafeToRepeat: boolean;
  carryOut(wish: Wish): Promise<Ending>;
}

/** An effect that is being brought about, and those who wait for it. */
interface Flight {
  readonly key: string;
  readonly result: Promise<ToolResult>;
  waiting: number;
}

/** Brings about each effect once at most, across repeats, failures and crashes: the journal is written before and after. */
export class Effects {
  readonly #journal: Journal;
  readonly #answers: KeptAnswers;
  readonly #log: Log;
  readonly #flights = new Map<string, Flight>();
  readonly #closed = new AbortController();

  constructor(journal: Journal, answers: KeptAnswers, log: Log) {
    this.#journal = journal;
    this.#answers = answers;
    this.#log = log;
    // Each request of each call listens to it.
    setMaxListeners(0, this.#closed.signal);
  }

  /** Aborted by close(). */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** The deed's result, or what is known of its effect without doing it. Never rejects. */
  async run(deed: Deed, signal: AbortSignal): Promise<ToolResult> {
    const { id, key } = deed.effect;
    try {
      await this.#journal.load();
    } catch (error) {
      return this.#journalFailed(deed.effect, error);
    }
    while (!signal.aborted && !this.#closed.signal.aborted) {
      const atHand = this.#flights.get(id);
      const before = this.#journal.find(id);
      const told = atHand ? undefined : this.#known(deed, before);
      if (told) return told;
      const flight = atHand ?? this.#begin(deed, before);
      const result = await join(flight, signal);
      if (flight !== atHand) return result;
      // The one who waited before has left, or what was done was something else: it is decided anew.
      if (flight.key !== key || (result.outcome === 'called-off' && !signal.aborted)) continue;
      return result.outcome === 'answered' ? repeated('answered', result.text) : result;
    }
    // It may be at work, or done, for somebody else.
    const before = this.#journal.find(id);
    return this.#flights.has(id) || before?.state === 'begun' || before?.outcome === 'answered' ? left() : calledOff();
  }

  /** Cuts off what is under way: it is not known from then on whether that was done. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all([...this.#flights.values()].map(({ result }) => result));
  }

  /** What is to be told of an effect without doing anything; undefined when it may be done. */
  #known({ effect, isSafeToRepeat }: Deed, before: JournalEntry | undefined): ToolResult | undefined {
    if (before === undefined) return undefined;
    const isSame = before.key === effect.key;
    if (before.state === 'begun') return isSame && isSafeToRepeat ? undefined : unknown('it was begun before');
    const text = this.#answers.get(effect.callId, effect.id);
    switch (before.outcome) {
      case 'answered':
        return isSame ? repeated('answered', text) : doneWithOthers(text);
      case 'refused':
        return isSame ? repeated('refused', text) : undefined;
      case 'not-done':
        return undefined;
    }
  }

  #begin(deed: Deed, before: JournalEntry | undefined): Flight {
    const { id, key } = deed.effect;
    const wish = { isWanted: () => flight.waiting > 0, closed: this.#closed.signal };
    const result = Promise.resolve().then(() => this.#bringAbout(deed, before, wish));
    const flight: Flight = { key, waiting: 0, result: result.finally(() => this.#flights.delete(id)) };
    this.#flights.set(id, flight);
    return flight;
  }

  async #bringAbout({ effect, carryOut }: Deed, before: JournalEntry | undefined, wish: Wish): Promise<ToolResult> {
    try {
      await this.#journal.begin(effect);
    } catch (error) {
      return this.#journalFailed(effect, error);
    }
    const ending = await carryOut(wish).catch((error: unknown): Ending => {
      this.#log.error({ callId: effect.callId, tool: effect.tool, error: messageOf(error) }, 'tool failed');
      return { type: 'unknown', why: 'something went wrong here', mayHelpToRepeat: false };
    });
    // Of an effect that may have happened before, only a success says whether it has.
    const mayHaveHappened = before?.state === 'begun';
    const result = mayHaveHappened && ending.type !== 'answered' ? unknown('why' in ending ? ending.why : 'it was begun before') : answerTo(ending);
    if (!wish.isWanted())
      this.#log.info({ callId: effect.callId, tool: effect.tool, outcome: result.outcome, why: result.why }, 'tool ended unattended');
    await this.#settle(effect, result);
    return result;
  }

  async #settle(effect: Effect, { outcome, text }: ToolResult): Promise<void> {
    if (outcome === 'unknown') return;
    const known = outcome === 'answered' || outcome === 'refused' ? outcome : 'not-done';
    if (known !== 'not-done') this.#answers.set(effect.callId, effect.id, text);
    try {
      await this.#journal.end(effect, known, sha256(text));
    } catch (error) {
      this.#journalFailed(effect, error);
    }
  }

  #journalFailed({ callId, tool }: Effect, error: unknown): ToolResult {
    this.#log.error({ callId, tool, error: messageOf(error) }, 'the journal of tools failed');
    return journalFailed();
  }
}

/** The flight's result, unless `signal` is aborted before. */
async function join(flight: Flight, signal: AbortSignal): Promise<ToolResult> {
  let leave = (): void => {};
  const leaving = new Promise<ToolResult>((resolve) => {
    leave = () => resolve(left());
  });
  signal.addEventListener('abort', leave);
  flight.waiting += 1;
  try {
    return await Promise.race([flight.result, leaving]);
  } finally {
    flight.waiting -= 1;
    signal.removeEventListener('abort', leave);
  }
}
