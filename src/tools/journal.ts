import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../base/clock.js';
import { messageOf, TalkpathError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { Effect } from './effect.js';
import { entriesIn, type JournalEntry, type KnownOutcome, lineOf, weightier } from './journal-entry.js';
import { JournalFile } from './journal-file.js';

const dayMs = 24 * 3_600_000;
const lifeMs = 7 * dayMs;
const fileName = /^(\d{4}-\d\d-\d\d)-[0-9a-f]{12}\.jsonl$/;

/**
 * What effects were begun and how they ended, on disk: it outlives the process, and power. Each process writes files of
 * its own, one a day, and reads those of all before it when it starts.
 */
export class Journal {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #latest = new Map<string, JournalEntry>();
  #loading: Promise<void> | undefined;
  #file: { readonly day: string; readonly opening: Promise<JournalFile> } | undefined;

  /** @param folder nobody else puts anything there; made when needed, for this user alone */
  constructor(folder: string, clock: Clock, log: Log) {
    this.#folder = folder;
    this.#clock = clock;
    this.#log = log;
  }

  /** Reads what was before, once. Rejects with TP_ERR_JOURNAL_FOLDER, and may then be tried again. */
  load(): Promise<void> {
    this.#loading ??= this.#attempt('read', () => this.#read()).catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** The latest of an effect. */
  find(effectId: string): JournalEntry | undefined {
    return this.#latest.get(effectId);
  }

  /** The effect may happen from now on. Rejects with TP_ERR_JOURNAL_FOLDER, and then it may not. */
  async begin(effect: Effect): Promise<void> {
    const entry: JournalEntry = { ...this.#head(effect), state: 'begun' };
    await this.#append(entry);
    this.#latest.set(effect.id, entry);
  }

  /** The effect's end is known. Rejects with TP_ERR_JOURNAL_FOLDER; find() knows it all the same. */
  async end(effect: Effect, outcome: KnownOutcome, answerHash: string): Promise<void> {
    const entry: JournalEntry = { ...this.#head(effect), state: 'done', outcome, answer: answerHash };
    this.#latest.set(effect.id, entry);
    await this.#append(entry);
  }

  async close(): Promise<void> {
    const file = await this.#file?.opening.catch(() => undefined);
    this.#file = undefined;
    await file?.close();
  }

  #head({ tool, id, key }: Effect): Pick<JournalEntry, 'at' | 'tool' | 'effect' | 'key'> {
    return { at: this.#clock.wallTime().toISOString(), tool, effect: id, key };
  }

  async #append(entry: JournalEntry): Promise<void> {
    await this.#attempt('written', async () => {
      const file = this.#today();
      try {
        await (await file.opening).append(lineOf(entry));
      } catch (error) {
        // The next line goes to a new file, as this one may end in a part of a line.
        if (this.#file === file) {
          this.#file = undefined;
          await file.opening.then((opened) => opened.close()).catch(() => {});
        }
        throw error;
      }
    });
  }

  #today(): { readonly day: string; readonly opening: Promise<JournalFile> } {
    const day = this.#clock.wallTime().toISOString().slice(0, 10);
    if (this.#file?.day === day) return this.#file;
    void this.#file?.opening.then((file) => file.close()).catch(() => {});
    this.#forgetOld();
    this.#file = { day, opening: this.#create(day) };
    return this.#file;
  }

  async #create(day: string): Promise<JournalFile> {
    await this.#makeFolder();
    return JournalFile.create(join(this.#folder, `${day}-${randomBytes(6).toString('hex')}.jsonl`));
  }

  async #makeFolder(): Promise<void> {
    await makeFolders(this.#folder);
    await chmod(this.#folder, 0o700);
  }

  async #read(): Promise<void> {
    await this.#makeFolder();
    for (const name of await readdir(this.#folder)) {
      const [, day = ''] = fileName.exec(name) ?? [];
      const path = join(this.#folder, name);
      // Its last entry may be of the day's last moment.
      if (day !== '' && this.#isOld(day, dayMs)) await rm(path, { force: true });
      else if (day !== '') this.#take(name, await readFile(path, 'utf8'));
    }
  }

  #take(name: string, text: string): void {
    const { entries, damaged } = entriesIn(text);
    if (damaged > 0) this.#log.warn({ file: name, lines: damaged }, 'lines of the journal of tools are damaged');
    const ofFile = new Map(entries.filter(({ at }) => !this.#isOld(at)).map((entry) => [entry.effect, entry]));
    for (const [effect, entry] of ofFile) this.#latest.set(effect, weightier(entry, this.#latest.get(effect)));
  }

  #forgetOld(): void {
    for (const [effect, { at }] of this.#latest) if (this.#isOld(at)) this.#latest.delete(effect);
  }

  #isOld(at: string, graceMs = 0): boolean {
    return Date.parse(at) + graceMs < this.#clock.wallTime().getTime() - lifeMs;
  }

  async #attempt<T>(what: 'read' | 'written', action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw new TalkpathError('TP_ERR_JOURNAL_FOLDER', `The journal of tools in ${this.#folder} cannot be ${what}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}

/** As mkdir with `recursive` does, which does not come back from below /proc. */
async function makeFolders(folder: string): Promise<void> {
  const make = (): Promise<void> => mkdir(folder, { mode: 0o700 });
  try {
    await make();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolders(dirname(folder));
    await make();
  }
}
