// Runs the load benchmarks, all or those named, each with its own arguments after a colon:
//   npm run bench:load -- frames:50:60 echo-latency
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { namesOf } from './arguments.mjs';
import { projectFolder } from './setup/cache.mjs';

const all = ['setup', 'echo-latency', 'frames', 'local-agent', 'callers', 'barge-in', 'soak', 'clock'];
const asked = (process.argv.length > 2 ? process.argv.slice(2) : all).map((benchmark) => benchmark.split(':'));
namesOf(
  'benchmarks',
  asked.map(([name]) => name),
  all,
);
for (const [name, ...args] of asked) {
  const script = join(projectFolder, 'build/benchmarks/load', `${name}.js`);
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit', cwd: projectFolder });
  if (status !== 0) process.exit(status ?? 1);
}
