import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, unpackPackages, withDebianArchive } from '../test/debian-files.mjs';
import { cached, cacheFolder, contentHash } from './cache.mjs';
import { SetupError } from './report.mjs';

const suite = 'bookworm';
/** name=version and the sha256 of the package: headers with the static library, and the shared one, which an addon needs. */
const packages = {
  'libspeexdsp-dev=1.2.1-1': '69d159d84b088a8a75dc48df6fc2315a38f25b1a824f02b4914d2436a941389b',
  'libspeexdsp1=1.2.1-1': 'a418ba872a3c006502d5e70d855262507ee81b94227efef52512b5973f067e9d',
};

const entryName = `speexdsp-${contentHash({ strings: [JSON.stringify(packages)] })}`;

/** Where its headers and libraries are, or will be: a /usr of its own. */
export const speexdspFolder = () => join(cacheFolder(), entryName, 'usr');

/** Step: speexdsp, which the benchmarks measure our stages against; unpacked, not installed. */
export const speexdsp = {
  title: 'speexdsp for the benchmarks',
  upToDate: async () => existsSync(speexdspFolder()),
  async run(report) {
    await withDebianArchive(suite, report, async (aptGet, work) => {
      await cached(entryName, async (draft) => {
        await aptGet('download', ...Object.keys(packages));
        const files = readdirSync(work);
        for (const [wanted, expected] of Object.entries(packages)) {
          const name = files.find((file) => file.startsWith(`${wanted.split('=')[0]}_`));
          const actual = name && sha256(join(work, name));
          if (actual !== expected) {
            throw new SetupError(
              `${name ?? wanted} has sha256 ${actual ?? '(not downloaded)'}, expected ${expected}.`,
              'try again; if it stays so, the mirror serves another file',
            );
          }
        }
        await unpackPackages(work, draft, report);
      });
    });
  },
};
