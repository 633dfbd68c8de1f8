import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectFolder } from '../../support/project.js';

/** Runs a program of the project, which is to refuse what it is given before it does anything. */
function refusal(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectFolder, program), ...args], { encoding: 'utf8', timeout: 20_000 });
  assert.is(status, 2, `${program} ${args.join(' ')}\n${stdout}${stderr}`);
  assert.is(stdout, '');
  return stderr.trimEnd();
}

const fuzzUsage = 'Expected [target …] [--seconds N] [--keep]';

test('the fuzzers refuse options and times that cannot be', () => {
  for (const args of [['--secs', '3'], ['--seconds'], ['--seconds', '-3'], ['--keep=3']]) {
    assert.is(refusal('scripts/fuzz.mjs', ...args), `${fuzzUsage} but received ${args.join(' ')}`);
  }
  for (const seconds of ['abc', '', '0', '1.5', '0x10', '1e3', '604801']) {
    assert.is(
      refusal('scripts/fuzz.mjs', '--seconds', seconds),
      `Expected integer between 1 and 604800 for --seconds but received ${JSON.stringify(seconds)}`,
    );
  }
  assert.match(refusal('scripts/fuzz.mjs', 'bogus'), /^Expected targets of audio_queue, .*, properties but received "bogus"$/);
});

test('the simulation refuses options and numbers that cannot be', () => {
  for (const args of [['--sed', '3'], ['--seed'], ['60']]) {
    assert.is(refusal('scripts/simulate.mjs', ...args), `Expected [--seed N] [--minutes N] but received ${args.join(' ')}`);
  }
  assert.is(refusal('scripts/simulate.mjs', '--minutes', '1.5'), 'Expected integer between 1 and 10000 for --minutes but received "1.5"');
  assert.is(refusal('scripts/simulate.mjs', '--minutes', '0'), 'Expected integer between 1 and 10000 for --minutes but received "0"');
  assert.is(
    refusal('scripts/simulate.mjs', '--seed', '9007199254740993'),
    'Expected integer between 0 and 9007199254740991 for --seed but received "9007199254740993"',
  );
});

test('the tests refuse suites that there are not, those that every object seems to have too', () => {
  for (const name of ['bogus', 'toString', 'constructor', '--help', '']) {
    assert.match(
      refusal('scripts/test.mjs', name),
      new RegExp(`^Expected suites of unit, .*, bindings-address but received ${JSON.stringify(name)}$`),
    );
  }
  for (const name of ['18', 'abc', '', '22.0', '0x14']) {
    assert.is(refusal('scripts/test-nodes.mjs', name), `Expected lines of 20, 22, 24 but received ${JSON.stringify(name)}`);
  }
});

test('set-up refuses what it does not know, and sets nothing up', () => {
  for (const args of [['--for-test'], ['--for-tests', 'all'], ['--for-tests=yes']]) {
    assert.is(refusal('scripts/setup.mjs', ...args), `Expected [--for-tests] [--for-benchmarks] but received ${args.join(' ')}`);
  }
});

test('the load benchmarks refuse names and numbers that cannot be', () => {
  assert.match(refusal('scripts/bench-load.mjs', 'bogus'), /^Expected benchmarks of setup, .*, clock but received "bogus"$/);
  assert.is(refusal('scripts/bench-load.mjs', 'frames:50:60:70'), 'Expected at most 2 numbers for frames but received 3');
  assert.is(refusal('build/benchmarks/load/frames.js', 'abc'), 'Expected integer between 1 and 10000 for calls but received "abc"');
  assert.is(refusal('build/benchmarks/load/frames.js', '50', '-1'), 'Expected integer between 1 and 86400 for seconds but received "-1"');
  for (const name of ['echo-latency', 'barge-in', 'soak']) {
    assert.match(refusal(`build/benchmarks/load/${name}.js`, '0'), /^Expected integer between 1 and 10000 for calls but received "0"$/);
  }
  assert.match(refusal('build/benchmarks/load/callers.js', '1.5'), / for callers but received "1\.5"$/);
  assert.match(refusal('build/benchmarks/load/local-agent.js', 'x'), / for turns but received "x"$/);
  assert.match(refusal('build/benchmarks/load/clock.js', 'NaN'), / for minutes but received "NaN"$/);
});

test("the README's numbers refuse other options, and files and folders that are not there, and write nothing", () => {
  const folder = mkdtempSync(join(tmpdir(), 'talkpath-numbers-'));
  try {
    const readme = join(folder, 'README.md');
    const text = '<!-- numbers: begin (npm run readme:numbers) -->\nold\n<!-- numbers: end -->\n';
    writeFileSync(readme, text);
    for (const args of [['--chek'], [readme], [readme, folder, 'more']]) {
      assert.is(refusal('scripts/readme-numbers.mjs', ...args), `Expected [--check] [README RESULTS] but received ${args.join(' ')}`);
    }
    const gone = join(folder, 'gone');
    assert.is(refusal('scripts/readme-numbers.mjs', gone, folder), `Expected a file for README but received ${JSON.stringify(gone)}`);
    assert.is(refusal('scripts/readme-numbers.mjs', readme, gone), `Expected a folder for RESULTS but received ${JSON.stringify(gone)}`);
    assert.is(refusal('scripts/readme-numbers.mjs', readme, readme), `Expected a folder for RESULTS but received ${JSON.stringify(readme)}`);
    assert.is(readFileSync(readme, 'utf8'), text);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
