import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A file that lines are added to, each on the disk before its append() resolves. Of one writer. */
export class JournalFile {
  readonly #handle: FileHandle;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  /** A line may have been written in part: no other may follow it. */
  #error: unknown;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Makes the file, for this user alone. Rejects when it is there already. */
  static async create(path: string): Promise<JournalFile> {
    const handle = await open(path, 'ax', 0o600);
    try {
      await syncFolder(dirname(path));
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new JournalFile(handle);
  }

  /** Lines that come while others are written go to the disk together. After an error nothing is taken any more. */
  append(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting.splice(0);
      try {
        if (this.#error) throw this.#error;
        await this.#handle.appendFile(lines.map(({ line }) => line).join(''));
        await this.#handle.datasync();
        for (const { resolve } of lines) resolve();
      } catch (error) {
        this.#error = error;
        for (const { reject } of lines) reject(error);
      }
    }
    this.#writing = undefined;
  }
}

/** A new file's name must outlive a power cut too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
