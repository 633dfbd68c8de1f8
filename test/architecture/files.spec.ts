import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf, filesBelow } from './source-files.js';

const mostLines = 500;
const folders = ['src', 'native', 'bindings', 'test', 'scripts', 'benchmarks', 'corpus'];
const all = folders.flatMap((folder) => filesBelow(folder, ['.ts', '.mjs', '.h', '.cc']));

test(`no file is longer than ${mostLines} lines`, () => {
  const long = all.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 })).filter(({ lines }) => lines > mostLines);
  assert.equal(long, []);
  assert.ok(all.length > 150);
});

test('every spec runs its tests', () => {
  const specs = filesBelow('test', ['.spec.ts']);
  assert.ok(specs.length > 20);
  assert.equal(
    specs.filter(({ text }) => !/\brun\(\);\s*$/.test(text)).map(({ path }) => path),
    [],
  );
});

test('no spec waits for a time instead of an event', () => {
  const sleepers = filesBelow('test', ['.spec.ts']).filter((file) => /\bsleep\(|timers\/promises/.test(codeOf(file)));
  assert.equal(
    sleepers.map(({ path }) => path),
    [],
  );
});

test('names of files are of one form: kebab-case in TypeScript, snake_case in C++', () => {
  const odd = all.filter(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return !(/\.(h|cc)$/.test(name) ? /^[a-z0-9_]+\.(h|cc)$/ : /^[a-z0-9-]+(\.spec|\.d)?\.(ts|mjs)$/).test(name);
  });
  assert.equal(
    odd.map(({ path }) => path),
    [],
  );
});

test('no file is a drawer for odds and ends', () => {
  const drawers = all.filter(({ path }) => /(^|\/)(utils?|helpers?|common|misc|types|manager)(\.|\/|-)/.test(path));
  assert.equal(
    drawers.map(({ path }) => path),
    [],
  );
});

test('nothing is left to do, and no enum was made', () => {
  const marks = all.filter(({ path, text }) => !path.startsWith('test/architecture') && /\b(TODO|FIXME|XXX)\b/.test(text)).map(({ path }) => path);
  assert.equal(marks, []);
  assert.equal(
    filesBelow('src', ['.ts'])
      .filter((file) => /^\s*(export )?(const )?enum\s/m.test(codeOf(file)))
      .map(({ path }) => path),
    [],
  );
});

test.run();
