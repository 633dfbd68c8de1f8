import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cached, cacheFolder, contentHash } from '../setup/cache.mjs';
import { unpackPackages, withDebianArchive } from './debian-files.mjs';
import { node, nodeLines, nodeProgram } from './nodes.mjs';
import { unpackNpmPackage } from './npm-tarball.mjs';

const suite = 'bookworm';
/** A shell, its tools, and the two libraries that Node itself is linked with: no compiler, no headers. */
const packages = ['base-files', 'coreutils', 'dash', 'libc-bin', 'libstdc++6'];
const npmPackage = {
  name: 'npm',
  version: '11.19.1',
  integrity: 'sha512-ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==',
};

const entryName = `clean-root-${contentHash({ strings: [suite, ...packages, JSON.stringify(npmPackage), ...nodeLines.map(nodeProgram)] })}`;

/** The folder with the system, undefined before the first fetch. */
export function cleanRootFolder() {
  const folder = join(cacheFolder(), entryName);
  return existsSync(folder) ? folder : undefined;
}

/** Step: a Debian 12 with nothing on it but a shell, each supported Node as /opt/node<line>/bin/node, and /opt/npm. */
export const cleanRoot = () => ({
  title: 'a clean Debian for the tests',
  upToDate: async () => cleanRootFolder() !== undefined,
  async run(report) {
    for (const line of nodeLines) if (!(await node(line).upToDate())) await node(line).run(report);
    await withDebianArchive(suite, report, async (aptGet, work) => {
      await cached(entryName, async (draft) => {
        await aptGet('-y', '--download-only', 'install', ...packages);
        await unpackPackages(join(work, 'cache/archives'), draft, report);
        for (const folder of ['tmp', 'root', 'dev', 'opt']) mkdirSync(join(draft, folder), { recursive: true });
        if (!existsSync(join(draft, 'bin/sh'))) symlinkSync('dash', join(draft, 'bin/sh'));
        for (const line of nodeLines) cpSync(nodeProgram(line), join(draft, `opt/node${line}/bin/node`));
        await unpackNpmPackage(npmPackage, join(draft, 'opt/npm'));
      });
    });
  },
});
