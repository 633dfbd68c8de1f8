import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFolder } from '../setup/cache.mjs';
import { run } from '../setup/process.mjs';
import { runSteps } from '../setup/report.mjs';
import { webrtcFolder } from '../setup/webrtc.mjs';
import { speechFolder } from './speech.mjs';

const longestSuiteMs = 10 * 60_000;

const folderOf = (sanitize) => join(projectFolder, 'build', sanitize ? `native-tests-${sanitize}` : 'native-tests');

/** Step: the native tests, one program a native folder. CMake knows what is up to date. */
function buildStep(sanitize) {
  const folder = folderOf(sanitize);
  return {
    title: sanitize ? `native tests (${sanitize} sanitizer)` : 'native tests',
    upToDate: async () => false,
    async run(report) {
      report.progress('configuring');
      const options = ['-DTALKPATH_TESTS=ON', `-DTALKPATH_SANITIZE=${sanitize}`, `-DTALKPATH_WEBRTC_DIR=${webrtcFolder()}`];
      await run('cmake', ['-S', projectFolder, '-B', folder, '-G', 'Unix Makefiles', ...options]);
      await run('cmake', ['--build', folder, '-j', String(availableParallelism())], {
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
  return { ...process.env, TALKPATH_SPEECH_DIR: speechFolder() ?? '' };
}

/** Runs one test program, shows what it says, and counts. One that dies is a failure, whatever it had counted. */
function runProgram(program, env) {
  return new Promise((resolve) => {
    const child = spawn(program, ['--gtest_brief=1'], {
      cwd: projectFolder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: longestSuiteMs,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      process.stdout.write(text);
    });
    const count = (pattern) => Number(pattern.exec(output)?.[1] ?? 0);
    const finish = (code) => {
      const ran = count(/^\[={10}\] (\d+) tests? from .* ran\./m);
      const passed = count(/^\[ {2}PASSED {2}\] (\d+) tests?\./m);
      const skipped = count(/^\[ {2}SKIPPED \] (\d+) tests?\./m);
      resolve({ passed, skipped, failed: Math.max(ran - passed - skipped, code === 0 && ran > 0 ? 0 : 1) });
    };
    child.once('error', () => finish(1));
    child.once('close', finish);
  });
}

/**
 * Builds and runs test/native. Programs run one after the other: some of them keep time.
 * @param {{ sanitize?: '' | 'address' | 'thread' }} options a sanitizer has a build folder of its own
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runNativeTests({ sanitize = '' } = {}) {
  await runSteps([buildStep(sanitize)]);
  const env = await withSpeech();
  const folder = join(folderOf(sanitize), 'test/native');
  const programs = readdirSync(folder)
    .filter((name) => /^talkpath_\w+_tests$/.test(name))
    .sort();
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const program of programs) {
    console.log(program);
    const counts = await runProgram(join(folder, program), env);
    for (const key of Object.keys(sum)) sum[key] += counts[key];
  }
  return sum;
}
