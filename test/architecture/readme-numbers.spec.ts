import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { projectFolder } from '../support/project.js';
import { filesBelow } from './source-files.js';

const test = suite<{ folder: string; readme: string; results: string }>("the README's numbers");
const numbers = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(projectFolder, 'scripts/readme-numbers.mjs'), ...args], { encoding: 'utf8', timeout: 10_000 });

const measured = {
  minutes: 10,
  errorMs: 0.42,
  date: '2026-01-02T03:04:05.000Z',
  machine: '2 × a processor',
  node: 'v20.19.0',
  command: 'npm run bench:load -- clock:10',
  modified: false,
};
const markers = '<!-- numbers: begin (npm run readme:numbers) -->\n<!-- numbers: end -->';

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'talkpath-readme-'));
  context.readme = join(context.folder, 'README.md');
  context.results = join(context.folder, 'results');
  mkdirSync(context.results);
  writeFileSync(context.readme, `# before\n${markers}\nafter\n`);
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const measure = (results: string, result: object): void => writeFileSync(join(results, 'clock.json'), JSON.stringify(result));

test('the README says what the results say', () => {
  const { status, stderr } = numbers('--check');
  assert.is(status, 0, stderr);
});

test('a README without results has no numbers', ({ readme, results }) => {
  const before = readFileSync(readme, 'utf8');
  assert.is(numbers('--check', readme, results).status, 0);
  assert.is(numbers(readme, results).status, 0);
  assert.is(readFileSync(readme, 'utf8'), before);
});

test('a result that the README does not tell is found, and told', ({ readme, results }) => {
  measure(results, measured);
  const { status, stderr } = numbers('--check', readme, results);
  assert.is(status, 1);
  assert.match(stderr, 'npm run readme:numbers');
  assert.is(numbers(readme, results).status, 0);
  assert.is(numbers('--check', readme, results).status, 0);
  const text = readFileSync(readme, 'utf8');
  assert.match(text, /^# before\n/);
  assert.match(text, '| Clock error after 10 minutes of one call | 0.4 ms | `npm run bench:load -- clock:10` |');
  assert.match(text, /\nafter\n$/);
});

test('a number that has been measured anew since is found', ({ readme, results }) => {
  measure(results, measured);
  numbers(readme, results);
  measure(results, { ...measured, errorMs: 7 });
  assert.is(numbers('--check', readme, results).status, 1);
});

test('a result of a changed tree, or of another format, is no number', ({ readme, results }) => {
  for (const unfit of [
    { ...measured, modified: true },
    { ...measured, errorMs: undefined },
  ]) {
    measure(results, unfit);
    assert.is(numbers('--check', readme, results).status, 1);
  }
});

test('every command that the README names is there', () => {
  const readme = readFileSync(join(projectFolder, 'README.md'), 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const named = [...readme.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = '']) => name).filter((name) => name !== 'run');
  assert.ok(named.length >= 5);
  assert.equal(
    named.filter((name) => !Object.hasOwn(scripts, name)),
    [],
  );
  const benchmarks = [...readme.matchAll(/npm run bench:load -- ([\w-]+)/g)].map(([, name = '']) => name);
  assert.equal(
    benchmarks.filter((name) => !loadBenchmarks().includes(name)),
    [],
  );
});

const engineMarkers = '<!-- engine numbers: begin (npm run readme:numbers) -->\n<!-- engine numbers: end -->';
const rings = {
  ...measured,
  command: 'npm run bench -- rings',
  compiler: 'a compiler',
  versions: {},
  missing: {},
  frames: ['talkpath ring', 'queue under a mutex'].map((name, i) => ({
    name,
    nsEach: 30 * (i + 1),
    ratioToTalkpath: { median: i + 1, q1: 1, q3: 2 },
  })),
  alone: ['talkpath ring', 'queue under a mutex'].map((name, i) => ({
    name,
    nsEach: 10 * (i + 1),
    ratioToTalkpath: { median: 4 * i + 1, q1: 1, q3: 9 },
  })),
  roundTrips: [100, 300].map((nsEach, i) => ({ nsEach, ratioToTalkpath: { median: 2 * i + 1, q1: 1, q3: 4 } })),
};

test("the engine's numbers have a place and a commit of their own", ({ readme, results }) => {
  writeFileSync(readme, `# before\n${markers}\nbetween\n${engineMarkers}\nafter\n`);
  measure(results, { ...measured, commit: 'one' });
  writeFileSync(join(results, 'rings.json'), JSON.stringify({ ...rings, commit: 'another' }));
  const { status, stderr } = numbers(readme, results);
  assert.is(status, 0, stderr);
  const text = readFileSync(readme, 'utf8');
  assert.match(text, '| Clock error after 10 minutes of one call | 0.4 ms |');
  assert.match(text, /\nbetween\n/);
  assert.match(
    text,
    '| Ring: a frame in and out by one thread; from one thread to another | 10 ns; 30 ns | queue under a mutex 5×; 2× | `npm run bench -- rings` |',
  );
  assert.match(text, 'commit another, a compiler.');
  assert.is(numbers('--check', readme, results).status, 0);
});

