import { closeSync, existsSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { messageOf, TalkpathError } from '../base/errors.js';

/** Throws TP_ERR_FILE_WRITE unless a file can be written there; to be asked before the work that the file is to keep. */
export function ensureWritable(path: string): void {
  orRefused(path, () => {
    const isThere = existsSync(path);
    closeSync(openSync(path, 'a'));
    if (!isThere) unlinkSync(path);
  });
}

/** Throws TP_ERR_FILE_WRITE. */
export function writeOutput(path: string, content: string | Uint8Array): void {
  orRefused(path, () => writeFileSync(path, content));
}

/** Does something to a file that is to be written. */
export function orRefused(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new TalkpathError('TP_ERR_FILE_WRITE', `${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}
