// Simulates a call on a clock of its own and prints what came of it:
//   npm run simulate -- --seed 1 --minutes 60
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { projectFolder } from './setup/cache.mjs';
import { buildNativeTests } from './test/native.mjs';

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, minutes: { type: 'string', default: '60' } } });
/** @type {[string, string, number][]} */
const numbers = [
  ['seed', values.seed, 2 ** 53],
  ['minutes', values.minutes, 10_000],
];
for (const [name, value, most] of numbers) {
  if (/^\d+$/.test(value) && Number(value) <= most) continue;
  console.error(`Expected integer between 0 and ${most} for --${name} but received ${JSON.stringify(value)}`);
  process.exit(2);
}
const folder = await buildNativeTests({ target: 'talkpath_simulate' });
const { status } = spawnSync(`${folder}/test/native/talkpath_simulate`, [values.seed, values.minutes], { stdio: 'inherit', cwd: projectFolder });
process.exit(status ?? 1);
