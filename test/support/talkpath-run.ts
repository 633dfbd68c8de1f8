import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { within } from './deadline.js';
import { inheritedEnvironment } from './inherited-environment.js';
import { projectFolder } from './project.js';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const deadlineMs = 20_000;

/** Runs `talkpath …` to its end, in a folder of its own with the files given there. */
export async function runTalkpath(
  args: readonly string[],
  { environment = {}, files = {} }: { environment?: Record<string, string>; files?: Record<string, string> } = {},
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'talkpath-run-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const child = spawn(process.execPath, [join(projectFolder, 'dist/cli/talkpath.js'), ...args], {
    cwd: folder,
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  try {
    const [code] = (await within(deadlineMs, `talkpath ${args.join(' ')} ends`, once(child, 'close'))) as [number | null];
    return { code, stdout, stderr };
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
