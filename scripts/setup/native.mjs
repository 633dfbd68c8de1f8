import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { artefactStep } from './artefact.mjs';
import { contentHash, filesBelow, projectFolder } from './cache.mjs';
import { probe, run } from './process.mjs';
import { webrtcFolder } from './webrtc.mjs';

const inProject = (...paths) => paths.map((path) => join(projectFolder, path));
const require = createRequire(import.meta.url);

/**
 * Compiles the addon; what has not changed is not compiled again.
 * @param {{ objects: string, folder: string, sanitize?: string }} options `folder` receives talkpath.node
 */
export async function compileAddon({ objects, folder, sanitize = '' }, report) {
  report.progress('configuring');
  const cmakeJs = join(dirname(require.resolve('cmake-js/package.json')), 'bin/cmake-js');
  const where = ['-d', projectFolder, '-O', objects, '-G', 'Unix Makefiles'];
  const options = [`--CDTALKPATH_WEBRTC_DIR=${webrtcFolder()}`, `--CDTALKPATH_ADDON_DIR=${folder}`, `--CDTALKPATH_SANITIZE=${sanitize}`];
  await run(process.execPath, [cmakeJs, 'configure', ...where, ...options]);
  await run(process.execPath, [cmakeJs, 'build', ...where, '-T', 'talkpath_addon', '-p', String(availableParallelism())], {
    onLine: (line) => {
      const percent = /\[\s*(\d+)%\]/.exec(line)?.[1];
      if (percent) report.progress(`compiling ${percent} %`);
    },
  });
}

/** Step: the addon in build/Release, where node-gyp-build finds it. */
export const nativeAddon = artefactStep({
  title: 'native engine',
  name: 'addon',
  folder: join(projectFolder, 'build/Release'),
  key: () =>
    contentHash({
      files: [...inProject('native', 'bindings', 'cmake').flatMap(filesBelow), ...inProject('CMakeLists.txt')],
      strings: [
        ...['cmake-js', 'node-addon-api', 'node-api-headers'].map((name) => require(`${name}/package.json`).version),
        webrtcFolder(),
        probe('g++', ['-dumpfullversion', '-dumpmachine']),
      ],
    }),
  build: (report) => compileAddon({ objects: join(projectFolder, 'build/addon'), folder: join(projectFolder, 'build/Release') }, report),
});
