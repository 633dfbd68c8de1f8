import { join } from 'node:path';
import { projectFolder } from '../setup/cache.mjs';
import { compileAddon } from '../setup/native.mjs';
import { probe } from '../setup/process.mjs';
import { runSteps } from '../setup/report.mjs';

/** Where node-gyp-build looks instead of the project's folder. */
const folder = join(projectFolder, 'build/addon-address');

const addon = {
  title: 'native engine (address sanitizer)',
  upToDate: async () => false,
  async run(report) {
    await compileAddon({ objects: folder, folder: join(folder, 'build/Release'), sanitize: 'address' }, report);
    return 'built';
  },
};

/** Node has no sanitizer in it, so that the runtime must be there before it; and its C++ library, whose throw it wraps. */
const runtime = () => ['libasan.so', 'libstdc++.so.6'].map((library) => probe('g++', [`-print-file-name=${library}`])).join(' ');

/**
 * Specs below test/ that use the addon, and how they are to run with it compiled under AddressSanitizer and
 * UndefinedBehaviorSanitizer. A library's process ends with every leak told. A server's ends in mid-work and leaves
 * what Node itself had, and so does a thread that is ended, so that nothing can be said of leaks there: test/integration/memory.spec.ts looks for them.
 * Little of what was freed is kept back, because some of these specs measure memory.
 */
export async function bindingsUnderAddressSanitizer() {
  await runSteps([addon]);
  const env = (leaks) => ({
    ...process.env,
    TALKPATH_PREBUILD: folder,
    LD_PRELOAD: runtime(),
    ASAN_OPTIONS: `detect_leaks=${leaks}:quarantine_size_mb=8`,
  });
  return [
    { folder: 'unit/dsp', env: env(1) },
    { folder: 'integration', only: ['dsp-memory', 'engine', 'engine-refusals'], env: env(1) },
    { folder: 'integration', only: ['back-pressure', 'bad-input', 'ended-threads', 'guards', 'lifecycle', 'line'], env: env(0) },
  ];
}
