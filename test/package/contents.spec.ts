import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packed } from '../support/package.js';
import { projectFolder } from '../support/project.js';

const test = suite('contents of the package');
const { files, sizeBytes } = await packed();
const paths = [...files.keys()];

test('the package has what is run, what it is compiled from where no prebuild fits, and the licences', () => {
  for (const path of [
    'package.json',
    'README.md',
    'LICENSE',
    'NOTICE',
    'licences/LGPL-2.1.txt',
    'licences/Apache-2.0.txt',
    'licences/WebRTC-PATENTS.txt',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/dsp.js',
    'dist/dsp.d.ts',
    'dist/cli/talkpath.js',
    'prebuilds/linux-x64/talkpath.glibc.node',
    'prebuilds/linux-x64/libsoxr.so.0',
    'CMakeLists.txt',
    'native/CMakeLists.txt',
    'bindings/CMakeLists.txt',
    'cmake/webrtc/sources.txt',
    'scripts/build-addon.mjs',
  ]) {
    assert.ok((files.get(path) ?? 0) > 100, path);
  }
});

test("libsoxr's sources are in the package, as its licence asks", () => {
  assert.ok(paths.some((path) => /^prebuilds\/sources\/libsoxr_[\d.]+\.orig\.tar\.xz$/.test(path)));
  assert.ok(paths.some((path) => /^prebuilds\/sources\/libsoxr_[\d.]+-\d+\.debian\.tar\.xz$/.test(path)));
});

test('nothing else is in it', () => {
  const homes = /^(dist|dialogues|prebuilds|native|bindings|cmake|licences)\/|^scripts\/(build-addon|setup\/[a-z-]+)\.mjs$/;
  const single = ['package.json', 'README.md', 'LICENSE', 'NOTICE', 'CMakeLists.txt'];
  assert.equal(
    paths.filter((path) => !homes.test(path) && !single.includes(path)),
    [],
  );
  assert.equal(
    paths.filter((path) => /\.(spec|test)\.|_test\.cc$|\.map$|\.key$|talkpath-key|\.tsbuildinfo$/.test(path)),
    [],
  );
});

test('each script that compiling runs is in it', () => {
  const scripts = paths.filter((path) => path.startsWith('scripts/'));
  const imported = scripts.flatMap((path) =>
    [...readFileSync(join(projectFolder, path), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) => join(path, '..', target)),
  );
  assert.equal(
    imported.filter((path) => !scripts.includes(path)),
    [],
  );
  const needed = new Set(['scripts/build-addon.mjs', ...imported]);
  assert.equal(
    scripts.filter((path) => !needed.has(path)),
    [],
  );
});

test('the package is small', () => {
  console.log(`  ${(sizeBytes / 1e6).toFixed(2)} MB packed, ${files.size} files`);
  assert.ok(sizeBytes < 2e6, `${sizeBytes} bytes`);
  const [, said] = /The package has ([\d.]+) MB/.exec(readFileSync(join(projectFolder, 'docs/dsp.md'), 'utf8')) ?? [];
  assert.ok(Math.abs((Number(said) * 1e6) / sizeBytes - 1) < 0.1, `docs/dsp.md says ${said} MB`);
});

test.run();
