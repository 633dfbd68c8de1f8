import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#talkpath/base/clock.js';

/** What is made of results, and no reason to distrust them. */
const made = ['benchmarks/results', 'docs/plots', 'README.md', ...['benchmarks', 'echo', 'voice-detection'].map((name) => `docs/engine/${name}.md`)];

const folder = fileURLToPath(new URL('../../benchmarks/results/', import.meta.url));

/** What everything that this process measures was measured on, as it was when the process began. */
const context = {
  commit: git('rev-parse', '--short', 'HEAD'),
  modified: git('status', '--porcelain', '--untracked-files=no', '--', '.', ...made.map((path) => `:!${path}`)) !== '',
  date: systemClock.wallTime().toISOString(),
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  node: process.version,
};

/** Keeps a result as JSON with the command that makes it and what it was measured on. */
export function writeResult(name: string, result: object, command: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ ...result, ...context, command }, null, 2)}\n`);
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
