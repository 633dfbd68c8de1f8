import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { artefactStep } from './artefact.mjs';
import { contentHash, filesBelow, projectFolder } from './cache.mjs';
import { probe, run } from './process.mjs';
import { speexdspFolder } from './speexdsp.mjs';
import { webrtcFolder } from './webrtc.mjs';

const inProject = (path) => join(projectFolder, path);
const folder = inProject('build/benchmarks-native');
const objects = inProject('build/benchmarks-objects');

/** Step: the benchmarks' own programs, as benchmarks/native/CMakeLists.txt lists them, in build/benchmarks-native. */
export const instruments = artefactStep({
  title: 'benchmark instruments',
  name: 'instruments',
  folder,
  key: () =>
    contentHash({
      files: [
        ...['benchmarks/native', 'native', 'test/native/dsp', 'test/native/session', 'test/native/support', 'cmake'].flatMap((path) =>
          filesBelow(inProject(path)),
        ),
        inProject('CMakeLists.txt'),
      ],
      strings: [webrtcFolder(), speexdspFolder(), probe('g++', ['-dumpfullversion', '-dumpmachine'])],
    }),
  async build(report) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    report.progress('configuring');
    const libraries = [`-DTALKPATH_WEBRTC_DIR=${webrtcFolder()}`, `-DTALKPATH_SPEEXDSP_DIR=${speexdspFolder()}`];
    const options = ['-DTALKPATH_BENCHMARKS=ON', `-DCMAKE_RUNTIME_OUTPUT_DIRECTORY=${folder}`, ...libraries];
    await run('cmake', ['-S', projectFolder, '-B', objects, '-G', 'Unix Makefiles', ...options]);
    await run('cmake', ['--build', objects, '--target', 'talkpath_benchmarks', '-j', String(availableParallelism())], {
      onLine: (line) => {
        const percent = /^\[\s*(\d+)%\]/.exec(line)?.[1];
        if (percent) report.progress(`compiling ${percent} %`);
      },
    });
  },
});
