import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached, cacheFolder, contentHash, projectFolder } from './cache.mjs';
import { debianSource } from './debian-source.mjs';
import { probe, run } from './process.mjs';

const source = {
  package: 'libtgowt',
  version: '0~git20230105.5098730+dfsg-2',
  suite: 'bookworm',
  sha256: {
    '.orig.tar.xz': '6dea19e84d8dc1ae60d3f6215bf946fd445587189c3a768a40a9f75e974ac282',
    '.debian.tar.xz': 'd6185077bbd058842a5b196302c835384c805f334869dc0bbf2d075c0c828c4d',
  },
};
const otherwise = 'set TALKPATH_WEBRTC_SOURCE to a WebRTC source tree of your own';
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
      const tree = process.env.TALKPATH_WEBRTC_SOURCE || (await debianSource(source, work, report, otherwise));
      await cached(entryName(), (folder) => build(tree, work, folder, report));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return 'built';
  },
};

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
