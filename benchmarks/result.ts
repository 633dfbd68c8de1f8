import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#talkpath/base/clock.js';

const folder = fileURLToPath(new URL('../../benchmarks/results/', import.meta.url));

/** Keeps a result as JSON with the command that makes it and what it was measured on. */
export function writeResult(name: string, result: object, command: string): void {
  const context = {
    commit: git('rev-parse', '--short', 'HEAD'),
    modified: git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!benchmarks/results', ':!docs/plots', ':!docs/engine/benchmarks.md', ':!README.md') !== '',
    date: systemClock.wallTime().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
    command,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ ...result, ...context }, null, 2)}\n`);
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
