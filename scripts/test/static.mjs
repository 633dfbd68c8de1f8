import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '../setup/cache.mjs';
import { npm } from '../setup/process.mjs';

/** @typedef {import('../test.mjs').Counts} Counts */

const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc');
/** Every folder that has types, scripts by way of their comments. */
const typed = ['.', 'corpus', 'test', 'benchmarks', 'scripts'];

/** Biome over everything that is written by hand. @returns {Promise<Counts>} */
export async function lint() {
  const [command, leading] = npm();
  return counted([await passes(command, [...leading, 'run', '--silent', 'lint'])]);
}

/** The compiler over all TypeScript, and over the scripts. @returns {Promise<Counts>} */
export async function types() {
  const answers = [];
  for (const project of typed) answers.push(await passes(process.execPath, [tsc, '--noEmit', '-p', project]));
  return counted(answers);
}

function counted(answers) {
  const passed = answers.filter((answer) => answer).length;
  return { passed, failed: answers.length - passed, skipped: 0 };
}

/** Runs a command on this terminal. @returns {Promise<boolean>} */
function passes(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: projectFolder, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}
