// Makes all that the package holds and the clone does not: dist/, and in prebuilds/ the addon for linux-x64 with glibc,
// libsoxr beside it, and libsoxr's sources, as its licence asks.
//   npm run prebuilds     npm pack runs it too
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { soxr, soxrFolder } from './package/soxr.mjs';
import { compareVersions, symbolVersions } from './package/symbol-versions.mjs';
import { artefactStep } from './setup/artefact.mjs';
import { contentHash, filesBelow, projectFolder } from './setup/cache.mjs';
import { debianPackages } from './setup/debian.mjs';
import { nativeAddon } from './setup/native.mjs';
import { npmPackages } from './setup/npm-packages.mjs';
import { runSteps, SetupError } from './setup/report.mjs';
import { typescript } from './setup/typescript.mjs';
import { webrtc } from './setup/webrtc.mjs';

const require = createRequire(import.meta.url);
const prebuilds = join(projectFolder, 'prebuilds');
/** A folder of prebuildify's own: it takes away what it finds in build/Release. */
const work = join(projectFolder, 'build/prebuild');
/** The systems that the README promises: GCC 11's runtime and a C library of 2021 or later (Debian 12, Ubuntu 22.04, RHEL 9). */
const newest = { GLIBC: '2.34', GLIBCXX: '3.4.29', CXXABI: '1.3.13', GCC: '7.0.0' };

const prebuild = artefactStep({
  title: 'prebuilds',
  name: 'prebuilds',
  folder: prebuilds,
  key: () =>
    contentHash({
      files: [join(projectFolder, 'build/Release/talkpath.node'), ...filesBelow(join(projectFolder, 'scripts/package'))],
      strings: [soxrFolder(), require('prebuildify/package.json').version],
    }),
  async build(report) {
    report.progress('prebuildify');
    rmSync(prebuilds, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    await promisify(require('prebuildify'))({
      name: 'talkpath',
      napi: true,
      strip: true,
      tagLibc: true,
      targets: ['node@20.19.0'],
      nodeGyp: join(projectFolder, 'scripts/package/node-gyp-shim.mjs'),
      cwd: work,
      out: projectFolder,
      quiet: true,
    });
    cpSync(join(soxrFolder(), 'source'), join(prebuilds, 'sources'), { recursive: true });
    const folder = join(prebuilds, 'linux-x64');
    for (const name of readdirSync(folder)) await checkVersions(join(folder, name));
  },
});

async function checkVersions(file) {
  for (const [library, version] of Object.entries(await symbolVersions(file))) {
    if (compareVersions(version, newest[library]) > 0) {
      throw new SetupError(`${file} needs ${library}_${version}, and only ${newest[library]} is promised.`, 'compile on Debian 12');
    }
  }
}

await runSteps([debianPackages({}), npmPackages, webrtc, nativeAddon, typescript, soxr, prebuild]);