test('what the binding costs is told of all pairs of rates, and not of the best one alone', ({ readme, results }) => {
  writeFileSync(readme, engineMarkers);
  const spread = (median: number): object => ({ median, q1: median, q3: median });
  const pairs = [
    [0.9, 1],
    [1.1, 1.3],
    [1, 1.2],
  ].map(([given = 0, made = 0], i) => ({
    pair: `pair ${i}`,
    rows: [{ name: 'talkpath', lagMs: 1, aliasDb: -100, gainAt3400Db: 0, usPerFrame: 4 }],
    bindingOverhead: { arrayGiven: spread(given), arrayMade: spread(made) },
  }));
  writeFileSync(join(results, 'resampler.json'), JSON.stringify({ ...rings, commit: 'one', command: 'npm run bench -- resampler', pairs }));
  const { status, stderr } = numbers(readme, results);
  assert.is(status, 0, stderr);
  const row = readFileSync(readme, 'utf8')
    .split('\n')
    .find((line) => line.includes('plain C'));
  assert.match(row ?? '', 'of 3 pairs');
  assert.match(row ?? '', '| 0.9–1.1× / 1–1.3× |');
});

test("calls that were measured on another commit than the engine's parts are not shown as if they were of the same", ({ readme, results }) => {
  const told = (clock: object): string => {
    writeFileSync(readme, `${markers}\n${engineMarkers}\n`);
    measure(results, { ...measured, ...clock });
    writeFileSync(join(results, 'rings.json'), JSON.stringify({ ...rings, commit: 'one' }));
    const { status, stderr } = numbers(readme, results);
    assert.is(status, 0, stderr);
    return readFileSync(readme, 'utf8');
  };
  assert.not.match(told({ commit: 'one' }), 'That commit is');
  const before = told({ commit: 'zero', date: '2026-01-01T00:00:00.000Z' });
  assert.match(
    before,
    "commit zero, server and callers on the same machine. **That commit is older than the one of the engine's numbers below, one.**",
  );
  assert.match(told({ commit: 'two', date: '2026-01-03T00:00:00.000Z' }), 'That commit is newer than');
  // Whoever leaves the remark out of the README does not get by.
  writeFileSync(readme, readFileSync(readme, 'utf8').replace(/ \*\*That commit.*\*\*/, ''));
  assert.is(numbers('--check', readme, results).status, 1);
});

test("the engine's numbers are all of one commit", ({ readme, results }) => {
  writeFileSync(readme, engineMarkers);
  writeFileSync(join(results, 'rings.json'), JSON.stringify({ ...rings, commit: 'one' }));
  writeFileSync(join(results, 'pacing.json'), JSON.stringify({ ...rings, commit: 'another', idle: [], busy: [] }));
  const { status, stderr } = numbers(readme, results);
  assert.is(status, 1);
  assert.match(stderr, 'of commit');
});

test('a subject that is measured has a row in the numbers, and the other way round', () => {
  const source = readFileSync(join(projectFolder, 'benchmarks/dsp/bench.ts'), 'utf8');
  const [, list = ''] = /const subjects: readonly Subject\[\] = \[([^\]]*)\]/.exec(source) ?? [];
  const subjects = list.split(',').map((name) => name.trim().replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  const script = readFileSync(join(projectFolder, 'scripts/readme/engine-numbers.mjs'), 'utf8');
  const [, full = ''] = /const full = \{([\s\S]*?)\n\};/.exec(script) ?? [];
  const told = new Set([...full.matchAll(/^ {2}'?([a-z-]+)'?[:(]/gm)].map(([, name = '']) => name));
  const pages = readFileSync(join(projectFolder, 'scripts/readme/page-numbers.mjs'), 'utf8');
  for (const [, list = ''] of pages.matchAll(/results: \[([^\]]*)\]/g)) {
    for (const [, name = ''] of list.matchAll(/'([a-z-]+)'/g)) if (name !== 'voice-report') told.add(name);
  }
  assert.equal(subjects.sort(), [...told].sort());
  assert.is(subjects.length, 7);
});

test('every row of the numbers comes from a benchmark that npm run bench:load knows', () => {
  const script = readFileSync(join(projectFolder, 'scripts/readme-numbers.mjs'), 'utf8');
  const rows = [...script.matchAll(/^ {2}\[\s*'([\w-]+)'/gm)].map(([, name = '']) => name);
  assert.ok(rows.length >= 7);
  assert.equal(
    rows.filter((name) => !loadBenchmarks().includes(name)),
    [],
  );
});

test('npm run bench:load knows the benchmarks that are there', () => {
  const programs = filesBelow('benchmarks/load', ['.ts']).filter(({ text }) => /^writeResult\(|^ *writeResult\('/m.test(text));
  assert.equal(
    programs.map(({ path }) => path.replace(/^.*\/|\.ts$/g, '')),
    loadBenchmarks().sort(),
  );
});

function loadBenchmarks(): string[] {
  const script = readFileSync(join(projectFolder, 'scripts/bench-load.mjs'), 'utf8');
  const [, list = ''] = /const mostArguments = \{([^}]*)\}/.exec(script) ?? [];
  return [...list.matchAll(/'?([\w-]+)'?: \d/g)].map(([, name = '']) => name);
}

test('what services do to a call is told of those results that are there', ({ readme, results }) => {
  writeFileSync(readme, '<!-- service numbers: begin (npm run readme:numbers) -->\n<!-- service numbers: end -->\n');
  const takeOver = {
    ...measured,
    commit: 'abc1234',
    calls: 20,
    deadAirMs: { p50: 12, p99: 340.2, max: 612 },
    command: 'npm run bench:load -- take-over:20',
  };
  writeFileSync(join(results, 'take-over.json'), JSON.stringify(takeOver));
  assert.is(numbers(readme, results).status, 0);
  const text = readFileSync(readme, 'utf8');
  assert.match(text, '| 12.0 ms / 340 ms / 612 ms; none | `npm run bench:load -- take-over:20` |');
  assert.not.match(text, 'undefined');
});

test.run();
