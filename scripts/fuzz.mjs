// Looks for inputs that break something, for as long as it is told to.
//   npm run fuzz -- [target …] [--seconds N] [--keep]
// Targets: those of test/native/fuzz (libFuzzer under ASan and UBSan), and `properties`: the fast-check properties of
// test/unit, with new random inputs for the whole time. N seconds each (60). --keep writes what reaches
// furthest into test/native/fuzz/corpus, for the native tests to replay.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { argumentsBy, namesOf, wholeNumber } from './arguments.mjs';
import { filesBelow, projectFolder } from './setup/cache.mjs';
import { clangOptions, clangPackages } from './setup/debian.mjs';
import { run } from './setup/process.mjs';
import { runSteps } from './setup/report.mjs';
import { webrtcFolder } from './setup/webrtc.mjs';

const sources = join(projectFolder, 'test/native/fuzz');
const build = join(projectFolder, 'build/native-tests-fuzzer');
const work = join(projectFolder, 'build/fuzz');
/** What is kept of one target: a corpus is there to be replayed in a second, and read in a diff. */
const mostKeptBytes = 16_000;
/** Long inputs to begin with: a fuzzer left alone takes minutes to try any. */
const startInputs = 24;
const startBytes = 400;

const nativeTargets = readdirSync(sources)
  .map((name) => /^fuzz_(\w+)\.cc$/.exec(name)?.[1])
  .filter((name) => name && name !== 'main');

const { values, positionals } = argumentsBy('[target …] [--seconds N] [--keep]', {
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '60' }, keep: { type: 'boolean', default: false } },
});
const weekSeconds = 7 * 24 * 3600;
const seconds = wholeNumber('--seconds', values.seconds, 1, weekSeconds);
const known = [...nativeTargets, 'properties'];
const asked = positionals.length > 0 ? namesOf('targets', positionals, known) : known;

/** Step: the fuzzers, compiled with Clang. */
const fuzzers = {
  title: 'fuzzers',
  upToDate: async () => false,
  async run() {
    const options = [...clangOptions, '-DTALKPATH_TESTS=ON', '-DTALKPATH_SANITIZE=fuzzer', `-DTALKPATH_WEBRTC_DIR=${webrtcFolder()}`];
    await run('cmake', ['-S', projectFolder, '-B', build, '-G', 'Unix Makefiles', ...options]);
    const targets = nativeTargets.flatMap((name) => ['--target', `talkpath_fuzz_${name}`]);
    await run('cmake', ['--build', build, '-j', String(availableParallelism()), ...targets]);
    return 'built';
  },
};

/** Runs a command to its end, on this terminal. @returns {Promise<boolean>} whether it went well */
function runHere(command, args, environment = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: projectFolder, stdio: 'inherit', env: { ...process.env, ...environment } });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

/** A report names functions by way of addr2line, which g++ brings along. */
const symbolizer = { ASAN_OPTIONS: 'external_symbolizer_path=/usr/bin/addr2line' };

const corpusFile = (name) => join(sources, 'corpus', `${name}.txt`);
const inputsIn = (text) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

async function fuzz(name) {
  const corpus = join(work, name);
  mkdirSync(corpus, { recursive: true });
  if (existsSync(corpusFile(name))) {
    inputsIn(readFileSync(corpusFile(name), 'utf8')).forEach((line, i) => {
      writeFileSync(join(corpus, `kept-${i}`), Buffer.from(line.split(' ')[0], 'hex'));
    });
  }
  for (let i = 0; i < startInputs; i += 1) writeFileSync(join(corpus, `start-${i}`), randomBytes(startBytes));
  const program = join(build, `test/native/talkpath_fuzz_${name}`);
  const findings = join(work, `${name}-finding-`);
  const limits = [`-max_total_time=${seconds}`, '-timeout=20', '-rss_limit_mb=2000', '-max_len=600', '-len_control=0'];
  const report = [`-artifact_prefix=${findings}`, '-print_final_stats=1', '-print_funcs=0', '-verbosity=0'];
  const found = !(await runHere(program, [corpus, ...limits, ...report], symbolizer));
  for (const file of filesBelow(work).filter((file) => file.startsWith(findings))) {
    console.error(`${relative(projectFolder, file)} breaks ${name}. To keep it, a line for ${relative(projectFolder, corpusFile(name))}:`);
    console.error(readFileSync(file).toString('hex'));
  }
  if (values.keep && !found) await keep(name, program, corpus);
  return !found;
}

/** Writes the longest inputs that reach something new, and the shortest, into the corpus: after the lines that tell why they are kept. */
async function keep(name, program, corpus) {
  const merged = join(work, `${name}-merged`);
  rmSync(merged, { recursive: true, force: true });
  mkdirSync(merged);
  await runHere(program, ['-set_cover_merge=1', '-max_len=600', merged, corpus]);
  const old = existsSync(corpusFile(name)) ? readFileSync(corpusFile(name), 'utf8').split('\n') : [];
  const lines = old.filter((line) => line.includes('#'));
  const bySize = filesBelow(merged).sort((a, b) => statSync(a).size - statSync(b).size);
  for (let bytes = 0, long = true; bySize.length > 0; long = !long) {
    const line = readFileSync(long ? bySize.pop() : bySize.shift()).toString('hex');
    bytes += line.length + 1;
    if (bytes > mostKeptBytes) break;
    if (line !== '' && !lines.some((kept) => kept.split(' ')[0] === line)) lines.push(line);
  }
  writeFileSync(corpusFile(name), `${lines.join('\n')}\n`);
}

/** The specs that have properties, for the whole time: one after the other, the time shared. */
async function properties() {
  const specs = filesBelow(join(projectFolder, 'test/unit')).filter((file) => readFileSync(file, 'utf8').includes('support/property.js'));
  const names = specs.map((file) => relative(join(projectFolder, 'test/unit'), file).replace(/\.ts$/, '.js'));
  const pattern = `(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
  const count = specs.reduce((sum, file) => sum + (readFileSync(file, 'utf8').match(/\bholds(InTime)?\(/g)?.length ?? 0), 0);
  const environment = { TALKPATH_PROPERTY_MS: String(Math.ceil((seconds * 1000) / Math.max(count, 1))) };
  return runHere(process.execPath, [join(projectFolder, 'node_modules/uvu/bin.js'), 'build/test/unit', pattern], environment);
}

if (asked.some((name) => name !== 'properties')) await runSteps([clangPackages(), fuzzers]);
const failed = [];
for (const name of asked) {
  console.log(`\n== ${name}, ${seconds} s`);
  if (!(await (name === 'properties' ? properties() : fuzz(name)))) failed.push(name);
}
console.log(failed.length === 0 ? `\nnothing found in ${asked.join(', ')}` : `\nbroken: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
