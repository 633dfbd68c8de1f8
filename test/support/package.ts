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

async function successful(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<string> {
  const { code, output } = await outcome(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

let packing: Promise<Packed> | undefined;

/** The package as npm would publish it; made once a run. */
export function packed(): Promise<Packed> {
  packing ??= pack();
  return packing;
}

async function pack(): Promise<Packed> {
  await successful(process.execPath, [join(projectFolder, 'scripts/prebuilds.mjs')], { cwd: projectFolder });
  const folder = join(projectFolder, 'build/package');
  mkdirSync(folder, { recursive: true });
  const printed = await successful('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: projectFolder });
  const [report] = JSON.parse(printed.slice(printed.indexOf('[\n'), printed.lastIndexOf(']') + 1)) as {
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
  await successful('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...npmArguments, tarball], { cwd: folder });
  return folder;
}
