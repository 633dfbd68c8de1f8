// Sets everything up from a bare clone and does nothing when all is there.
//   node scripts/setup.mjs [--for-tests] [--for-benchmarks]
import { debianPackages } from './setup/debian.mjs';
import { instruments } from './setup/instruments.mjs';
import { models } from './setup/models.mjs';
import { nativeAddon } from './setup/native.mjs';
import { npmPackages } from './setup/npm-packages.mjs';
import { runSteps } from './setup/report.mjs';
import { speexdsp } from './setup/speexdsp.mjs';
import { typescript, typescriptBenchmarks, typescriptTests } from './setup/typescript.mjs';
import { webrtc } from './setup/webrtc.mjs';

const forTests = process.argv.includes('--for-tests');
const forBenchmarks = process.argv.includes('--for-benchmarks');

await runSteps([
  debianPackages({ forTests }),
  npmPackages,
  webrtc,
  nativeAddon,
  typescript,
  models,
  ...(forTests ? [typescriptTests] : []),
  ...(forBenchmarks ? [speexdsp, instruments, typescriptBenchmarks] : []),
]);
