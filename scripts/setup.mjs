// Sets everything up from a bare clone and does nothing when all is there.
//   node scripts/setup.mjs [--for-tests]
import { debianPackages } from './setup/debian.mjs';
import { nativeAddon } from './setup/native.mjs';
import { npmPackages } from './setup/npm-packages.mjs';
import { runSteps } from './setup/report.mjs';
import { typescript, typescriptTests } from './setup/typescript.mjs';
import { webrtc } from './setup/webrtc.mjs';

const forTests = process.argv.includes('--for-tests');

await runSteps([debianPackages({ forTests }), npmPackages, webrtc, nativeAddon, typescript, ...(forTests ? [typescriptTests] : [])]);
