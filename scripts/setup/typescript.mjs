import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { artefactStep } from './artefact.mjs';
import { contentHash, filesBelow, projectFolder } from './cache.mjs';
import { run } from './process.mjs';

const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc');

function compileStep(title, name, project, folder, sources) {
  return artefactStep({
    title,
    name,
    folder: join(projectFolder, folder),
    key: () =>
      contentHash({
        files: [
          ...sources.flatMap((path) => filesBelow(join(projectFolder, path))),
          join(projectFolder, 'package-lock.json'),
          ...['tsconfig.json', project].map((path) => join(projectFolder, path)),
        ],
      }),
    async build(report) {
      report.progress('compiling');
      rmSync(join(projectFolder, folder), { recursive: true, force: true });
      await run(process.execPath, [tsc, '-p', project], { cwd: projectFolder });
    },
  });
}

/** Step: src compiled to dist. */
export const typescript = compileStep('TypeScript', 'dist', 'tsconfig.json', 'dist', ['src']);

/** Step: what composes calls for tests, benchmarks and training, compiled to build/corpus. */
export const typescriptCorpus = compileStep('TypeScript corpus', 'corpus', 'corpus/tsconfig.json', 'build/corpus', ['src/caller', 'corpus']);

/** Step: the emulated services that tests and benchmarks talk to, compiled to build/emulators. */
export const typescriptEmulators = compileStep('TypeScript emulators', 'emulators', 'test/support/emulators/tsconfig.json', 'build/emulators', [
  'src',
  'test/support/emulators',
]);

/** Step: the benchmarks compiled to build/benchmarks. */
export const typescriptBenchmarks = compileStep('TypeScript benchmarks', 'benchmarks', 'benchmarks/tsconfig.json', 'build/benchmarks', [
  'src',
  'benchmarks/load',
  'benchmarks/dsp',
  'benchmarks/peers',
  'corpus',
  'test/support/emulators',
]);

/** Step: the tests compiled to build/test; they import what is in dist and in build/benchmarks. */
export const typescriptTests = compileStep('TypeScript tests', 'tests', 'test/tsconfig.json', 'build/test', ['src', 'benchmarks/dsp', 'test']);
