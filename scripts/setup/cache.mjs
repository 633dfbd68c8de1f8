import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/** Where everything that was downloaded or built is kept, one folder a content hash. */
export function cacheFolder() {
  return process.env.TALKPATH_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'talkpath');
}

/** Every file below `path` (or `path` itself), sorted, so that hashes do not depend on the disk's order. */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/**
 * A content hash over files and plain strings.
 * @param {{ files?: string[], strings?: (string | undefined)[] }} input
 * @returns {string} 16 hex digits
 */
export function contentHash({ files = [], strings = [] }) {
  const hash = createHash('sha256');
  for (const text of strings) hash.update(`${text}\0`);
  for (const file of files)
    hash
      .update(`${relative(projectFolder, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}

/**
 * Fills the cache entry `name` once: `produce` writes into a fresh folder, which takes the entry's name
 * only when it is complete. Two set-ups at a time are safe: the first to finish wins.
 * @param {string} name @param {(folder: string) => Promise<void>} produce
 * @returns {Promise<string>} the entry's folder
 */
export async function cached(name, produce) {
  const entry = join(cacheFolder(), name);
  if (existsSync(entry)) return entry;
  const draft = `${entry}.draft-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    await produce(draft);
    try {
      renameSync(draft, entry);
    } catch (error) {
      if (!existsSync(entry)) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return entry;
}

/** Replaces `target` by a copy of a cached folder. */
export function copyFolder(from, target) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  cpSync(from, target, { recursive: true });
}
