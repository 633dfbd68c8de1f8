import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached, cacheFolder, contentHash } from '../setup/cache.mjs';
import { debianSource } from '../setup/debian-source.mjs';
import { probe, run } from '../setup/process.mjs';

const source = {
  package: 'libsoxr',
  version: '0.1.3-4',
  suite: 'bookworm',
  sha256: {
    '.orig.tar.xz': 'b111c15fdc8c029989330ff559184198c161100a59312f5dc19ddeb9b5a15889',
    '.debian.tar.xz': 'ae691692ccee841407c2fc7ebb2f25908ccd0adb256cf55944c71325cef14e71',
  },
};
// Without OpenMP, which one channel has no use for and which would ask for libgomp.
const options = ['-DWITH_OPENMP=OFF', '-DWITH_LSR_BINDINGS=OFF', '-DBUILD_TESTS=OFF', '-DBUILD_EXAMPLES=OFF', '-DBUILD_SHARED_LIBS=ON'];

const entryName = () => `soxr-${contentHash({ strings: [JSON.stringify(source), ...options, probe('gcc', ['-dumpfullversion', '-dumpmachine'])] })}`;

/** The folder with libsoxr.so.0, and below source/ what it was built from. */
export const soxrFolder = () => join(cacheFolder(), entryName());

/** Step: libsoxr as the package ships it beside the addon, built from the distribution's source package. */
export const soxr = {
  title: 'libsoxr for the package',
  upToDate: async () => existsSync(soxrFolder()),
  async run(report) {
    const work = mkdtempSync(join(tmpdir(), 'talkpath-soxr-'));
    try {
      const tree = await debianSource(source, work, report);
      const objects = join(work, 'objects');
      report.progress('compiling');
      await run('cmake', ['-S', tree, '-B', objects, '-G', 'Unix Makefiles', '-DCMAKE_BUILD_TYPE=Release', ...options]);
      await run('cmake', ['--build', objects, '--target', 'soxr', '-j', '2']);
      await cached(entryName(), async (draft) => {
        copyFileSync(join(objects, 'src/libsoxr.so.0'), join(draft, 'libsoxr.so.0'));
        mkdirSync(join(draft, 'source'));
        for (const name of readdirSync(work).filter((file) => /\.(dsc|tar\.xz)$/.test(file)))
          copyFileSync(join(work, name), join(draft, 'source', name));
      });
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return 'built';
  },
};
