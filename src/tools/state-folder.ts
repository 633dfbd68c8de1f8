import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { messageOf, TalkpathError } from '../base/errors.js';

/**
 * Where is kept what must outlive the process, beside the cache that need not. After: XDG Base Directory. Throws
 * TP_ERR_JOURNAL_FOLDER when this user has no home folder.
 */
export function stateFolder(env: NodeJS.ProcessEnv = process.env, home: () => string = homedir): string {
  const { XDG_STATE_HOME: chosen } = env;
  if (chosen && isAbsolute(chosen)) return join(chosen, 'talkpath');
  try {
    return join(home(), '.local', 'state', 'talkpath');
  } catch (error) {
    throw new TalkpathError('TP_ERR_JOURNAL_FOLDER', `This user has no home folder to keep a journal in: ${messageOf(error)}`, { cause: error });
  }
}
