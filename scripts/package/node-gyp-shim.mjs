#!/usr/bin/env node
// What prebuildify runs in place of node-gyp: compiles the addon to build/Release below the current folder and puts
// libsoxr beside it. Node-API needs neither the version nor the headers of the Node that prebuildify names.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compileAddon } from '../setup/native.mjs';
import { soxrFolder } from './soxr.mjs';

const folder = join(process.cwd(), 'build/Release');
mkdirSync(folder, { recursive: true });
await compileAddon({ objects: join(process.cwd(), 'objects'), folder }, { progress: (detail) => process.stderr.write(`${detail}\n`) });
copyFileSync(join(soxrFolder(), 'libsoxr.so.0'), join(folder, 'libsoxr.so.0'));
