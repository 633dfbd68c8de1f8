import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { within } from './deadline.js';

/** The children that run, each with the folder that is its own. */
const owned = new Map<ChildProcess, string>();
let watching = false;

/** Sees to it that a child and its folder do not outlive the tests, however they end. */
export function own(child: ChildProcess, folder: string): void {
  owned.set(child, folder);
  child.once('close', () => owned.delete(child));
  if (watching) return;
  watching = true;
  process.once('exit', killAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}

export const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** Ends a child with a signal, or by force when that takes longer than `deadlineMs`; resolves when it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals, deadlineMs: number): Promise<void> {
  if (!isRunning(child)) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await within(deadlineMs, 'the child ends', closed).catch(() => {
    child.kill('SIGKILL');
    return closed;
  });
}

function killAll(): void {
  for (const [child, folder] of owned) {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
