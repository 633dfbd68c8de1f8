#!/usr/bin/env node
// What prebuildify runs in place of node-gyp: hands over the addon that set-up has built and the tests have tested, and
// libsoxr to go beside it. Node-API needs neither the version nor the headers of the Node that prebuildify names.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../setup/cache.mjs';
import { soxrFolder } from './soxr.mjs';

const folder = join(process.cwd(), 'build/Release');
mkdirSync(folder, { recursive: true });
copyFileSync(join(projectFolder, 'build/Release/talkpath.node'), join(folder, 'talkpath.node'));
copyFileSync(join(soxrFolder(), 'libsoxr.so.0'), join(folder, 'libsoxr.so.0'));
