import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#talkpath/base/clock.js';

const folder = fileURLToPath(new URL('../../../benchmarks/results/', import.meta.url));

/** Prints a result and keeps it as JSON with what it was measured on. */
export function writeResult(name: string, result: object): void {
  const context = {
    commit: git('rev-parse', '--short', 'HEAD'),
    modified: git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!benchmarks/results', ':!README.md') !== '',
    date: systemClock.wallTime().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
    command: `npm run bench:load -- ${[name, ...process.argv.slice(2)].join(':')}`,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ ...result, ...context }, null, 2)}\n`);
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`);
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
