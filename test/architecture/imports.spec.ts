import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectFolder } from '../support/project.js';
import { type ImportRule, importRules, includeRules, keptIn, pureOfNet, roots } from './imports.js';
import { filesBelow, importsOf, isBelow, type SourceFile } from './source-files.js';

const sources = filesBelow('src', ['.ts']).filter(({ path }) => !path.endsWith('.d.ts'));
const moduleOf = ({ path }: SourceFile): string => path.slice('src/'.length).replace(/\.ts$/, '');

/** The rule that fits a module most closely. */
function ruleOf(module: string): ImportRule | undefined {
  return importRules.filter(({ who }) => isBelow(module, who)).sort((a, b) => b.who.length - a.who.length)[0];
}

/** Sentences about each import of a file that breaks a rule. */
function faultsOf(file: SourceFile): string[] {
  const module = moduleOf(file);
  const rule = ruleOf(module);
  if (!rule) return [`${file.path} stands in no row of the table`];
  return importsOf(file).flatMap(({ target, own, names }) => {
    if (own) {
      if (roots.some((root) => isBelow(target, root)) && !roots.some((root) => isBelow(module, root)))
        return [`${file.path} imports the composition root ${target}`];
      return ruleOf(target) === rule || rule.mayImport.some((allowed) => isBelow(target, allowed)) ? [] : [`${file.path} imports ${target}`];
    }
    const homes = keptIn[target];
    const pure =
      target === 'node:net' &&
      names
        .replaceAll(/[{}\s]/g, '')
        .split(',')
        .every((name) => pureOfNet.includes(name));
    return !homes || pure || homes.some((home) => isBelow(module, home))
      ? []
      : [`${file.path} imports ${target}, which stays in ${homes.join(' and ')}`];
  });
}

test('every module of src/ imports only what its row of the table allows', () => {
  assert.ok(sources.length > 50);
  assert.equal(sources.flatMap(faultsOf), []);
});

test('the table has a row for every folder of src/, and no row for what is not there', () => {
  const modules = sources.map(moduleOf);
  assert.equal(
    importRules.filter(({ who }) => !modules.some((module) => isBelow(module, who))).map(({ who }) => who),
    [],
  );
});

test('no row of the table allows what none of its modules needs', () => {
  const spare = importRules.flatMap((rule) => {
    const files = sources.filter((file) => ruleOf(moduleOf(file)) === rule);
    const targets = files.flatMap(importsOf).map(({ target }) => target);
    // What everybody may import stays allowed where nobody does at the moment.
    const deliberate = rule.mayImport.filter((allowed) => allowed !== 'base');
    return deliberate.filter((allowed) => !targets.some((target) => isBelow(target, allowed))).map((allowed) => `${rule.who} → ${allowed}`);
  });
  assert.equal(spare, []);
});

test('no two rows of the table may import each other', () => {
  const may = (from: ImportRule, to: ImportRule): boolean => from.mayImport.some((allowed) => allowed !== '*' && isBelow(to.who, allowed));
  const mutual = importRules.flatMap((one) =>
    importRules.filter((other) => one.who < other.who && may(one, other) && may(other, one)).map((other) => `${one.who} ⇄ ${other.who}`),
  );
  assert.equal(mutual, []);
});

test('an import that the table forbids is found, in whatever form it is written', () => {
  const file = (text: string): SourceFile => ({ path: 'src/conversation/broken.ts', text });
  for (const text of [
    "import { systemClock } from '../base/clock.js';",
    "import type { Clock } from '../base/clock.js';",
    "import '../base/clock.js';",
    "export { systemClock } from '../base/clock.js';",
    "import {\n  one,\n  two,\n} from '../call/call.js';",
    "const call = await import('../call/call.js');",
    "new Worker(new URL('../media-thread.js', import.meta.url));",
    "import { connect } from 'node:net';",
    "import { connect, isIP } from 'node:net';",
  ]) {
    assert.is(faultsOf(file(text)).length, 1, text);
  }
  assert.equal(faultsOf(file("import { isIP } from 'node:net';\nimport { one } from './machine.js';")), []);
});

test('every header of native/ and bindings/ comes from where its row of the table allows', () => {
  const files = [...filesBelow('native', ['.h', '.cc']), ...filesBelow('bindings', ['.h', '.cc'])];
  const own = new Set(files.map(({ path }) => path.replace(/^native\//, '')));
  const faults = files.flatMap(({ path, text }) => {
    const home = path
      .split('/')
      .slice(0, path.startsWith('native') ? 2 : 1)
      .join('/');
    const allowed = includeRules[home];
    if (!allowed) return [`${path} stands in no row of the table`];
    return [...text.matchAll(/#include\s+["<]([^">]+)[">]/g)].flatMap(([, header = '']) => {
      const folder = own.has(`${home}/${header}`) ? home : (header.split('/')[0] ?? '');
      const ours = own.has(header) || own.has(`${home}/${header}`);
      return !ours || allowed.includes(folder) ? [] : [`${path} includes ${header}`];
    });
  });
  assert.equal(faults, []);
});

test('Node-API is seen in bindings/ alone', () => {
  const native = filesBelow('native', ['.h', '.cc']).filter(({ text }) => /napi\.h|node_api\.h|<uv\.h>|v8\.h/.test(text));
  assert.equal(
    native.map(({ path }) => path),
    [],
  );
  assert.ok(filesBelow('bindings', ['.h', '.cc']).some(({ text }) => text.includes('napi.h')));
});

test('the addon is loaded in one file', () => {
  const loaders = sources.filter(({ text }) => /node-gyp-build|talkpath\.node/.test(text)).map(({ path }) => path);
  assert.equal(loaders, ['src/native/addon.ts']);
});

test('docs/architecture.md says of each row what the table says', () => {
  const documentation = readFileSync(join(projectFolder, 'docs/architecture.md'), 'utf8')
    .replaceAll('the transport interface', 'transports/transport')
    .replaceAll('the provider interface', 'providers/provider');
  const rows = [...documentation.matchAll(/^\| (src\/[^|]+) \| ([^|]+) \|$/gm)];
  const targets = [...new Set(importRules.flatMap(({ mayImport }) => mayImport))].filter((target) => target !== '*');
  const told = new Map<string, string[]>();
  for (const [, who = '', may = ''] of rows) {
    const [allowed = ''] = may.split(';');
    const named = targets.filter((target) => new RegExp(`(^|[\\s,])${target}([\\s,]|$)`).test(allowed));
    for (const one of who.split(', ')) told.set(one.replace(/^src\//, '').trim(), may.includes('everything') ? ['*'] : named.sort());
  }
  assert.equal([...told.keys()].sort(), importRules.map(({ who }) => who).sort());
  for (const { who, mayImport } of importRules) assert.equal(told.get(who), [...mayImport].sort(), `src/${who}`);
});

test.run();
