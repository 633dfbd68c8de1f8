import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached, cacheFolder, contentHash, projectFolder } from './cache.mjs';
import { privateApt } from './debian.mjs';
import { probe, run } from './process.mjs';
import { SetupError } from './report.mjs';

const source = {
  package: 'libtgowt',
  version: '0~git20230105.5098730+dfsg-2',
  suite: 'bookworm',
  sha256: {
    '.orig.tar.xz': '6dea19e84d8dc1ae60d3f6215bf946fd445587189c3a768a40a9f75e974ac282',
    '.debian.tar.xz': 'd6185077bbd058842a5b196302c835384c805f334869dc0bbf2d075c0c828c4d',
  },
};
const recipe = join(projectFolder, 'cmake/webrtc');

function entryName() {
  const tree = process.env.TALKPATH_WEBRTC_SOURCE;
  const files = ['CMakeLists.txt', 'sources.txt'].map((name) => join(recipe, name));
  const compiler = probe('g++', ['-dumpfullversion', '-dumpmachine']);
  const abseil = probe('dpkg-query', ['-W', '-f', '${Version}', 'libabsl-dev']);
  return `webrtc-${contentHash({ files, strings: [tree || JSON.stringify(source), compiler, abseil] })}`;
}

/** Where the built library and its headers are, or will be. */
export const webrtcFolder = () => join(cacheFolder(), entryName());

/** Step: WebRTC audio processing, built from the distribution's source package (or a tree given by TALKPATH_WEBRTC_SOURCE). */
export const webrtc = {
  title: 'WebRTC audio processing',
  upToDate: async () => existsSync(webrtcFolder()),
  async run(report) {
    const work = mkdtempSync(join(tmpdir(), 'talkpath-webrtc-'));
    try {
      const tree = process.env.TALKPATH_WEBRTC_SOURCE || (await fetchTree(work, report));
      await cached(entryName(), (folder) => build(tree, work, folder, report));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return 'built';
  },
};

async function fetchTree(work, report) {
  report.progress('fetching the source package');
  try {
    const apt = privateApt(work, 'deb-src', source.suite);
    for (const folder of ['state', 'lists/partial', 'cache/archives/partial']) mkdirSync(join(work, folder), { recursive: true });
    await run('apt-get', [...apt, '-q', 'update']);
    await run('apt-get', [...apt, '-q', 'source', '--download-only', `${source.package}=${source.version}`], { cwd: work });
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(
      error.message,
      'check that this machine reaches its Debian mirror, or set TALKPATH_WEBRTC_SOURCE to a WebRTC source tree of your own',
    );
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

async function build(tree, work, folder, report) {
  const abseil = join(work, 'absl-include');
  mkdirSync(abseil, { recursive: true });
  cpSync('/usr/include/absl', join(abseil, 'absl'), { recursive: true });
  const options = join(abseil, 'absl/base/options.h');
  // Debian's static abseil is not position independent: mapping its types to std leaves nothing to link.
  writeFileSync(options, readFileSync(options, 'utf8').replaceAll(/(#define ABSL_OPTION_USE_STD_\w+) \d/g, '$1 1'));

  const objects = join(work, 'build');
  const configure = [`-DWEBRTC_TREE=${tree}`, `-DABSL_OVERRIDE=${abseil}`, `-DCMAKE_INSTALL_PREFIX=${folder}`, '-DCMAKE_BUILD_TYPE=Release'];
  await run('cmake', ['-S', recipe, '-B', objects, '-G', 'Unix Makefiles', ...configure]);
  await run('cmake', ['--build', objects, '-j', String(availableParallelism())], {
    onLine: (line) => {
      const percent = /^\[\s*(\d+)%\]/.exec(line)?.[1];
      if (percent) report.progress(`compiling ${percent} %`);
    },
  });
  await run('cmake', ['--install', objects]);
}
