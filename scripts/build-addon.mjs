// Compiles the native engine where the package brings none that fits: npm runs it on install, and by hand it is
// `npm rebuild talkpath`. Installs nothing on the system: what is missing is named.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './setup/cache.mjs';
import { debianPackages } from './setup/debian.mjs';
import { nativeAddon } from './setup/native.mjs';
import { runSteps } from './setup/report.mjs';
import { webrtc } from './setup/webrtc.mjs';

// In a clone set-up builds it, after npm has installed the packages.
const isClone = existsSync(join(projectFolder, 'tsconfig.json'));
if (!isClone) {
  process.stderr.write('talkpath: no prebuilt native engine fits this system; compiling one\n');
  await runSteps([debianPackages({ mayInstall: false }), webrtc, nativeAddon]);
}
