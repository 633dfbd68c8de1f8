import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, unpackPackages, withDebianArchive } from '../test/debian-files.mjs';
import { cached, cacheFolder, contentHash } from './cache.mjs';
import { SetupError } from './report.mjs';

const suite = 'bookworm';
const wanted = 'libspeexdsp-dev=1.2.1-1';
const expected = '69d159d84b088a8a75dc48df6fc2315a38f25b1a824f02b4914d2436a941389b';

const entryName = `speexdsp-${contentHash({ strings: [wanted, expected] })}`;

/** Where its headers and static library are, or will be: a /usr of its own. */
export const speexdspFolder = () => join(cacheFolder(), entryName, 'usr');

/** Step: speexdsp, which the benchmarks measure our resampler against; unpacked, not installed. */
export const speexdsp = {
  title: 'speexdsp for the benchmarks',
  upToDate: async () => existsSync(speexdspFolder()),
  async run(report) {
    await withDebianArchive(suite, report, async (aptGet, work) => {
      await cached(entryName, async (draft) => {
        await aptGet('download', wanted);
        const name = readdirSync(work).find((file) => file.endsWith('.deb'));
        const actual = name && sha256(join(work, name));
        if (actual !== expected) {
          throw new SetupError(
            `${name ?? wanted} has sha256 ${actual ?? '(not downloaded)'}, expected ${expected}.`,
            'try again; if it stays so, the mirror serves another file',
          );
        }
        await unpackPackages(work, draft, report);
      });
    });
  },
};
