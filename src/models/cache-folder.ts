import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf, TalkpathError } from '../base/errors.js';

/**
 * Where everything that was downloaded, built or measured is kept; scripts/setup uses the same folder. It need not be
 * there yet. Throws TP_ERR_CACHE_FOLDER when it cannot be: it is a file, out of reach, or this user has no home folder.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, home: () => string = homedir): string {
  const folder =
    env.TALKPATH_CACHE ||
    join(env.XDG_CACHE_HOME || join(orCacheError('This user has no home folder to keep a cache in', home), '.cache'), 'talkpath');
  const isFolder = orCacheError(`The cache folder ${folder} cannot be used`, () => isFolderThere(folder));
  if (isFolder === false) throw new TalkpathError('TP_ERR_CACHE_FOLDER', `Expected a folder as cache but ${folder} is a file`);
  return folder;
}

/** Undefined when nothing is there. Says of a path below a file the same on every Node, where throwIfNoEntry does not. */
function isFolderThere(path: string): boolean | undefined {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What `action` returns. Throws TP_ERR_CACHE_FOLDER, `what` first, when the system refuses it. */
export function orCacheError<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new TalkpathError('TP_ERR_CACHE_FOLDER', `${what}: ${messageOf(error)}`, { cause: error });
  }
}
