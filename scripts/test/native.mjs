import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFolder } from '../setup/cache.mjs';
import { clangOptions, clangPackages } from '../setup/debian.mjs';
import { run } from '../setup/process.mjs';
import { runSteps } from '../setup/report.mjs';
import { webrtcFolder } from '../setup/webrtc.mjs';
import { failuresIn } from './failures.mjs';
import { speechFolder } from './speech.mjs';

const longestSuiteMs = 20 * 60_000;
/** These hold real threads to the clock, and have the machine to themselves. */
const timekeepers = ['talkpath_base_tests', 'talkpath_engine_tests'];
const longest = ['talkpath_session_tests', 'talkpath_dsp_tests'];
const longestFirst = (one, other) => longest.indexOf(other) - longest.indexOf(one);
/** A report of Clang's names functions by way of addr2line, which g++ brings along. */
const reports = { RTSAN_OPTIONS: 'external_symbolizer_path=/usr/bin/addr2line' };

const folderOf = (sanitize) => join(projectFolder, 'build', sanitize ? `native-tests-${sanitize}` : 'native-tests');

/** Step: the native tests, one program a native folder, or one target of theirs. CMake knows what is up to date. */
function buildStep(sanitize, target = 'all') {
  const folder = folderOf(sanitize);
  return {
    title: sanitize ? `native tests (${sanitize} sanitizer)` : 'native tests',
    upToDate: async () => false,
    async run(report) {
      report.progress('configuring');
      const options = ['-DTALKPATH_TESTS=ON', `-DTALKPATH_SANITIZE=${sanitize}`, `-DTALKPATH_WEBRTC_DIR=${webrtcFolder()}`];
      if (sanitize === 'realtime') options.push(...clangOptions);
      await run('cmake', ['-S', projectFolder, '-B', folder, '-G', 'Unix Makefiles', ...options]);
      await run('cmake', ['--build', folder, '--target', target, '-j', String(availableParallelism())], {
        onLine: (line) => {
          const percent = /^\[\s*(\d+)%\]/.exec(line)?.[1];
          if (percent) report.progress(`compiling ${percent} %`);
        },
      });
      return 'built';
    },
  };
}

/** Names the recordings to the tests; without them those that need a voice are skipped, or fail where they must run. */
async function withSpeech() {
  const fetch = fileURLToPath(new URL('fetch.mjs', import.meta.url));
  if (!speechFolder()) await run(process.execPath, [fetch, 'speech']).catch((error) => console.error(error.message));
  return { ...process.env, ...reports, TALKPATH_SPEECH_DIR: speechFolder() ?? '' };
}

/** Builds one target of test/native, and returns the folder of the build. */
export async function buildNativeTests({ target, sanitize = '' }) {
  await runSteps([buildStep(sanitize, target)]);
  return folderOf(sanitize);
}

/** Runs one test program, shows what it said, and counts. One that dies is a failure, whatever it had counted. */
function runProgram(folder, program, env) {
  return new Promise((resolve) => {
    const child = spawn(join(folder, program), ['--gtest_brief=1'], {
      cwd: projectFolder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longestSuiteMs,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const count = (pattern) => Number(pattern.exec(output)?.[1] ?? 0);
    const finish = (code) => {
      process.stdout.write(`${program}\n${output}`);
      const ran = count(/^\[={10}\] (\d+) tests? from .* ran\./m);
      const passed = count(/^\[ {2}PASSED {2}\] (\d+) tests?\./m);
      const skipped = count(/^\[ {2}SKIPPED \] (\d+) tests?\./m);
      resolve({ passed, skipped, failures: failuresIn(output), failed: Math.max(ran - passed - skipped, code === 0 && ran > 0 ? 0 : 1) });
    };
    child.once('error', () => finish(1));
    child.once('close', finish);
  });
}

/**
 * Builds and runs test/native. Programs that keep time run one after the other, then the others, a core each.
 * @param {{ sanitize?: '' | 'address' | 'thread' | 'realtime' }} options a sanitizer has a build folder of its own
 * @returns {Promise<import('../test.mjs').Counts>}
 */
export async function runNativeTests({ sanitize = '' } = {}) {
  await runSteps([...(sanitize === 'realtime' ? [clangPackages()] : []), buildStep(sanitize)]);
  const env = await withSpeech();
  const folder = join(folderOf(sanitize), 'test/native');
  const programs = readdirSync(folder).filter((name) => /^talkpath_\w+_tests$/.test(name));
  const alone = programs.filter((name) => timekeepers.includes(name));
  const others = programs.filter((name) => !alone.includes(name)).sort(longestFirst);
  const sum = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const runAll = async (queue) => {
    for (let program = queue.shift(); program; program = queue.shift()) {
      const counts = await runProgram(folder, program, env);
      for (const key of ['passed', 'failed', 'skipped']) sum[key] += counts[key];
      sum.failures.push(...counts.failures);
    }
  };
  await runAll(alone);
  await Promise.all(Array.from({ length: availableParallelism() }, () => runAll(others)));
  return sum;
}
