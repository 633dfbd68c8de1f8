// Runs the load benchmarks, all or those named, each with its own arguments after a colon:
//   npm run bench:load -- frames:50:60 echo-latency
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { namesOf, refuse } from './arguments.mjs';
import { projectFolder } from './setup/cache.mjs';

/** By benchmark: how many numbers it takes. */
const mostArguments = {
  setup: 0,
  'echo-latency': 1,
  frames: 2,
  'local-agent': 1,
  callers: 2,
  'barge-in': 1,
  soak: 1,
  services: 1,
  'early-reply': 1,
  faults: 1,
  cancelled: 1,
  'take-over': 1,
  clock: 1,
};
const all = Object.keys(mostArguments);
const asked = (process.argv.length > 2 ? process.argv.slice(2) : all).map((benchmark) => benchmark.split(':'));
namesOf(
  'benchmarks',
  asked.map(([name]) => name),
  all,
);
for (const [name, ...args] of asked) {
  if (args.length > mostArguments[name]) refuse(`Expected at most ${mostArguments[name]} numbers for ${name} but received ${args.length}`);
}
for (const [name, ...args] of asked) {
  const script = join(projectFolder, 'build/benchmarks/load', `${name}.js`);
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit', cwd: projectFolder });
  if (status !== 0) process.exit(status ?? 1);
}
