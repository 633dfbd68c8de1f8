// Runs every suite and closes with one line that counts all of them.
//   node scripts/test.mjs [suite …]     suites: unit, architecture, conformance, native, native-address (ASan and UBSan),
//   native-realtime (RealtimeSanitizer and Clang's effect analysis), integration, asterisk, package;
//   only when asked for: lint, types, native-thread (TSan), bindings-address (the addon under ASan and UBSan),
//   package-clean (the package on a system with nothing else)
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesOf } from './arguments.mjs';
import { filesBelow, projectFolder } from './setup/cache.mjs';
import { bindingsUnderAddressSanitizer } from './test/bindings.mjs';
import { failuresIn } from './test/failures.mjs';
import { runNativeTests } from './test/native.mjs';
import { lint, types } from './test/static.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, failures?: string[] }} Counts `failures`: what was said of each */

const longestSuiteMs = 25 * 60_000;

const suites = {
  unit: () => uvu('unit'),
  architecture: () => uvu('architecture'),
  conformance: () => uvu('conformance'),
  native: () => runNativeTests({}),
  'native-address': () => runNativeTests({ sanitize: 'address' }),
  'native-realtime': () => runNativeTests({ sanitize: 'realtime' }),
  integration: () => uvu('integration'),
  asterisk: () => uvu('asterisk'),
  package: () => uvu('package'),
};
const onlyWhenAsked = {
  lint,
  types,
  'package-clean': () => uvu('package-clean'),
  'native-thread': () => runNativeTests({ sanitize: 'thread' }),
  'bindings-address': async () => {
    const sum = { passed: 0, failed: 0, skipped: 0, failures: [] };
    for (const { folder, ...options } of await bindingsUnderAddressSanitizer()) add(sum, await uvu(folder, options));
    return sum;
  },
};

function add(sum, counts) {
  for (const key of ['passed', 'failed', 'skipped']) sum[key] += counts[key] ?? 0;
  sum.failures.push(...(counts.failures ?? []));
}

/**
 * Runs the spec files below test/<folder>, or `only` those named so, each as it was compiled to build/test/<folder>.
 * @returns {Promise<Counts>}
 */
async function uvu(folder, { only = [''], env = process.env } = {}) {
  if (!existsSync(join(projectFolder, 'build/test', folder))) return { passed: 0, failed: 0, skipped: 0 };
  const specs = filesBelow(join(projectFolder, 'test', folder)).filter((file) => file.endsWith('.spec.ts'));
  // uvu passes over a file that forgets to run its tests.
  const forgotten = specs.filter((file) => !/\.run\(\);?\s*$/.test(readFileSync(file, 'utf8')));
  for (const file of forgotten) console.error(`${file} never calls test.run()`);
  const runner = join(projectFolder, 'node_modules/uvu/bin.js');
  const pattern = `${only[0] ? `^(${only.join('|')})` : ''}\\.spec\\.js$`;
  const { code, output } = await stream(process.execPath, [runner, join(projectFolder, 'build/test', folder), pattern], env);
  const count = (label) => Number(new RegExp(`^\\s*${label}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const total = count('Total');
  const passed = count('Passed');
  const skipped = count('Skipped');
  if (total === 0 && code !== 0) console.error(`${folder}: the runner ended with exit code ${code} before it had counted`);
  const failed = Math.max(total - passed, code === 0 ? 0 : 1) + forgotten.length;
  return { passed, failed, skipped, failures: failuresIn(output) };
}

/** Runs a command, shows its output as it comes, and keeps it. */
function stream(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: projectFolder, env, stdio: ['ignore', 'pipe', 'inherit'], timeout: longestSuiteMs });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      process.stdout.write(text);
    });
    child.once('error', (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.once('close', (code, signal) => {
      if (signal) console.error(`${args[0]} was ended by ${signal}`);
      resolve({ code: code ?? 1, output });
    });
  });
}

const known = { ...suites, ...onlyWhenAsked };
const asked = namesOf('suites', process.argv.slice(2), Object.keys(known));

const sum = { passed: 0, failed: 0, skipped: 0, failures: [] };
const lines = [];
for (const name of asked.length > 0 ? asked : Object.keys(suites)) {
  console.log(`\n== ${name}`);
  const startedMs = performance.now();
  const counts = await known[name]();
  // A suite in which nothing ran has not proved anything.
  if (counts.passed + counts.failed + counts.skipped === 0) counts.failed = 1;
  add(sum, counts);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  lines.push(
    `${name.padEnd(17)}${String(counts.passed).padStart(5)} passed ${String(counts.failed).padStart(4)} failed ${String(counts.skipped ?? 0).padStart(4)} skipped ${seconds.padStart(8)} s`,
  );
}
// Once more at the end, for whoever reads only that of a long log.
if (sum.failures.length > 0) console.log(`\n== what failed\n${sum.failures.join('\n')}`);
console.log(`\n${lines.join('\n')}\n`);
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed > 0 ? 1 : 0;
