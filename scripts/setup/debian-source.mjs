import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateApt } from './debian.mjs';
import { run } from './process.mjs';
import { SetupError } from './report.mjs';

/**
 * Fetches a source package of the Debian archive that the machine already uses, checks its files, and unpacks it with
 * Debian's patches applied.
 * @param {{ package: string, version: string, suite: string, sha256: Record<string, string> }} source sha256 by the
 *   ending of the file's name
 * @param {string} work an empty folder; the downloaded files stay in it
 * @param {string} [otherwise] what the reader may do when the archive cannot be reached
 * @returns {Promise<string>} the folder of the unpacked tree
 */
export async function debianSource(source, work, report, otherwise) {
  report.progress('fetching the source package');
  try {
    const apt = privateApt(work, 'deb-src', source.suite);
    for (const folder of ['state', 'lists/partial', 'cache/archives/partial']) mkdirSync(join(work, folder), { recursive: true });
    await run('apt-get', [...apt, '-q', 'update']);
    await run('apt-get', [...apt, '-q', 'source', '--download-only', `${source.package}=${source.version}`], { cwd: work });
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(error.message, `check that this machine reaches its Debian mirror${otherwise ? `, or ${otherwise}` : ''}`);
  }
  for (const [ending, expected] of Object.entries(source.sha256)) {
    const name = readdirSync(work).find((file) => file.endsWith(ending));
    const actual =
      name &&
      createHash('sha256')
        .update(readFileSync(join(work, name)))
        .digest('hex');
    if (actual !== expected) {
      throw new SetupError(
        `${name ?? `*${ending}`} of ${source.package} has sha256 ${actual ?? '(not downloaded)'}, expected ${expected}.`,
        'try again; if it stays so, the mirror serves another file than Debian published',
      );
    }
  }
  report.progress('unpacking');
  const description = readdirSync(work).find((file) => file.endsWith('.dsc'));
  await run('dpkg-source', ['--no-check', '-x', description, 'tree'], { cwd: work });
  return join(work, 'tree');
}
