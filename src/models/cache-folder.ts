import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where everything that was downloaded, built or measured is kept; scripts/setup uses the same folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.TALKPATH_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'talkpath');
}
