import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateApt } from '../setup/debian.mjs';
import { run } from '../setup/process.mjs';
import { SetupError } from '../setup/report.mjs';

/**
 * Hands `work` an apt of its own for one suite of the Debian archive that the machine already uses, its lists
 * fetched; nothing on the machine changes, and what was downloaded is gone afterwards.
 * @param {string} suite
 * @param {{ progress: (detail: string) => void }} report
 * @param {(aptGet: (...args: string[]) => Promise<string>, folder: string) => Promise<void>} work
 */
export async function withDebianArchive(suite, report, work) {
  const folder = mkdtempSync(join(tmpdir(), 'talkpath-debian-'));
  try {
    const options = privateApt(folder, 'deb', suite);
    for (const name of ['state', 'lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, name), { recursive: true });
    const aptGet = (...args) =>
      run('apt-get', [...options, '-q', ...args], { cwd: folder, onLine: (line) => line.trim() && report.progress(line.trim().slice(0, 90)) });
    report.progress(`reading Debian's list of packages (${suite})`);
    await aptGet('update');
    await work(aptGet, folder);
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(error.message, 'check that this machine reaches its Debian mirror (apt-get update), and run the same command again');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Unpacks every .deb of `archives` into `target`; installs nothing, runs none of their scripts. */
export async function unpackPackages(archives, target, report) {
  const names = readdirSync(archives)
    .filter((name) => name.endsWith('.deb'))
    .sort();
  for (const [index, name] of names.entries()) {
    report.progress(`unpacking ${index + 1} of ${names.length}`);
    await run('dpkg', ['-x', join(archives, name), target]);
  }
}

/** @param {string} file @returns {string} 64 hex digits */
export const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
