import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '#talkpath/base/clock.js';
import { silentLog } from '#talkpath/base/log.js';
import { parseSettings } from '#talkpath/config/load.js';
import { effectOf } from '#talkpath/tools/effect.js';
import type { Exchange, HttpRequest } from '#talkpath/tools/http-exchange.js';
import { Journal } from '#talkpath/tools/journal.js';
import { Toolbox } from '#talkpath/tools/toolbox.js';
import { bookSettings, dinner, useOf } from './tool-bench.js';

/** What happens to a request: on its way, at the service, or on the way back. */
export const fates = [
  'well',
  'refused',
  'busy',
  'unsent',
  'failed-before',
  'failed-after',
  'lost-before',
  'lost-after',
  'lost-and-done-later',
] as const;
export type Fate = (typeof fates)[number];

export interface Rules {
  readonly oncePer: 'call' | 'arguments';
  /** The tool may be repeated, and the service knows its keys. */
  readonly isSafe: boolean;
  /** Of the requests, in their order; then all is well. */
  readonly fates: readonly Fate[];
}

const never = (): Promise<never> => new Promise(() => {});

/** A life of the process: what it has under way stops for good when it is killed. */
class Life {
  isOver = false;
}

/**
 * Calls, a service that books, and a process that can be killed at every step between them. Nothing happens but by
 * step(), which lets one of the things go on that could; so the same choices lead to the same course.
 */
export class ToolWorld {
  readonly booked: string[] = [];
  /** Sentences about answers that were not true when they were given. */
  readonly lies: string[] = [];
  readonly #rules: Rules;
  readonly #fates: Fate[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'talkpath-world-'));
  readonly #ready: (() => void)[] = [];
  readonly #journals: Journal[] = [];
  #life = new Life();
  #toolbox: Toolbox | undefined;
  #leaving: AbortController | undefined;
  #writing = 0;

  constructor(rules: Rules) {
    this.#rules = rules;
    this.#fates = [...rules.fates];
  }

  /** Kills the process, if there is one, and starts it anew. */
  async restart(): Promise<void> {
    this.#life.isOver = true;
    this.#life = new Life();
    const settings = { tools: { book: bookSettings('http://127.0.0.1', { safe_to_repeat: this.#rules.isSafe, once_per: this.#rules.oncePer }) } };
    const journal = this.#journalOf(this.#life);
    this.#journals.push(journal);
    this.#toolbox = new Toolbox(parseSettings(JSON.stringify(settings), 'test'), {
      clock: this.#clockOf(this.#life),
      log: silentLog,
      carryOut: () => ({ text: '', isSpokenOf: false }),
      journal,
      exchange: this.#exchangeOf(this.#life),
      random: () => 0.5,
    });
    await this.#toolbox.prepare();
  }

  /** The agent wants a table for so many. */
  async want(size: number): Promise<void> {
    const life = this.#life;
    const leaving = new AbortController();
    this.#leaving = leaving;
    void this.#toolbox?.run('book', { ...dinner, party_size: size }, useOf({ signal: leaving.signal })).then(({ text }) => {
      if (!life.isOver && !leaving.signal.aborted) this.#judge(size, text);
    });
    await this.#settle();
  }

  /** Whoever wanted it last waits no longer. */
  async leave(): Promise<void> {
    this.#leaving?.abort();
    await this.#settle();
  }

  /** One of the things goes on that could. False when there is none. */
  async step(choice: number): Promise<boolean> {
    const [next] = this.#ready.splice(choice % Math.max(1, this.#ready.length), 1);
    next?.();
    await this.#settle();
    return next !== undefined;
  }

  async runOut(): Promise<void> {
    while (await this.step(0));
  }

  bookingsOf(size: number): number {
    const { key } = effectOf('call-1', 'book', { ...dinner, party_size: size }, 'arguments');
    return this.booked.filter((one) => one === key).length;
  }

  /** The disk is lost. */
  forget(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    for (const journal of this.#journals) await journal.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #judge(size: number, text: string): void {
    const bookings = this.bookingsOf(size);
    if (text === 'booked' && bookings !== 1) this.lies.push(`"${text}" for ${size}, of which there are ${bookings} bookings`);
    if (text.startsWith('Nothing was done') && bookings !== 0) this.lies.push(`"${text}" for ${size}, of which there are ${bookings} bookings`);
  }

  /** Goes on when step() chooses it, unless the process was killed before. */
  async #turn(life?: Life): Promise<void> {
    await new Promise<void>((resolve) => this.#ready.push(resolve));
    if (life?.isOver) await never();
  }

  /** Until nothing moves any more but what waits for its turn. */
  async #settle(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.#writing > 0);
  }

  #clockOf(life: Life): Clock {
    return {
      nowMs: () => 0,
      wallTime: () => new Date(Date.UTC(2026, 0, 1)),
      after: (_ms, action) => {
        let isOff = false;
        void this.#turn(life).then(() => isOff || action());
        return () => {
          isOff = true;
        };
      },
    };
  }

  #journalOf(life: Life): Journal {
    const turn = (): Promise<void> => this.#turn(life);
    const writing = async (write: Promise<void>): Promise<void> => {
      this.#writing += 1;
      await write.finally(() => {
        this.#writing -= 1;
      });
    };
    class TurningJournal extends Journal {
      override async begin(...entry: Parameters<Journal['begin']>): Promise<void> {
        await turn();
        await writing(super.begin(...entry));
        await turn();
      }

      override async end(...entry: Parameters<Journal['end']>): Promise<void> {
        await turn();
        await writing(super.end(...entry));
        await turn();
      }
    }
    return new TurningJournal(this.#folder, this.#clockOf(life), silentLog);
  }

  #exchangeOf(life: Life): (request: HttpRequest) => Promise<Exchange> {
    return async ({ headers }) => {
      await this.#turn(life);
      const exchange = this.#serve(String(headers['idempotency-key']), this.#fates.shift() ?? 'well');
      await this.#turn(life);
      return exchange;
    };
  }

  #serve(key: string, fate: Fate): Exchange {
    const answer = (status: number): Exchange => ({ type: 'answer', status, text: status === 200 ? 'booked' : undefined, retryAfter: undefined });
    const lost: Exchange = { type: 'lost', reason: 'ECONNRESET' };
    const book = (): void => {
      if (!this.#rules.isSafe || !this.booked.includes(key)) this.booked.push(key);
    };
    switch (fate) {
      case 'well':
        book();
        return answer(200);
      case 'refused':
        return answer(409);
      case 'busy':
        return answer(429);
      case 'unsent':
        return { type: 'unsent', reason: 'ECONNREFUSED' };
      case 'failed-before':
        return answer(500);
      case 'failed-after':
        book();
        return answer(500);
      case 'lost-before':
        return lost;
      case 'lost-after':
        book();
        return lost;
      case 'lost-and-done-later':
        void this.#turn().then(book);
        return lost;
    }
  }
}
