// Sets everything up from a bare clone and does nothing when all is there.
//   node scripts/setup.mjs [--for-tests] [--for-benchmarks]
import { argumentsBy } from './arguments.mjs';
import { benchmarkPeers } from './setup/benchmark-peers.mjs';
import { debianPackages } from './setup/debian.mjs';
import { instruments } from './setup/instruments.mjs';
import { models } from './setup/models.mjs';
import { nativeAddon } from './setup/native.mjs';
import { npmPackages } from './setup/npm-packages.mjs';
import { runSteps } from './setup/report.mjs';
import { speexdsp } from './setup/speexdsp.mjs';
import { typescript, typescriptBenchmarks, typescriptCorpus, typescriptEmulators, typescriptTests } from './setup/typescript.mjs';
import { webrtc } from './setup/webrtc.mjs';
import { speech } from './test/speech.mjs';

const { values } = argumentsBy('[--for-tests] [--for-benchmarks]', {
  options: { 'for-tests': { type: 'boolean', default: false }, 'for-benchmarks': { type: 'boolean', default: false } },
});
const { 'for-tests': forTests, 'for-benchmarks': forBenchmarks } = values;

await runSteps([
  debianPackages({ forTests, forBenchmarks }),
  npmPackages,
  webrtc,
  nativeAddon,
  typescript,
  models,
  // The tests of the measuring code import the compiled benchmarks.
  ...(forTests || forBenchmarks ? [typescriptCorpus, typescriptEmulators, typescriptBenchmarks] : []),
  ...(forTests ? [typescriptTests] : []),
  ...(forBenchmarks ? [speexdsp, instruments, benchmarkPeers, speech()] : []),
]);
