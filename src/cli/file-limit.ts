import { readFileSync } from 'node:fs';

/** Files that a talkpath has open beside its lines: libraries, pipes, the admin API's connections. */
const besideLines = 100;

/**
 * A sentence for an operator whose process may not open as many files as the settings may ask for, else undefined.
 * The system closes the connections beyond by itself, and nobody is told.
 */
export function fileLimitWarning(maxCalls: number, maxUnidentified: number, limits = readLimits()): string | undefined {
  const needed = maxCalls + maxUnidentified + besideLines;
  const limit = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  if (limit >= needed) return undefined;
  return `this process may open ${limit} files, but audiosocket.max_calls and max_unidentified may ask for ${needed}: raise the limit (ulimit -Hn, LimitNOFILE=) or lower the settings`;
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
