import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../base/clock.js';
import type { SpokenAudio } from '../../../base/spoken-audio.js';

/** 20 minutes at 24 kHz. */
const mostBytesInMemory = 64 << 20;
const mostFiles = 2000;
/** The rate, then the SHA-256 of the samples: a file that a power cut has spoilt is made anew. */
const headerBytes = 4 + 32;

/** Sentences that were synthesised beforehand: in memory for speaking, on disk for the next start. One voice. */
export class PreparedSpeech {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #pieces = new Map<string, SpokenAudio>();
  #bytes = 0;

  /** @param folder of this voice alone; made when needed */
  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  get(text: string): SpokenAudio | undefined {
    return this.#pieces.get(text);
  }

  /** Brings a sentence from disk to memory. False when it is not there. */
  async load(text: string): Promise<boolean> {
    const path = this.#pathOf(text);
    const file = await readFile(path).catch(() => undefined);
    if (!file || file.length <= headerBytes) return false;
    const pcm = file.subarray(headerBytes);
    if (!sha256(pcm).equals(file.subarray(4, headerBytes))) return false;
    this.#keep(text, { rateHz: file.readUInt32LE(0), pcm });
    const now = this.#clock.wallTime();
    await utimes(path, now, now).catch(() => {});
    return true;
  }

  /** Keeps a sentence. Without a disk to write to, it lasts as long as the process. */
  async put(text: string, piece: SpokenAudio): Promise<void> {
    this.#keep(text, piece);
    const rate = Buffer.alloc(4);
    rate.writeUInt32LE(piece.rateHz);
    const path = this.#pathOf(text);
    const draft = `${path}.draft-${process.pid}`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(draft, Buffer.concat([rate, sha256(piece.pcm), piece.pcm]));
      await rename(draft, path);
    } catch {
      await rm(draft, { force: true }).catch(() => {});
    }
  }

  /** Deletes the files that were not used for longest, beyond a bound that no dialogue reaches. */
  async prune(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    if (names.length <= mostFiles) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        return { path, usedMs: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
      }),
    );
    files.sort((a, b) => a.usedMs - b.usedMs);
    for (const { path } of files.slice(0, files.length - mostFiles)) await rm(path, { force: true }).catch(() => {});
  }

  #keep(text: string, piece: SpokenAudio): void {
    if (this.#bytes + piece.pcm.byteLength > mostBytesInMemory) return;
    this.#bytes += piece.pcm.byteLength;
    this.#pieces.set(text, piece);
  }

  #pathOf(text: string): string {
    return join(this.#folder, `${sha256(text).toString('hex').slice(0, 32)}.pcm`);
  }
}

const sha256 = (content: string | Uint8Array): Buffer => createHash('sha256').update(content).digest();
