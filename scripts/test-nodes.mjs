// Runs the unit and integration suites on each supported Node, and closes with one line of counts for each.
//   node scripts/test-nodes.mjs [line …]     lines: 20, 22, 24. Set-up for tests must have run.
import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { namesOf } from './arguments.mjs';
import { projectFolder } from './setup/cache.mjs';
import { runSteps } from './setup/report.mjs';
import { node, nodeLines, nodeProgram } from './test/nodes.mjs';

const suites = ['unit', 'integration'];

const lines = namesOf('lines', process.argv.slice(2), nodeLines.map(String)).map(Number);

/** Runs the suites by one Node, which is also the one that they find on the PATH; its last line and whether all passed. */
function runOn(program) {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env.PATH}` };
    const child = spawn(program, ['scripts/test.mjs', ...suites], { cwd: projectFolder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      process.stdout.write(text);
    });
    child.once('close', (code) => resolve({ counts: output.trimEnd().split('\n').at(-1), passed: code === 0 }));
  });
}

const summary = [];
for (const line of lines.length > 0 ? lines : nodeLines) {
  await runSteps([node(line)]);
  console.log(`\n==== Node ${line}`);
  const { counts, passed } = await runOn(nodeProgram(line));
  summary.push(`Node ${line}: ${counts}`);
  if (!passed) process.exitCode = 1;
}
console.log(`\n${summary.join('\n')}`);
