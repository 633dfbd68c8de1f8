import { join } from 'node:path';
import { artefactStep } from './artefact.mjs';
import { contentHash, filesBelow, projectFolder } from './cache.mjs';
import { probe, run } from './process.mjs';
import { webrtcFolder } from './webrtc.mjs';

const inProject = (...paths) => paths.map((path) => join(projectFolder, path));

/** Step: the addon, built by cmake-js into build/Release, where node-gyp-build finds it. */
export const nativeAddon = artefactStep({
  title: 'native engine',
  name: 'addon',
  folder: join(projectFolder, 'build/Release'),
  key: () =>
    contentHash({
      files: [
        ...inProject('native', 'bindings', 'cmake').flatMap(filesBelow),
        ...inProject('CMakeLists.txt', 'node_modules/node-addon-api/package.json', 'node_modules/cmake-js/package.json'),
      ],
      strings: [webrtcFolder(), probe('g++', ['-dumpfullversion', '-dumpmachine'])],
    }),
  async build(report) {
    const cmakeJs = join(projectFolder, 'node_modules/cmake-js/bin/cmake-js');
    report.progress('configuring');
    await run(process.execPath, [cmakeJs, 'compile', `--CDTALKPATH_WEBRTC_DIR=${webrtcFolder()}`], {
      cwd: projectFolder,
      onLine: (line) => {
        const percent = /\[\s*(\d+)%\]/.exec(line)?.[1];
        if (percent) report.progress(`compiling ${percent} %`);
      },
    });
  },
});
