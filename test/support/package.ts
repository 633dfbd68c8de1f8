import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from './project.js';

const execute = promisify(execFile);

export interface Packed {
  readonly tarball: string;
  readonly sizeBytes: number;
  /** Path in the package and bytes of each file. */
  readonly files: ReadonlyMap<string, number>;
}

/** What a command printed; `code` is 0 when it went well. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs a command to its end, whatever comes of it. */
export async function outcome(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Outcome> {
  try {
    const { stdout, stderr } = await execute(command, args, { ...options, encoding: 'utf8', maxBuffer: 2 ** 26, timeout: 10 * 60_000 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr, message } = error as Error & { code?: number | string; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : 1, output: stdout || stderr ? `${stdout}${stderr}` : message };
  }
}

/** What a command that must go well printed, its errors and warnings aside. */
export async function printedBy(command: string, args: readonly string[], cwd = projectFolder): Promise<string> {
  return (await execute(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26, timeout: 10 * 60_000 })).stdout;
}

let packing: Promise<Packed> | undefined;

/** The package as npm would publish it; made once a run. */
export function packed(): Promise<Packed> {
  packing ??= pack();
  return packing;
}

async function pack(): Promise<Packed> {
  await printedBy(process.execPath, [join(projectFolder, 'scripts/prebuilds.mjs')]);
  const folder = join(projectFolder, 'build/package');
  mkdirSync(folder, { recursive: true });
  const printed = await printedBy('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
  const [report] = JSON.parse(printed) as {
    filename: string;
    size: number;
    files: { path: string; size: number }[];
  }[];
  if (!report) throw new Error(`npm pack said\n${printed}`);
  return { tarball: join(folder, report.filename), sizeBytes: report.size, files: new Map(report.files.map(({ path, size }) => [path, size])) };
}

/** A project of its own in a new folder, with the package installed as its only dependency. */
export async function installed(npmArguments: readonly string[]): Promise<string> {
  const { tarball } = await packed();
  const folder = mkdtempSync(join(tmpdir(), 'talkpath-package-'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  await printedBy('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...npmArguments, tarball], folder);
  return folder;
}
