import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm, run } from '../setup/process.mjs';
import { SetupError } from '../setup/report.mjs';

/**
 * Fetches one npm package, checks it against its hash, and unpacks it; nothing of it is run and none of its
 * dependencies is fetched.
 * @param {{ name: string, version: string, integrity: string }} wanted @param {string} folder receives package.json and the rest
 */
export async function unpackNpmPackage({ name, version, integrity }, folder) {
  const work = mkdtempSync(join(tmpdir(), 'talkpath-npm-'));
  try {
    const [command, leading] = npm();
    try {
      await run(command, [...leading, 'pack', `${name}@${version}`, '--prefer-offline', '--pack-destination', work], { cwd: work });
    } catch (error) {
      throw new SetupError(error.message, 'check that this machine reaches its npm registry (npm ping), and run the same command again');
    }
    const tarball = join(
      work,
      readdirSync(work).find((file) => file.endsWith('.tgz')),
    );
    const actual = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
    if (actual !== integrity)
      throw new SetupError(`${name}@${version} has ${actual}, expected ${integrity}.`, 'try again; if it stays so, the registry serves another file');
    mkdirSync(folder, { recursive: true });
    await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
