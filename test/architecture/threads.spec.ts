import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectFolder } from '../support/project.js';
import { codeOf, filesBelow } from './source-files.js';

const native = [...filesBelow('native', ['.h', '.cc']), ...filesBelow('bindings', ['.h', '.cc'])];

test('docs/architecture.md has a row for each C++ thread, by the name that the system shows, and for no other', () => {
  const architecture = readFileSync(join(projectFolder, 'docs/architecture.md'), 'utf8');
  const told = [...architecture.matchAll(/^\| (\w+) \| one C\+\+ thread/gm)].map(([, name]) => `talkpath-${name}`);
  const named = native.flatMap((file) => [...file.text.matchAll(/pthread_setname_np\([^"]*"([^"]*)"\)/g)].map(([, name = '']) => name));
  assert.equal(told.sort(), named.sort());
});

test('each C++ thread is given a name where it is started', () => {
  const starters = native
    .filter((file) => /\bstd::j?thread\s+\w+;|pthread_create\(/.test(codeOf(file)))
    .map(({ path }) => path.replace(/\.\w+$/, ''));
  const namers = native.filter((file) => /pthread_setname_np\(/.test(codeOf(file))).map(({ path }) => path.replace(/\.\w+$/, ''));
  assert.equal([...new Set(starters)].sort(), namers.sort());
});

test.run();
