import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached, cacheFolder, contentHash } from '../setup/cache.mjs';
import { SetupError } from '../setup/report.mjs';
import { sha256, unpackPackages, withDebianArchive } from './debian-files.mjs';

const suite = 'bookworm';

/** Pinned, so that what is measured on them stays comparable: name=version and the sha256 of the package. */
const packages = {
  'asterisk-core-sounds-en-wav=1.6.1-1': '2be3ea287d83299d143815fa804f11179a75b7affd4a758b98b55f5afc18a35d',
  'asterisk-core-sounds-fr-wav=1.6.1-1': '8d4e1bc32ed5ba7fbda40841ca1825ed20cc6232724a473c90f8bb0e53e6073e',
  'asterisk-moh-opsound-wav=2.03-1.1': '8f9d808a729d305c2d3343993f21ca5e6829e411682618dc8ea7aa8bc24a566c',
  'codec2-examples=1.0.5-1': '7af8cd128f269a1d8116993c9d2bd7d4d452fc17da46a09899aaca2b9bd993d4',
  'pocketsphinx-testdata=0.8+5prealpha+1-15': 'eaeb7a01d54f20b799d1a81ef110ec544b2cb47ea006614078220737a33019f0',
};

const entryName = `speech-${contentHash({ strings: [JSON.stringify(packages)] })}`;

/** The folder with the recordings, undefined before the first fetch. */
export function speechFolder() {
  const folder = join(cacheFolder(), entryName);
  return existsSync(folder) ? folder : undefined;
}

/** Step: recordings of people speaking, and of music, as Debian packages them; unpacked, not installed. */
export const speech = () => ({
  title: 'recorded speech for the tests',
  upToDate: async () => speechFolder() !== undefined,
  async run(report) {
    await withDebianArchive(suite, report, async (aptGet, work) => {
      await cached(entryName, async (draft) => {
        await aptGet('download', ...Object.keys(packages));
        checkSums(work);
        await unpackPackages(work, draft, report);
      });
    });
  },
});

function checkSums(folder) {
  const files = readdirSync(folder);
  for (const [wanted, expected] of Object.entries(packages)) {
    const name = files.find((file) => file.startsWith(`${wanted.split('=')[0]}_`));
    const actual = name && sha256(join(folder, name));
    if (actual !== expected) {
      throw new SetupError(
        `${name ?? wanted} has sha256 ${actual ?? '(not downloaded)'}, expected ${expected}.`,
        'try again; if it stays so, the mirror serves another file',
      );
    }
  }
}
