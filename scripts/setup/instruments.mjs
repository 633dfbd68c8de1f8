import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { artefactStep } from './artefact.mjs';
import { contentHash, filesBelow, projectFolder } from './cache.mjs';
import { probe, run } from './process.mjs';

const folder = join(projectFolder, 'build/benchmarks-native');
const flags = ['-std=c++23', '-O2', '-Wall', '-Wextra'];
const sources = () => filesBelow(join(projectFolder, 'benchmarks/native'));

/** Step: the benchmarks' own programs, one a source file, compiled to build/benchmarks-native. */
export const instruments = artefactStep({
  title: 'benchmark instruments',
  name: 'instruments',
  folder,
  key: () => contentHash({ files: sources(), strings: [...flags, probe('g++', ['-dumpfullversion', '-dumpmachine'])] }),
  async build(report) {
    report.progress('compiling');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const source of sources()) {
      const program = join(folder, source.replace(/^.*\//, '').replace(/\.cc$/, ''));
      await run('g++', [...flags, source, '-o', program], { cwd: projectFolder });
    }
  },
});
